"""What callers read about issues."""

from datetime import datetime
from functools import cache
from uuid import UUID

from pydantic import Field

from services.issues.domain.history import AMONG_UNITS, HistoryEntry
from services.issues.domain.issue import Issue
from services.issues.domain.refusals import AllowedAction, allowed_actions
from services.issues.domain.resolution import Quantity, Rating, Resolution
from services.issues.domain.trail import trail
from services.issues.domain.words.issues import IssueKind, Level, Outcome, QuantityKind, Source, State, Tier, Verb
from services.issues.domain.words.publicity import Consent
from services.issues.domain.words.vocabulary import words
from services.issues.schemas import overlays
from services.issues.schemas.filing import FilingView, PlaceView, reporter_shown
from services.issues.schemas.labels import Label as Label  # noqa: PLC0414 - other views have these from here
from services.issues.schemas.labels import View as View  # noqa: PLC0414
from services.issues.schemas.overlays import BroughtUpView, DeferralView, DismissalView, ProposalView, WaitingView
from shared.principal import Principal


class AssignmentView(View):
    """Record, responsible organisation, deadline and plan."""

    record: str
    responsible_organisation: UUID
    deadline: datetime
    plan: str


class QuantityView(View):
    """A countable result."""

    kind: QuantityKind
    amount: int


class ResolutionView(View):
    """The public reply and what came of it."""

    public_reply: str
    level: Level
    quantity: QuantityView | None


class RatingView(View):
    """The reporter's answer of a round."""

    round: int
    solved: bool
    satisfaction: int
    comment: str | None
    at: datetime


class ActionView(View):
    """A step, and whether the caller can take it now; if not, why."""

    verb: Verb
    label: Label
    allowed: bool
    reason: Label | None


class TrailView(View):
    """One of the four public steps 呼 → 议 → 应 → 为; `at` is null while it lies ahead."""

    step: str
    label: Label
    at: datetime | None


class UnitSuggestion(View):
    """建议派给哪个单位。Which organisation the routing rules suggest, and why; more at `…/routing`."""

    organisation: UUID | None
    reason: Label


class IssueView(View):
    """诉求。An issue as the reporter and those who work on it read it."""

    id: UUID
    number: str = Field(examples=["FCC-2026-000123"])
    kind: IssueKind
    category: str
    severity: Tier
    place: PlaceView
    title: str
    text: str
    source: Source
    reported_by: UUID | None = Field(description="匿名诉求对经办人为空。Null to those who handle an anonymous issue")
    filing: FilingView
    reported_at: datetime = Field(
        description="原始时间，导入的诉求早于登记时间。Earlier than registered_at for imported issues"
    )
    registered_at: datetime
    state: State
    state_label: Label
    tier: Tier | None
    solve_by: datetime | None = Field(
        description="T3：按级别和工作日历，明细见 clocks。By tier and working calendar; …/clocks explains it"
    )
    overdue_level: int = Field(description="本轮已升级到时限的百分比，0 为未升级。Percent of T3 that was escalated")
    extended_to: datetime | None = Field(description="获批的延期，与原期限并列。A granted extension, beside solve_by")
    meeting_id: UUID | None
    assignment: AssignmentView | None
    waiting: WaitingView | None
    proposal: ProposalView | None
    dismissal: DismissalView | None
    deferral: DeferralView | None
    brought_up: BroughtUpView | None
    merged_into: UUID | None
    returns: int
    pauses: int = Field(description="本轮暂停次数，最多两次。How often it stood still in this round, twice at most")
    unanswered_call_backs: int
    resolution: ResolutionView | None
    outcome: Outcome | None
    rating: RatingView | None
    closed_at: datetime | None
    round: int
    consent: Consent = Field(description="诉求人同意公开到什么程度。What the reporter allows to be public")
    public: bool = Field(description="是否已公开。Whether neighbours see a card of it")
    joined: int = Field(description="“我也遇到了”人数。How many neighbours joined")
    repeat_of: UUID | None = Field(
        description="90天内同楼同类的上一件诉求。The earlier issue of the same kind and place within 90 days"
    )
    urged: int = Field(description="催办次数。How often somebody urged")
    suggestion: UnitSuggestion | None = Field(
        None, description="工作人员查看待派单诉求时。For the office, while nobody answers for it yet"
    )
    trail: list[TrailView]
    allowed_actions: list[ActionView]
    version: int

    @classmethod
    def of(cls, issue: Issue, by: Principal, at: datetime) -> "IssueView":
        """The issue, and what this person can do with it now. Our own values are not validated a second time."""
        return cls.model_construct(
            id=issue.id,
            number=issue.number,
            kind=issue.kind,
            category=issue.category,
            severity=issue.severity,
            place=PlaceView.of(issue.place),
            title=issue.title,
            text=issue.text,
            source=issue.source,
            reported_by=reporter_shown(issue, by),
            filing=FilingView.of(issue, by),
            reported_at=issue.reported_at,
            registered_at=issue.registered_at,
            state=issue.state,
            state_label=Label.of(words(issue.state)),
            tier=issue.tier,
            solve_by=issue.solve_by,
            overdue_level=issue.overdue_level,
            extended_to=issue.extended_to,
            meeting_id=issue.meeting_id,
            assignment=_assignment(issue),
            waiting=overlays.waiting(issue),
            proposal=overlays.proposal(issue),
            dismissal=overlays.dismissal(issue),
            deferral=overlays.deferral(issue),
            brought_up=overlays.brought_up(issue),
            merged_into=issue.merged_into,
            returns=issue.returns,
            pauses=issue.pauses,
            unanswered_call_backs=issue.unanswered,
            resolution=_resolution(issue.resolution),
            outcome=issue.outcome,
            rating=_rating(issue.rating),
            closed_at=issue.closed_at,
            round=issue.round,
            consent=issue.consent,
            public=issue.card is not None,
            joined=issue.joined,
            repeat_of=issue.repeat_of,
            urged=issue.urged,
            trail=[
                TrailView.model_construct(step=step.step, label=Label.of(step.words), at=step.at)
                for step in trail(issue)
            ],
            allowed_actions=[_action(action) for action in allowed_actions(issue, by, at)],
            version=issue.version,
        )


