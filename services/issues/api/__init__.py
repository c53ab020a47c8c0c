"""HTTP: request to use case to answer."""

from services.issues.api import (
    cards,
    following,
    imports,
    issues,
    meeting_attendance,
    meeting_roster,
    meetings,
    patrols,
    routing,
    rules,
    search,
    steps_confirming,
    steps_handling,
    steps_intake,
    steps_proposals,
    surveys,
    whistles,
)

ROUTERS = (
    rules.router,
    imports.router,
    cards.router,
    following.router,
    search.router,
    routing.router,
    issues.router,
    steps_intake.router,
    steps_handling.router,
    steps_proposals.router,
    steps_confirming.router,
    meeting_roster.router,
    meeting_attendance.router,
    meetings.router,
    patrols.router,
    surveys.router,
    whistles.router,
)
"""Fixed paths stand before paths with an id."""
