"""Issues as rows and back. The hot statement and the plain store write the same columns."""

from typing import Any

from sqlalchemy import RowMapping

from services.issues.domain.history import HistoryEntry
from services.issues.domain.issue import Issue
from services.issues.domain.words.issues import BroughtUp, IssueKind, Outcome, Source, State, Tier, Verb
from services.issues.domain.words.publicity import Consent
from services.issues.storage.filing_parts import filing_columns, filing_of, place_columns, place_of
from services.issues.storage.issue_parts import (
    assignment_columns,
    assignment_of,
    card_columns,
    card_of,
    deferral_columns,
    deferral_of,
    dismissal_columns,
    dismissal_of,
    proposal_columns,
    proposal_of,
    rating_columns,
    rating_of,
    resolution_columns,
    resolution_of,
)

AS_THEY_ARE = (
    "repeat_of",
    "solve_by",
    "extended_to",
    "extension_asked",
    "sign_by",
    "answer_by",
    "verify_by",
    "promised_by",
    "open_tasks",
    "meeting_id",
    "merged_into",
    "awaits_subdistrict",
    "returns",
    "pauses",
    "paused",
    "waiting_since",
    "question",
    "unanswered",
    "contacted_at",
    "accepted_at",
    "discussed_at",
    "assigned_at",
    "signed_at",
    "objected_at",
    "resolved_at",
    "reopened_at",
    "closed_at",
    "round",
)
"""What steps may change and what is the same in the row as in the issue."""


def new_issue_row(issue: Issue) -> dict[str, Any]:
    """The columns of an issue that was just put on record; all others are empty."""
    return {
        "id": issue.id,
        "number": issue.number,
        "kind": issue.kind.value,
        "category": issue.category,
        "severity": issue.severity.value,
        **place_columns(issue.place),
        "title": issue.title,
        "text": issue.text,
        "source": issue.source.value,
        "reported_by": issue.reported_by,
        **filing_columns(issue.filing),
        "registered_at": issue.registered_at,
        "reported_at": issue.reported_at,
        "promised_by": issue.promised_by,
        "state": issue.state.value,
        "round": issue.round,
        "consent": issue.consent.value,
        "version": issue.version,
    }


def changed_columns(issue: Issue) -> dict[str, Any]:
    """The columns that steps may change."""
    return {
        "category": issue.category,
        "severity": issue.severity.value,
        "kind": issue.kind.value,
        "state": issue.state.value,
        "tier": issue.tier.value if issue.tier else None,
        **assignment_columns(issue.assignment),
        **resolution_columns(issue.resolution),
        **rating_columns(issue.rating),
        **proposal_columns(issue.proposal),
        **dismissal_columns(issue.dismissal),
        **deferral_columns(issue.deferral),
        **card_columns(issue.card),
        "consent": issue.consent.value,
        "outcome": issue.outcome.value if issue.outcome else None,
        "brought_up": issue.brought_up.value if issue.brought_up else None,
        "co_handlers": sorted(issue.co_handlers),
        **{name: getattr(issue, name) for name in AS_THEY_ARE},
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
        place=place_of(row),
        title=row["title"],
        text=row["text"],
        source=Source(row["source"]),
        reported_by=row["reported_by"],
        filing=filing_of(row),
        registered_at=row["registered_at"],
        reported_at=row["reported_at"],
        state=State(row["state"]),
        tier=Tier(row["tier"]) if row["tier"] else None,
        assignment=assignment_of(row),
        co_handlers=frozenset(row["co_handlers"]),
        resolution=resolution_of(row),
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        rating=rating_of(row),
        proposal=proposal_of(row),
        dismissal=dismissal_of(row),
        deferral=deferral_of(row),
        consent=Consent(row["consent"]),
        card=card_of(row),
        joined=row["joined"],
        urged=row["urged"],
        reporter_urged_at=row["reporter_urged_at"],
        brought_up=BroughtUp(row["brought_up"]) if row["brought_up"] else None,
        overdue_level=row["overdue_level"],
        version=row["version"],
        **{name: row[name] for name in AS_THEY_ARE},
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
