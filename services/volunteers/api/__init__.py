"""The HTTP interface."""

from services.volunteers.api import adjustments, holds, points, points_rules, volunteers, wishes

ROUTERS = (
    wishes.router,
    volunteers.router,
    points.router,
    holds.router,
    adjustments.router,
    points_rules.router,
)
"""All routes of the service."""
