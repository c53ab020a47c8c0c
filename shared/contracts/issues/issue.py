"""What happens to a resident's matter."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from shared.contracts.message import Message


class IssueRegistered(Message, type="issues.issue_registered.v1", aggregate="issue_id"):
    """A matter was put on record; the reporter gets a receipt at once."""

    issue_id: UUID
    number: str
    kind: str
    category: str
    source: str
    reported_by: UUID | None = None
    building_id: UUID | None = None
    severity: str = "general"
    compound_id: UUID | None = None
    grid_id: UUID | None = None
    filed_by: UUID | None = Field(default=None, description="Who put it on record for the reporter")
    origin_id: UUID | None = Field(default=None, description="Meeting, patrol finding or visit it came from")


class IssueAccepted(Message, type="issues.issue_accepted.v1", aggregate="issue_id"):
    """The office took the matter in and set its tier."""

    issue_id: UUID
    number: str
    category: str
    tier: str
    accepted_by: UUID
    reported_by: UUID | None = None
    due_at: datetime | None = None


class IssuePlacedOnAgenda(Message, type="issues.issue_placed_on_agenda.v1", aggregate="issue_id"):
    """The matter will be discussed at a dated meeting."""

    issue_id: UUID
    number: str
    category: str
    meeting_id: UUID
    meeting_starts_at: datetime
    reported_by: UUID | None = None


class IssueAssigned(Message, type="issues.issue_assigned.v1", aggregate="issue_id"):
    """A responsible party got the matter, with record, deadline and plan."""

    issue_id: UUID
    number: str
    category: str
    responsible_organisation: UUID
    due_at: datetime
    meeting_id: UUID | None = None
    reported_by: UUID | None = None


class IssueSigned(Message, type="issues.issue_signed.v1", aggregate="issue_id"):
    """The responsible party signed for the matter and works on it."""

    issue_id: UUID
    number: str
    category: str
    responsible_organisation: UUID
    signed_by: UUID
    reported_by: UUID | None = None


class IssueResolved(Message, type="issues.issue_resolved.v1", aggregate="issue_id"):
    """The responsible party says the work is done; the reporter is asked to confirm and rate."""

    issue_id: UUID
    number: str
    category: str
    outcome: str
    resolved_by: UUID
    responsible_organisation: UUID | None = None
    reported_by: UUID | None = None
    round: int = 1
    quantity_kind: str | None = None
    quantity: int | None = None


class IssueRated(Message, type="issues.issue_rated.v1", aggregate="issue_id"):
    """The reporter answered the call-back: solved or not, satisfied or not."""

    issue_id: UUID
    number: str
    category: str
    solved: bool
    satisfaction: int
    responsible_organisation: UUID | None = None
    rated_by: UUID
    round: int = 1


class IssueClosed(Message, type="issues.issue_closed.v1", aggregate="issue_id"):
    """The matter is finished, with its outcome."""

    issue_id: UUID
    number: str
    category: str
    outcome: str
    closed_by: UUID
    reported_by: UUID | None = None
    responsible_organisation: UUID | None = None


class IssueReopened(Message, type="issues.issue_reopened.v1", aggregate="issue_id"):
    """The matter was not solved after all; the responsible party works on it again."""

    issue_id: UUID
    number: str
    category: str
    round: int
    reopened_by: UUID
    responsible_organisation: UUID | None = None
    reported_by: UUID | None = None


class IssueWithdrawn(Message, type="issues.issue_withdrawn.v1", aggregate="issue_id"):
    """The reporter took the matter back."""

    issue_id: UUID
    number: str
    category: str
    withdrawn_by: UUID
    reported_by: UUID | None = None
    responsible_organisation: UUID | None = None


class IssueFoundRepeated(Message, type="issues.issue_found_repeated.v1", aggregate="issue_id"):
    """The same kind of matter happened in the same building not long before; it belongs on an agenda. `times` counts this one too."""

    issue_id: UUID
    number: str
    category: str
    earlier_issue_id: UUID
    times: int
    building_id: UUID | None = None
