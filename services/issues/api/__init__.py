"""HTTP: request to use case to answer."""

from services.issues.api import cards, following, imports, issues, meetings, patrols, routing, rules, search, surveys

ROUTERS = (
    rules.router,
    imports.router,
    cards.router,
    following.router,
    search.router,
    routing.router,
    issues.router,
    meetings.router,
    patrols.router,
    surveys.router,
)
"""Fixed paths stand before paths with an id."""
