"""What callers send and read about minutes, proposed topics and the building of agendas."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.issues.domain.agenda import Link
from services.issues.domain.meeting import Meeting
from services.issues.domain.meetings.minutes import Section
from services.issues.domain.meetings.proposals import TopicProposal
from services.issues.domain.words.issues import IssueKind, State, Tier
from services.issues.domain.words.meetings import Decision, LinkKind, MeetingKind, MinutesState, ProposalState, Red, Why
from services.issues.domain.words.vocabulary import words
from services.issues.schemas.attendance import QuorumView, SeatCount
from services.issues.schemas.issue_bodies import CategoryCode, PlaceBody
from services.issues.schemas.labels import Label, View
from shared.http.bodies import SEVERAL_LINES, LineText, LongText, ShortText, StrictBody

MinutesText = Annotated[
    str, StringConstraints(min_length=0, max_length=4_000, pattern=SEVERAL_LINES, strip_whitespace=False)
]
"""Kept as it is typed, also empty."""


class WriteMinutesBody(StrictBody):
    """本部分的完整文字；If-Match 填读到的版本，新写可不填。The whole text of the section."""

    text: MinutesText = Field(examples=["书记通报上周事项；居民代表反映路灯问题。"])


class SignMinutesBody(StrictBody):
    """签字，或收回签字以便更正。Sign, or take the signature back to correct something."""

    take_back: bool = False


class PublishMinutesBody(StrictBody):
    """对全体居民的说明，不得含个人信息。What everybody reads beside the results; no personal data."""

    summary: LongText | None = None


class LinkBody(StrictBody):
    """采纳后落实到哪条诉求或哪场活动。The issue or event that puts an idea to work."""

    kind: LinkKind
    id: UUID

    def link(self) -> Link:
        """In the words of the domain."""
        return Link(self.kind, self.id)


class ProposeTopicBody(StrictBody):
    """想在会上讨论什么。What is to be talked about."""

    title: ShortText
    text: LongText
    category: CategoryCode | None = Field(None, examples=["street_light"])


class AcceptTopicBody(StrictBody):
    """列入议题：作为建议或其他诉求登记。On the agenda, as a good idea or another kind of matter."""

    kind: IssueKind = IssueKind.PROPOSAL
    category: CategoryCode | None = Field(
        None, description="缺省用提出人选的分类。As proposed when left out", examples=["street_light"]
    )
    place: PlaceBody | None = None


class DeclineTopicBody(StrictBody):
    """不列入的理由。Why not."""

    reason: LineText


class BuildAgendaBody(StrictBody):
    """一次列入多条诉求，全部成功或全部不列入。Several issues in one go, all or none."""

    issue_ids: Annotated[list[UUID], Field(min_length=1, max_length=50)]


class ReorderAgendaBody(StrictBody):
    """全部议题的新顺序。All items in their new order."""

    order: Annotated[list[UUID], Field(min_length=1, max_length=200)]


class SectionView(View):
    """A section of the minutes."""

    section_id: UUID
    text: str
    version: int
    edited_by: UUID
    edited_at: datetime

    @classmethod
    def of(cls, section: Section) -> "SectionView":
        """The section as it stands."""
        return cls.model_construct(
            section_id=section.section_id,
            text=section.text,
            version=section.version,
            edited_by=section.edited_by,
            edited_at=section.edited_at,
        )


def minutes_state(meeting: Meeting) -> MinutesState:
    """How far the minutes are."""
    if meeting.minutes_published_at is not None:
        return MinutesState.PUBLISHED
    return MinutesState.OPEN if meeting.minutes_signed_at is None else MinutesState.SIGNED


class MinutesView(View):
    """会议记录：总述一节，每项议题一节。The general section has the id of the meeting, the others those of the items."""

    meeting_id: UUID
    state: MinutesState
    state_label: Label
    red: Red
    red_label: Label
    signed_at: datetime | None
    published_at: datetime | None
    sections: list[SectionView]
    version: int

    @classmethod
    def of(cls, meeting: Meeting, sections: list[SectionView]) -> "MinutesView":
        """The minutes of a meeting."""
        state = minutes_state(meeting)
        return cls.model_construct(
            meeting_id=meeting.id,
            state=state,
            state_label=Label.of(words(state)),
            red=meeting.minutes_red,
            red_label=Label.of(words(meeting.minutes_red)),
            signed_at=meeting.minutes_signed_at,
            published_at=meeting.minutes_published_at,
            sections=sections,
            version=meeting.version,
        )


class MinutesVersionView(View):
    """What a section was at some time."""

    version: int
    text: str
    edited_by: UUID
    edited_at: datetime


class PublicItemView(View):
    """What everybody may know of an item."""

    number: str
    category: str
    category_name: Label
    decision: Decision | None
    decision_label: Label | None
    public_reply: str | None
    measure: str | None
    responsible_name: str | None
    due_at: datetime | None


class PublicMinutesView(View):
    """公开版会议记录：没有姓名、联系方式、门牌。What everybody reads: no names, numbers or rooms."""

    meeting_id: UUID
    kind: MeetingKind
    kind_label: Label
    starts_at: datetime
    place: str
    published_at: datetime
    summary: str | None
    quorum: QuorumView | None
    seats: list[SeatCount]
    items: list[PublicItemView]
    not_public: int = Field(description="涉及隐私、不公开的议题数。How many items are private")


class PublishedView(View):
    """A meeting whose minutes are published."""

    meeting_id: UUID
    kind: MeetingKind
    kind_label: Label
    starts_at: datetime
    published_at: datetime


class TopicView(View):
    """A proposed topic."""

    id: UUID
    meeting_id: UUID
    title: str
    text: str
    category: str | None
    proposed_by: UUID
    proposed_at: datetime
    state: ProposalState
    state_label: Label
    reason: str | None
    issue_id: UUID | None
    version: int

    @classmethod
    def of(cls, proposal: TopicProposal) -> "TopicView":
        """The proposal."""
        return cls.model_construct(
            id=proposal.id,
            meeting_id=proposal.meeting_id,
            title=proposal.title,
            text=proposal.text,
            category=proposal.category,
            proposed_by=proposal.proposed_by,
            proposed_at=proposal.proposed_at,
            state=proposal.state,
            state_label=Label.of(words(proposal.state)),
            reason=proposal.reason,
            issue_id=proposal.issue_id,
            version=proposal.version,
        )


class ReasonView(View):
    """Why an issue is suggested."""

    code: Why
    label: Label


class SuggestionView(View):
    """An issue that could be discussed."""

    issue_id: UUID
    number: str
    title: str
    kind: IssueKind
    category: str
    state: State
    tier: Tier
    solve_by: datetime
    why: list[ReasonView]
