"""Between whistles and their rows."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import RowMapping

from services.issues.domain.called_unit import CalledUnit, WhistleRating
from services.issues.domain.whistle import Whistle
from services.issues.domain.whistle_history import WhistleEntry
from services.issues.domain.words.issues import IssueKind
from services.issues.domain.words.whistles import ArrivalProof, UnitState, WhistleLevel, WhistleState, WhistleVerb

_PLAIN = (
    "organisation",
    "due_at",
    "acknowledged_by",
    "acknowledged_at",
    "refused_by",
    "refused_at",
    "refusal",
    "arrived_by",
    "arrived_at",
    "arrival_place",
    "arrival_checked_by",
    "missed_at",
    "done_by",
    "done_at",
    "result",
    "released_by",
    "released_at",
    "release_reason",
)
"""Columns of a unit that are stored as they are."""


def whistle_of(row: RowMapping, units: Iterable[RowMapping]) -> Whistle:
    """The whistle of its rows."""
    return Whistle(
        id=row["id"],
        issue_id=row["issue_id"],
        issue_number=row["issue_number"],
        issue_kind=IssueKind(row["issue_kind"]),
        category=row["category"],
        level=WhistleLevel(row["level"]),
        why=row["why"],
        place=row["place"],
        blown_by=row["blown_by"],
        blown_at=row["blown_at"],
        units=tuple(unit_of(unit) for unit in units),
        state=WhistleState(row["state"]),
        ended_at=row["ended_at"],
        version=row["version"],
    )


def unit_of(row: RowMapping) -> CalledUnit:
    """The called unit of a row."""
    return CalledUnit(
        **{name: row[name] for name in _PLAIN},
        state=UnitState(row["state"]),
        arrival_proof=ArrivalProof(row["arrival_proof"]) if row["arrival_proof"] else None,
        rating_of_unit=_rating(
            row["score_of_unit"], row["comment_of_unit"], row["unit_rated_by"], row["unit_rated_at"]
        ),
        rating_by_unit=_rating(
            row["score_by_unit"], row["comment_by_unit"], row["rated_by_unit"], row["rated_by_unit_at"]
        ),
    )


def new_whistle_row(whistle: Whistle) -> dict[str, Any]:
    """What is written once."""
    return {
        "id": whistle.id,
        "issue_id": whistle.issue_id,
        "issue_number": whistle.issue_number,
        "issue_kind": whistle.issue_kind.value,
        "category": whistle.category,
        "level": whistle.level.value,
        "why": whistle.why,
        "place": whistle.place,
        "blown_by": whistle.blown_by,
        "blown_at": whistle.blown_at,
        "version": whistle.version,
        **changed_whistle(whistle),
    }


def changed_whistle(whistle: Whistle) -> dict[str, Any]:
    """What can change."""
    return {"state": whistle.state.value, "missed": whistle.is_missed, "ended_at": whistle.ended_at}


def unit_row(whistle: Whistle, position: int, unit: CalledUnit) -> dict[str, Any]:
    """The row of a unit."""
    of_unit, by_unit = unit.rating_of_unit, unit.rating_by_unit
    return {
        "whistle_id": whistle.id,
        "issue_id": whistle.issue_id,
        "position": position,
        "level": whistle.level.value,
        "called_at": whistle.blown_at,
        "state": unit.state.value,
        "arrival_proof": unit.arrival_proof.value if unit.arrival_proof else None,
        "score_of_unit": of_unit.score if of_unit else None,
        "comment_of_unit": of_unit.comment if of_unit else None,
        "unit_rated_by": of_unit.by if of_unit else None,
        "unit_rated_at": of_unit.at if of_unit else None,
        "score_by_unit": by_unit.score if by_unit else None,
        "comment_by_unit": by_unit.comment if by_unit else None,
        "rated_by_unit": by_unit.by if by_unit else None,
        "rated_by_unit_at": by_unit.at if by_unit else None,
        **{name: getattr(unit, name) for name in _PLAIN},
    }


def entry_row(whistle: Whistle, entry: WhistleEntry) -> dict[str, Any]:
    """The row of something that happened."""
    return {
        "whistle_id": whistle.id,
        "id": entry.id,
        "verb": entry.verb.value,
        "organisation": entry.organisation,
        "done_by": entry.by,
        "at": entry.at,
        "note": entry.note,
        "details": dict(entry.details),
    }


def entry_of(row: RowMapping) -> WhistleEntry:
    """What happened, from its row."""
    return WhistleEntry(
        row["id"],
        WhistleVerb(row["verb"]),
        row["organisation"],
        row["done_by"],
        row["at"],
        row["note"],
        row["details"],
    )


def _rating(score: int | None, comment: str | None, by: Any, at: Any) -> WhistleRating | None:
    return None if score is None else WhistleRating(score, comment, by, at)
