"""What happened to a whistle, step by step. Entries are only ever added."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.issues.domain.words.whistles import WhistleVerb


@dataclass(frozen=True, slots=True)
class WhistleEntry:
    """Who did what, for which unit (None: for the whole whistle), when, and in which words."""

    id: UUID
    verb: WhistleVerb
    organisation: UUID | None
    by: UUID
    at: datetime
    note: str | None = None
    details: Mapping[str, str | int] = field(default_factory=dict)
