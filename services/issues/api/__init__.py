"""HTTP: request to use case to answer."""

from services.issues.api import imports, issues, meetings, rules, surveys

ROUTERS = (rules.router, imports.router, issues.router, meetings.router, surveys.router)
"""Fixed paths stand before paths with an id."""
