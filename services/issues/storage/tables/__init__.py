"""Tables of issues. DDL, rights and row-level security stand in `migrations/`; a test compares the two."""

from services.issues.storage.tables import (
    clocks,
    contacts,
    following,
    issues,
    master_data,
    mediations,
    meetings,
    patrols,
    photos,
    reports,
    roster,
    routing,
    search,
    surveys,
    whistles,
    work,
)
from services.issues.storage.tables.parts import metadata

__all__ = [
    "clocks",
    "contacts",
    "following",
    "issues",
    "master_data",
    "mediations",
    "meetings",
    "metadata",
    "patrols",
    "photos",
    "reports",
    "roster",
    "routing",
    "search",
    "surveys",
    "whistles",
    "work",
]