class IssueSummary(View):
    """An issue in a list."""

    id: UUID
    number: str
    kind: IssueKind
    category: str
    title: str
    place: PlaceView
    source: Source
    state: State
    tier: Tier | None
    due_at: datetime | None
    overdue_level: int
    responsible_organisation: UUID | None
    outcome: Outcome | None
    registered_at: datetime
    closed_at: datetime | None
    round: int
    version: int


class HistoryView(View):
    """One step: what, from, to, when, with what note. Who did it is told to staff, and to others about themselves."""

    verb: Verb
    label: Label
    from_state: State | None
    to_state: State
    at: datetime
    note: str | None
    round: int
    done_by: UUID | None
    details: dict[str, str | int | bool]

    @classmethod
    def of(cls, entry: HistoryEntry, issue: Issue, *, names: bool, by: Principal) -> "HistoryView":
        """The entry for this reader. What an anonymous reporter did says no name; what units say to each other stays with staff."""
        told = names or entry.by == by.person or entry.verb not in AMONG_UNITS
        names = names and not (issue.filing.anonymous and entry.by == issue.reported_by)
        return cls.model_construct(
            verb=entry.verb,
            label=Label.of(words(entry.verb)),
            from_state=entry.source,
            to_state=entry.target,
            at=entry.at,
            note=entry.note if told else None,
            round=entry.round,
            done_by=entry.by if names or entry.by == by.person else None,
            details=dict(entry.details) if told else {},
        )


@cache
def _action(action: AllowedAction) -> ActionView:
    """The reasons come from a closed set, so each answer is made once."""
    return ActionView.model_construct(
        verb=action.verb,
        label=Label.of(words(action.verb)),
        allowed=action.refused is None,
        reason=Label.of(action.refused.reason) if action.refused else None,
    )


def _assignment(issue: Issue) -> AssignmentView | None:
    known = issue.assignment
    if known is None:
        return None
    return AssignmentView.model_construct(
        record=known.record,
        responsible_organisation=known.responsible_organisation,
        deadline=known.deadline,
        plan=known.plan,
    )


def _resolution(known: Resolution | None) -> ResolutionView | None:
    if known is None:
        return None
    return ResolutionView.model_construct(
        public_reply=known.public_reply, level=known.level, quantity=_quantity(known.quantity)
    )


def _quantity(known: Quantity | None) -> QuantityView | None:
    return QuantityView.model_construct(kind=known.kind, amount=known.amount) if known else None


def _rating(known: Rating | None) -> RatingView | None:
    if known is None:
        return None
    return RatingView.model_construct(
        round=known.round,
        solved=known.solved,
        satisfaction=known.satisfaction,
        comment=known.comment,
        at=known.at,
    )
