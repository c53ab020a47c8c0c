"""What happened to an issue, step by step. Entries are only ever added."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from services.issues.domain.words.issues import State, Verb
from shared.ids import new_id


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """Who did what, from which state to which, when, and with what note."""

    id: UUID
    verb: Verb
    source: State | None
    target: State
    by: UUID
    at: datetime
    note: str | None = None
    round: int = 1
    details: Mapping[str, str | int | bool] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        verb: Verb,
        source: State | None,
        target: State,
        by: UUID,
        at: datetime,
        *,
        note: str | None,
        round_: int,
        details: Mapping[str, Any],
    ) -> "HistoryEntry":
        """A new entry; details are kept as plain values, absent ones left out."""
        plain = {key: _plain(value) for key, value in details.items() if value is not None}
        return cls(new_id(), verb, source, target, by, at, note, round_, plain)


def _plain(value: Any) -> str | int | bool:
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, int) else str(value)
