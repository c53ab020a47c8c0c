"""What happens while a matter is worked on, and who confirms it."""

from datetime import datetime
from uuid import UUID

from shared.contracts.message import Message


class IssueReturned(Message, type="issues.issue_returned.v1", aggregate="issue_id"):
    """The responsible party says that the matter is not theirs."""

    issue_id: UUID
    number: str
    category: str
    returned_by: UUID
    returns: int
    reported_by: UUID | None = None
    responsible_organisation: UUID | None = None


class IssueQuestionAsked(Message, type="issues.issue_question_asked.v1", aggregate="issue_id"):
    """The responsible party asks the reporter; until the answer the time to solve stands still."""

    issue_id: UUID
    number: str
    category: str
    asked_by: UUID
    answer_by: datetime
    reported_by: UUID | None = None
    responsible_organisation: UUID | None = None


class IssueQuestionAnswered(Message, type="issues.issue_question_answered.v1", aggregate="issue_id"):
    """The reporter answered; the work goes on."""

    issue_id: UUID
    number: str
    category: str
    answered_by: UUID
    reported_by: UUID | None = None
    responsible_organisation: UUID | None = None


class IssueResumed(Message, type="issues.issue_resumed.v1", aggregate="issue_id"):
    """Nobody answered in time; the work goes on without an answer."""

    issue_id: UUID
    number: str
    category: str
    due_at: datetime | None = None
    reported_by: UUID | None = None
    responsible_organisation: UUID | None = None


class IssueDeferralProposed(Message, type="issues.issue_deferral_proposed.v1", aggregate="issue_id"):
    """The responsible party proposes to defer the matter to a review date; the subdistrict decides."""

    issue_id: UUID
    number: str
    category: str
    proposed_by: UUID
    review_at: datetime
    historical: bool = False
    reported_by: UUID | None = None
    responsible_organisation: UUID | None = None


class IssueDeferred(Message, type="issues.issue_deferred.v1", aggregate="issue_id"):
    """The subdistrict agreed to defer the matter; it is looked at again on the review date."""

    issue_id: UUID
    number: str
    category: str
    approved_by: UUID
    review_at: datetime
    historical: bool = False
    reported_by: UUID | None = None
    responsible_organisation: UUID | None = None


class IssueDeferralReviewed(Message, type="issues.issue_deferral_reviewed.v1", aggregate="issue_id"):
    """A deferred matter was looked at again: put off to another date, or taken up."""

    issue_id: UUID
    number: str
    category: str
    reviewed_by: UUID
    continued: bool
    review_at: datetime | None = None
    reported_by: UUID | None = None
    responsible_organisation: UUID | None = None


class IssueExtensionProposed(Message, type="issues.issue_extension_proposed.v1", aggregate="issue_id"):
    """The responsible party asks for more time; another person decides."""

    issue_id: UUID
    number: str
    category: str
    proposed_by: UUID
    until: datetime
    due_at: datetime | None = None
    reported_by: UUID | None = None
    responsible_organisation: UUID | None = None


class IssueExtended(Message, type="issues.issue_extended.v1", aggregate="issue_id"):
    """More time was granted. The new end stands beside the old one."""

    issue_id: UUID
    number: str
    category: str
    approved_by: UUID
    until: datetime
    due_at: datetime | None = None
    reported_by: UUID | None = None
    responsible_organisation: UUID | None = None


class IssueProposalRefused(Message, type="issues.issue_proposal_refused.v1", aggregate="issue_id"):
    """The second person did not agree; everything stays as it was."""

    issue_id: UUID
    number: str
    category: str
    kind: str
    proposed_by: UUID
    refused_by: UUID
    reported_by: UUID | None = None
    responsible_organisation: UUID | None = None


class IssueVerified(Message, type="issues.issue_verified.v1", aggregate="issue_id"):
    """Somebody who holds no role in a unit that worked on it confirmed the result."""

    issue_id: UUID
    number: str
    category: str
    verified_by: UUID
    reported_by: UUID | None = None
    responsible_organisation: UUID | None = None


class IssueCalledBack(Message, type="issues.issue_called_back.v1", aggregate="issue_id"):
    """Staff tried to reach the reporter for their answer."""

    issue_id: UUID
    number: str
    category: str
    called_by: UUID
    reached: bool
    unanswered: int
    solved: bool | None = None
    reported_by: UUID | None = None
    responsible_organisation: UUID | None = None


class IssueBroughtUp(Message, type="issues.issue_brought_up.v1", aggregate="issue_id"):
    """The matter lies before the subdistrict."""

    issue_id: UUID
    number: str
    category: str
    why: str
    reported_by: UUID | None = None
    responsible_organisation: UUID | None = None


class FollowedIssueMoved(Message, type="issues.followed_issue_moved.v1", aggregate="issue_id"):
    """A matter that others follow ("我也遇到了", or merged into it) came to another state. Many followers: several of these, each with
    at most 200 of them."""

    issue_id: UUID
    number: str
    category: str
    state: str
    outcome: str | None = None
    follower_ids: tuple[UUID, ...]
