"""What the office does with a matter before anybody works on it."""

from datetime import datetime
from uuid import UUID

from shared.contracts.message import Message


class IssueRecategorised(Message, type="issues.issue_recategorised.v1", aggregate="issue_id"):
    """Category or tier were corrected; what T3 stood still is kept."""

    issue_id: UUID
    number: str
    category: str
    recategorised_by: UUID
    from_category: str | None = None
    tier: str | None = None
    from_tier: str | None = None
    due_at: datetime | None = None
    reported_by: UUID | None = None
    responsible_organisation: UUID | None = None


class IssueContacted(Message, type="issues.issue_contacted.v1", aggregate="issue_id"):
    """Staff spoke with the reporter."""

    issue_id: UUID
    number: str
    category: str
    way: str
    first: bool
    contacted_by: UUID
    reported_by: UUID | None = None
    responsible_organisation: UUID | None = None


class IssueDismissalProposed(Message, type="issues.issue_dismissal_proposed.v1", aggregate="issue_id"):
    """An officer proposes not to take the matter in; a second person decides."""

    issue_id: UUID
    number: str
    category: str
    reason_code: str
    proposed_by: UUID
    reported_by: UUID | None = None
    responsible_organisation: UUID | None = None


class IssueDismissed(Message, type="issues.issue_dismissed.v1", aggregate="issue_id"):
    """Two people decided not to take the matter in; the reporter reads where to turn to, and may object once."""

    issue_id: UUID
    number: str
    category: str
    reason_code: str
    proposed_by: UUID
    approved_by: UUID
    reported_by: UUID | None = None
    responsible_organisation: UUID | None = None


class IssueObjected(Message, type="issues.issue_objected.v1", aggregate="issue_id"):
    """The reporter does not accept the dismissal; the matter is registered again."""

    issue_id: UUID
    number: str
    category: str
    objected_by: UUID
    reported_by: UUID | None = None
    responsible_organisation: UUID | None = None


class IssueMerged(Message, type="issues.issue_merged.v1", aggregate="issue_id"):
    """The matter is the same as another open one; its reporter follows that one."""

    issue_id: UUID
    number: str
    category: str
    target_id: UUID
    target_number: str
    merged_by: UUID
    followers: int = 0
    reported_by: UUID | None = None
    responsible_organisation: UUID | None = None
