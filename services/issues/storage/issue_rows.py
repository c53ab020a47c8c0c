"""Issues as rows and back. The hot statement and the plain store write the same columns."""

from typing import Any

from sqlalchemy import RowMapping

from services.issues.domain.assignment import Assignment
from services.issues.domain.card import Card
from services.issues.domain.history import HistoryEntry
from services.issues.domain.issue import Issue
from services.issues.domain.place import Place
from services.issues.domain.resolution import Quantity, Rating, Resolution
from services.issues.domain.words.issues import IssueKind, Level, Outcome, QuantityKind, Source, State, Tier, Verb
from services.issues.domain.words.publicity import Consent


def new_issue_row(issue: Issue) -> dict[str, Any]:
    """The columns of an issue that was just put on record; all others are empty."""
    return {
        "id": issue.id,
        "number": issue.number,
        "kind": issue.kind.value,
        "category": issue.category,
        "severity": issue.severity.value,
        "building_id": issue.place.building_id,
        "place_text": issue.place.text,
        "title": issue.title,
        "text": issue.text,
        "source": issue.source.value,
        "reported_by": issue.reported_by,
        "registered_at": issue.registered_at,
        "reported_at": issue.reported_at,
        "state": issue.state.value,
        "round": issue.round,
        "consent": issue.consent.value,
        "version": issue.version,
    }


def changed_columns(issue: Issue) -> dict[str, Any]:
    """The columns that steps may change."""
    assignment, resolution, rating, card = issue.assignment, issue.resolution, issue.rating, issue.card
    quantity = resolution.quantity if resolution else None
    return {
        "state": issue.state.value,
        "tier": issue.tier.value if issue.tier else None,
        "solve_by": issue.solve_by,
        "record": assignment.record if assignment else None,
        "responsible_organisation": assignment.responsible_organisation if assignment else None,
        "deadline": assignment.deadline if assignment else None,
        "plan": assignment.plan if assignment else None,
        "meeting_id": issue.meeting_id,
        "outcome": issue.outcome.value if issue.outcome else None,
        "public_reply": resolution.public_reply if resolution else None,
        "level": resolution.level.value if resolution else None,
        "resolved_by": resolution.resolved_by if resolution else None,
        "quantity_kind": quantity.kind.value if quantity else None,
        "quantity": quantity.amount if quantity else None,
        "rated_round": rating.round if rating else None,
        "rated_solved": rating.solved if rating else None,
        "satisfaction": rating.satisfaction if rating else None,
        "rating_comment": rating.comment if rating else None,
        "rated_by": rating.rated_by if rating else None,
        "rated_at": rating.at if rating else None,
        "accepted_at": issue.accepted_at,
        "discussed_at": issue.discussed_at,
        "assigned_at": issue.assigned_at,
        "signed_at": issue.signed_at,
        "resolved_at": issue.resolved_at,
        "closed_at": issue.closed_at,
        "round": issue.round,
        "consent": issue.consent.value,
        "card_title": card.title if card else None,
        "card_summary": card.summary if card else None,
        "card_shows_building": card.shows_building if card else None,
        "published_at": card.published_at if card else None,
        "published_by": card.published_by if card else None,
    }


def history_row(issue: Issue, entry: HistoryEntry) -> dict[str, Any]:
    """One step of an issue."""
    return {
        "issue_id": issue.id,
        "id": entry.id,
        "verb": entry.verb.value,
        "from_state": entry.source.value if entry.source else None,
        "to_state": entry.target.value,
        "done_by": entry.by,
        "at": entry.at,
        "note": entry.note,
        "round": entry.round,
        "details": dict(entry.details),
    }


def issue_of(row: RowMapping) -> Issue:
    """The issue of a row."""
    return Issue(
        id=row["id"],
        number=row["number"],
        kind=IssueKind(row["kind"]),
        category=row["category"],
        severity=Tier(row["severity"]),
        place=Place(row["building_id"], row["place_text"]),
        title=row["title"],
        text=row["text"],
        source=Source(row["source"]),
        reported_by=row["reported_by"],
        registered_at=row["registered_at"],
        reported_at=row["reported_at"],
        state=State(row["state"]),
        tier=Tier(row["tier"]) if row["tier"] else None,
        solve_by=row["solve_by"],
        assignment=_assignment_of(row),
        meeting_id=row["meeting_id"],
        resolution=_resolution_of(row),
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        rating=_rating_of(row),
        accepted_at=row["accepted_at"],
        discussed_at=row["discussed_at"],
        assigned_at=row["assigned_at"],
        signed_at=row["signed_at"],
        resolved_at=row["resolved_at"],
        closed_at=row["closed_at"],
        round=row["round"],
        consent=Consent(row["consent"]),
        card=_card_of(row),
        joined=row["joined"],
        version=row["version"],
    )


def history_entry_of(row: RowMapping) -> HistoryEntry:
    """One step of an issue, from its row."""
    return HistoryEntry(
        id=row["id"],
        verb=Verb(row["verb"]),
        source=State(row["from_state"]) if row["from_state"] else None,
        target=State(row["to_state"]),
        by=row["done_by"],
        at=row["at"],
        note=row["note"],
        round=row["round"],
        details=row["details"],
    )


def _assignment_of(row: RowMapping) -> Assignment | None:
    if row["responsible_organisation"] is None:
        return None
    return Assignment(row["record"], row["responsible_organisation"], row["deadline"], row["plan"])


def _resolution_of(row: RowMapping) -> Resolution | None:
    if row["public_reply"] is None:
        return None
    quantity = Quantity(QuantityKind(row["quantity_kind"]), row["quantity"]) if row["quantity_kind"] else None
    return Resolution(row["public_reply"], Level(row["level"]), row["resolved_by"], quantity)


def _card_of(row: RowMapping) -> Card | None:
    if row["published_at"] is None:
        return None
    return Card(
        row["card_title"], row["card_summary"], row["card_shows_building"], row["published_at"], row["published_by"]
    )


def _rating_of(row: RowMapping) -> Rating | None:
    if row["rated_round"] is None:
        return None
    return Rating(
        row["rated_round"],
        row["rated_solved"],
        row["satisfaction"],
        row["rating_comment"],
        row["rated_by"],
        row["rated_at"],
    )
