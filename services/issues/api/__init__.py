"""HTTP: request to use case to answer."""

from services.issues.api import cards, following, imports, issues, meetings, rules, surveys

ROUTERS = (rules.router, imports.router, cards.router, following.router, issues.router, meetings.router, surveys.router)
"""Fixed paths stand before paths with an id."""
