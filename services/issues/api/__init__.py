"""HTTP: request to use case to answer."""

from services.issues.api import imports, issues, meetings, rules

ROUTERS = (rules.router, imports.router, issues.router, meetings.router)
"""Fixed paths stand before paths with an id."""
