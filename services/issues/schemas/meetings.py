"""What callers send and read about meetings."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.issues.domain.agenda import AgendaItem
from services.issues.domain.meeting import Meeting
from services.issues.domain.words.issues import Level, Outcome, State
from services.issues.domain.words.meetings import Decision, LinkKind, MeetingKind, MeetingState, Red, Seat
from services.issues.domain.words.patrols import PatrolKind
from services.issues.domain.words.vocabulary import words
from services.issues.schemas.attendance import QuorumView
from services.issues.schemas.issue_bodies import QuantityBody, ResolvedOutcome
from services.issues.schemas.labels import Label, View
from services.issues.schemas.minutes import LinkBody
from services.issues.use_cases.plan_patrol import PatrolPlan
from shared.http.bodies import LineText, LongText, Moment, StrictBody
from shared.principal import Principal


class ParticipantBody(StrictBody):
    """参会人及其身份。A person and the part they have at the table."""

    person_id: UUID
    seat: Seat


class ConveneBody(StrictBody):
    """召集会议。Date, place and who sits at the table."""

    kind: MeetingKind
    starts_at: Moment
    place: LineText
    participants: Annotated[list[ParticipantBody], Field(max_length=100)]
    invite_roster: bool = Field(True, description="自动邀请常驻代表。Invite the standing roster as well")


class RecordBody(StrictBody):
    """讨论记录。What was said."""

    record: LongText


class ResolvedBody(StrictBody):
    """当场解决。Resolved on the spot."""

    decision: Literal["resolved"]
    outcome: ResolvedOutcome
    public_reply: LongText
    level: Level = Level.COMMUNITY
    quantity: QuantityBody | None = None


class DeclinedBody(StrictBody):
    """不予采纳，须有理由和公开答复。Declined with a reason and a public reply."""

    decision: Literal["declined"]
    outcome: Literal[Outcome.EXPLAINED, Outcome.NOT_OURS] = Outcome.EXPLAINED
    reason: LongText
    public_reply: LongText


class PostponedBody(StrictBody):
    """延至有日期的会议。Postponed to a dated meeting."""

    decision: Literal["postponed"]
    to_meeting_id: UUID
    reason: LongText


class AssignedBody(StrictBody):
    """派单：记录（可事先写好）、责任单位、时限、计划。All four; a record written down earlier counts."""

    decision: Literal["assigned"]
    record: LongText | None = None
    responsible_organisation: UUID | None = None
    deadline: Moment | None = None
    plan: LongText | None = None


class AdoptedBody(StrictBody):
    """采纳建议，并说明落实到哪些诉求或活动。A good idea is adopted; what it leads to may be linked."""

    decision: Literal["adopted"]
    public_reply: LongText
    links: Annotated[list[LinkBody], Field(default_factory=list, max_length=10)]


DecisionBody = Annotated[
    ResolvedBody | DeclinedBody | PostponedBody | AssignedBody | AdoptedBody, Field(discriminator="decision")
]


class PlannedPatrolBody(StrictBody):
    """会后的实地调研或巡逻：何时、走哪些网格、谁去。Where people go after the meeting, when, and who."""

    kind: Literal[PatrolKind.FIELD_SURVEY, PatrolKind.PATROL]
    starts_at: Moment
    grids: Annotated[list[UUID], Field(min_length=1, max_length=50)]
    participants: Annotated[list[UUID], Field(min_length=1, max_length=50)]
    purpose: LineText | None = None

    def plan(self) -> PatrolPlan:
        """In the words of the use case; nobody and no grid twice."""
        return PatrolPlan(
            self.kind,
            self.starts_at,
            tuple(dict.fromkeys(self.grids)),
            tuple(dict.fromkeys(self.participants)),
            self.purpose,
        )


class CloseBody(StrictBody):
    """闭会；人数不足须说明理由，可一并安排实地调研和巡逻。Why without quorum, and what is visited afterwards."""

    without_quorum_reason: LineText | None = None
    planned_patrols: Annotated[list[PlannedPatrolBody], Field(default_factory=list, max_length=20)]


class ParticipantView(View):
    """A person at the table."""

    person_id: UUID
    seat: Seat


class LinkView(View):
    """What an adopted idea leads to."""

    kind: LinkKind
    id: UUID


class AgendaItemView(View):
    """An item, how it leaves the meeting, and what it still lacks before the meeting can be closed."""

    id: UUID
    issue_id: UUID
    position: int
    private: bool = Field(
        description="涉及隐私，内容只有能读纠纷的人可见。Private; told to those who read disputes only"
    )
    record: str | None
    decision: Decision | None
    decision_label: Label | None
    outcome: Outcome | None
    reason: str | None
    public_reply: str | None
    responsible_organisation: UUID | None
    deadline: datetime | None
    plan: str | None
    postponed_to: UUID | None
    links: list[LinkView]
    lacks: list[str]

    @classmethod
    def of(cls, item: AgendaItem, now: datetime, by: Principal) -> "AgendaItemView":
        """The item as it stands now; of a private matter only where it stands, unless this person may read disputes."""
        told = item.is_told_to(by)
        return cls.model_construct(
            id=item.id,
            issue_id=item.issue_id,
            position=item.position,
            private=item.private,
            record=item.record if told else None,
            decision=item.decision,
            decision_label=Label.of(words(item.decision)) if item.decision else None,
            outcome=item.outcome if told else None,
            reason=item.reason if told else None,
            public_reply=item.public_reply if told else None,
            responsible_organisation=item.responsible_organisation if told else None,
            deadline=item.deadline,
            plan=item.plan if told else None,
            postponed_to=item.postponed_to,
            links=[LinkView.model_construct(kind=link.kind, id=link.id) for link in item.links if told],
            lacks=list(item.lacks(now)),
        )


class MeetingView(View):
    """会议。A meeting with its agenda."""

    id: UUID
    kind: MeetingKind
    kind_label: Label
    starts_at: datetime
    place: str
    state: MeetingState
    state_label: Label
    participants: list[ParticipantView]
    quorum: QuorumView | None = Field(description="闭会时的到会情况。As recorded when it closed")
    without_quorum_reason: str | None
    missing_seats: list[Seat] = Field(description="常驻席位空缺，仅提示。Empty standing seats, a warning only")
    items: list[AgendaItemView]
    closed_at: datetime | None
    minutes: int = Field(description="预计时长（分钟）。Planned length")
    series_id: UUID | None
    series_day: date | None = Field(description="在系列中的规则日。Its day in the rule of the series")
    edited: bool = Field(description="单独改过期。Moved by itself")
    cancel_reason: str | None
    version: int

    @classmethod
    def of(cls, meeting: Meeting, now: datetime, by: Principal) -> "MeetingView":
        """The meeting as it stands now, as far as this person may read it."""
        return cls.model_construct(
            id=meeting.id,
            kind=meeting.kind,
            kind_label=Label.of(words(meeting.kind)),
            starts_at=meeting.starts_at,
            place=meeting.place,
            state=meeting.state,
            state_label=Label.of(words(meeting.state)),
            participants=[
                ParticipantView.model_construct(person_id=one.person_id, seat=one.seat) for one in meeting.participants
            ],
            quorum=QuorumView.of(meeting.quorum) if meeting.quorum else None,
            without_quorum_reason=meeting.without_quorum,
            missing_seats=list(meeting.missing_seats()),
            items=[AgendaItemView.of(item, now, by) for item in meeting.items],
            closed_at=meeting.closed_at,
            minutes=meeting.minutes,
            series_id=meeting.series_id,
            series_day=meeting.series_day,
            edited=meeting.edited,
            cancel_reason=meeting.cancel_reason,
            version=meeting.version,
        )


class MeetingSummary(View):
    """A meeting in a list."""

    id: UUID
    kind: MeetingKind
    starts_at: datetime
    place: str
    state: MeetingState
    closed_at: datetime | None
    minutes_red: Red = Field(description="会议记录逾期情况。How late unpublished minutes are")
    minutes_published_at: datetime | None
    version: int


class CountermeasureView(View):
    """A line of the list of problems and measures (问题和对策清单): issue, measure, owner, due."""

    item_id: UUID
    issue_id: UUID
    issue_number: str
    private: bool = Field(
        description="涉及隐私，内容只有能读纠纷的人可见。Private; told to those who read disputes only"
    )
    category: str | None = Field(description="涉及隐私且不可见时为空。None for a private matter that is not told")
    title: str | None
    decision: Decision | None
    record: str | None
    measure: str | None
    responsible_organisation: UUID | None
    responsible_name: str | None
    due_at: datetime | None
    public_reply: str | None
    reason: str | None
    postponed_to: UUID | None
    issue_state: State = Field(description="闭会后随诉求更新。Follows the issue after the meeting")
    issue_state_label: Label
    issue_outcome: Outcome | None
    overdue: bool = Field(description="派单后逾期未办结。Assigned, past its deadline and not resolved")


class CountermeasureList(View):
    """问题和对策清单；闭会后为定稿。Final once the meeting is closed."""

    meeting_id: UUID
    kind: MeetingKind
    starts_at: datetime
    final: bool
    items: list[CountermeasureView]
