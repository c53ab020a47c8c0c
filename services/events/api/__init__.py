"""HTTP operations of events, one file per subject."""

from services.events.api import check_ins, events, registrations

ROUTERS = (registrations.router, events.router, check_ins.router)
"""All operations; those with a fixed path before those with an id in its place."""
