"""The parts of an issue as columns and back: each is whole or absent."""

from typing import Any

from sqlalchemy import RowMapping

from services.issues.domain.assignment import Assignment
from services.issues.domain.card import Card
from services.issues.domain.proposal import Deferral, Dismissal, Proposal
from services.issues.domain.resolution import Quantity, Rating, Resolution
from services.issues.domain.words.issues import DismissalReason, Level, Outcome, ProposalKind, QuantityKind


def assignment_columns(known: Assignment | None) -> dict[str, Any]:
    """All four, or none."""
    return {
        "record": known.record if known else None,
        "responsible_organisation": known.responsible_organisation if known else None,
        "deadline": known.deadline if known else None,
        "plan": known.plan if known else None,
    }


def assignment_of(row: RowMapping) -> Assignment | None:
    """The assignment of a row."""
    if row["responsible_organisation"] is None:
        return None
    return Assignment(row["record"], row["responsible_organisation"], row["deadline"], row["plan"])


def resolution_columns(known: Resolution | None) -> dict[str, Any]:
    """What whoever resolved it says."""
    quantity = known.quantity if known else None
    return {
        "public_reply": known.public_reply if known else None,
        "level": known.level.value if known else None,
        "resolved_by": known.resolved_by if known else None,
        "claimed_outcome": known.outcome.value if known else None,
        "quantity_kind": quantity.kind.value if quantity else None,
        "quantity": quantity.amount if quantity else None,
    }


def resolution_of(row: RowMapping) -> Resolution | None:
    """The resolution of a row. Rows of before the claimed outcome was kept have it in `outcome`."""
    if row["public_reply"] is None:
        return None
    quantity = Quantity(QuantityKind(row["quantity_kind"]), row["quantity"]) if row["quantity_kind"] else None
    claimed = Outcome(row["claimed_outcome"] or row["outcome"])
    return Resolution(row["public_reply"], Level(row["level"]), row["resolved_by"], claimed, quantity)


def rating_columns(known: Rating | None) -> dict[str, Any]:
    """The reporter's answer of a round."""
    return {
        "rated_round": known.round if known else None,
        "rated_solved": known.solved if known else None,
        "satisfaction": known.satisfaction if known else None,
        "rating_comment": known.comment if known else None,
        "rated_by": known.rated_by if known else None,
        "rated_at": known.at if known else None,
    }


def rating_of(row: RowMapping) -> Rating | None:
    """The rating of a row."""
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


def proposal_columns(known: Proposal | None) -> dict[str, Any]:
    """What waits for a second person."""
    return {
        "proposal_kind": known.kind.value if known else None,
        "proposal_reason": known.reason if known else None,
        "proposed_by": known.by if known else None,
        "proposed_at": known.at if known else None,
        "proposed_reason_code": known.reason_code.value if known and known.reason_code else None,
        "proposed_refer_to": known.refer_to if known else None,
        "proposed_until": known.until if known else None,
        "proposed_historical": known.historical if known else False,
    }


def proposal_of(row: RowMapping) -> Proposal | None:
    """The pending proposal of a row."""
    if row["proposal_kind"] is None:
        return None
    code = row["proposed_reason_code"]
    return Proposal(
        kind=ProposalKind(row["proposal_kind"]),
        reason=row["proposal_reason"],
        by=row["proposed_by"],
        at=row["proposed_at"],
        reason_code=DismissalReason(code) if code else None,
        refer_to=row["proposed_refer_to"],
        until=row["proposed_until"],
        historical=row["proposed_historical"],
    )


def dismissal_columns(known: Dismissal | None) -> dict[str, Any]:
    """Why it was not taken in."""
    return {
        "dismissal_reason": known.reason_code.value if known else None,
        "refer_to": known.refer_to if known else None,
    }


def dismissal_of(row: RowMapping) -> Dismissal | None:
    """The dismissal of a row."""
    if row["dismissal_reason"] is None:
        return None
    return Dismissal(DismissalReason(row["dismissal_reason"]), row["refer_to"])


def deferral_columns(known: Deferral | None) -> dict[str, Any]:
    """Until when it is put off."""
    return {
        "review_at": known.review_at if known else None,
        "deferred_at": known.since if known else None,
        "historical": known.historical if known else False,
    }


def deferral_of(row: RowMapping) -> Deferral | None:
    """The deferral of a row."""
    if row["review_at"] is None:
        return None
    return Deferral(row["review_at"], row["deferred_at"], row["historical"])


def card_columns(known: Card | None) -> dict[str, Any]:
    """What neighbours see."""
    return {
        "card_title": known.title if known else None,
        "card_summary": known.summary if known else None,
        "card_shows_building": known.shows_building if known else None,
        "published_at": known.published_at if known else None,
        "published_by": known.published_by if known else None,
    }


def card_of(row: RowMapping) -> Card | None:
    """The public card of a row."""
    if row["published_at"] is None:
        return None
    return Card(
        row["card_title"], row["card_summary"], row["card_shows_building"], row["published_at"], row["published_by"]
    )
