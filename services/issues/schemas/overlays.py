"""What lies over the state of an issue: a question, a proposal, a deferral, a dismissal, the subdistrict."""

from datetime import datetime
from uuid import UUID

from services.issues.domain.issue import Issue
from services.issues.domain.words.issues import BroughtUp, DismissalReason, ProposalKind
from services.issues.domain.words.vocabulary import words
from services.issues.schemas.labels import Label, View


class ProposalView(View):
    """待第二人审批的申请。What waits for a second person."""

    kind: ProposalKind
    label: Label
    reason: str
    proposed_by: UUID
    proposed_at: datetime
    reason_code: DismissalReason | None
    refer_to: str | None
    until: datetime | None
    historical: bool


class DismissalView(View):
    """不予受理：理由，以及应向哪里反映。Why it was not taken in, and where to turn to."""

    reason_code: DismissalReason
    label: Label
    refer_to: str


class DeferralView(View):
    """挂账：复核日期。When it is looked at again."""

    review_at: datetime
    since: datetime
    historical: bool


class WaitingView(View):
    """待居民补充：问题与答复期限。What the reporter is asked, and until when; the time to solve stands still."""

    question: str
    since: datetime
    answer_by: datetime


class BroughtUpView(View):
    """已提交街道的原因；`awaits_decision` 表示须由街道派单。Why it lies before the subdistrict."""

    why: BroughtUp
    label: Label
    awaits_decision: bool


def waiting(issue: Issue) -> WaitingView | None:
    """The question that is open."""
    if issue.question is None or issue.waiting_since is None or issue.answer_by is None:
        return None
    return WaitingView.model_construct(question=issue.question, since=issue.waiting_since, answer_by=issue.answer_by)


def proposal(issue: Issue) -> ProposalView | None:
    """The proposal that is pending."""
    known = issue.proposal
    if known is None:
        return None
    return ProposalView.model_construct(
        kind=known.kind,
        label=Label.of(words(known.kind)),
        reason=known.reason,
        proposed_by=known.by,
        proposed_at=known.at,
        reason_code=known.reason_code,
        refer_to=known.refer_to,
        until=known.until,
        historical=known.historical,
    )


def dismissal(issue: Issue) -> DismissalView | None:
    """Why it was not taken in."""
    known = issue.dismissal
    if known is None:
        return None
    return DismissalView.model_construct(
        reason_code=known.reason_code, label=Label.of(words(known.reason_code)), refer_to=known.refer_to
    )


def deferral(issue: Issue) -> DeferralView | None:
    """When it is looked at again."""
    known = issue.deferral
    if known is None:
        return None
    return DeferralView.model_construct(review_at=known.review_at, since=known.since, historical=known.historical)


def brought_up(issue: Issue) -> BroughtUpView | None:
    """Why it lies before the subdistrict."""
    if issue.brought_up is None:
        return None
    return BroughtUpView.model_construct(
        why=issue.brought_up, label=Label.of(words(issue.brought_up)), awaits_decision=issue.awaits_subdistrict
    )
