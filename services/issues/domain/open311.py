"""How an issue looks in the words of Open311 GeoReport v2: two states, a category as a service, and where it is in words."""

from datetime import datetime, timedelta
from enum import StrEnum

from services.issues.domain.issue import Issue
from services.issues.domain.words.issues import State

LONGEST_SPAN = timedelta(days=90)
"""Asked for by the specification, for both dates together and when none is given."""
TWIN_WITHIN = timedelta(minutes=10)
"""The protocol knows no idempotency key: the same matter of the same key within this time is the same request."""


class Status(StrEnum):
    """What Open311 says of a request."""

    OPEN = "open"
    CLOSED = "closed"


CLOSED_STATES = frozenset({State.CLOSED, State.DISMISSED})


def status_of(state: State) -> Status:
    """Closed is what nobody works on any more; waiting for confirmation is still open."""
    return Status.CLOSED if state in CLOSED_STATES else Status.OPEN


def updated_at(issue: Issue) -> datetime:
    """The last public step."""
    steps = (
        issue.registered_at,
        issue.accepted_at,
        issue.discussed_at,
        issue.assigned_at,
        issue.signed_at,
        issue.resolved_at,
        issue.closed_at,
    )
    return max(step for step in steps if step is not None)
