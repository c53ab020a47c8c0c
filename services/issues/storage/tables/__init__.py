"""Tables of issues. DDL, rights and row-level security stand in `migrations/`; a test compares the two."""

from services.issues.storage.tables import following, issues, master_data, meetings, patrols, routing, search, surveys
from services.issues.storage.tables.parts import metadata

__all__ = ["following", "issues", "master_data", "meetings", "metadata", "patrols", "routing", "search", "surveys"]
from services.issues.storage.tables import (
    roster,
)

__all__ = [
    "following",
    "issues",
    "master_data",
    "meetings",
    "metadata",
    "patrols",
    "roster",
    "search",
    "surveys",
]
