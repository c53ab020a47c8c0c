"""The meeting (圆桌会议, 相约星期三, 联建共建会议): nothing leaves it unanswered."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from services.issues.domain.agenda import AgendaItem
from services.issues.domain.assignment import Assignment, check_in_future
from services.issues.domain.errors.attendance import MeetingWithoutQuorum
from services.issues.domain.errors.meetings import (
    AgendaItemNotFound,
    MeetingCancelled,
    MeetingClosedAlready,
    MeetingHasOpenItems,
    MeetingNotFound,
)
from services.issues.domain.errors.minutes import MinutesNotReady, MinutesPublishedAlready, MinutesSigned
from services.issues.domain.errors.proposals import OrderIncomplete
from services.issues.domain.errors.series import ItemsHaveNowhereToGo
from services.issues.domain.meetings.quorum import Quorum
from services.issues.domain.words.issues import Outcome
from services.issues.domain.words.meetings import Decision, MeetingKind, MeetingState, Red, Seat
from services.issues.domain.words.vocabulary import words
from shared.ids import new_id
from shared.principal import Principal, Role

STANDING_SEATS: dict[MeetingKind, tuple[Seat, ...]] = {
    MeetingKind.ROUNDTABLE: (
        Seat.SECRETARY,
        Seat.PROPERTY_MANAGER,
        Seat.CENTRE_HOUSEHOLD,
        Seat.RESIDENT_REPRESENTATIVE,
    ),
    MeetingKind.WEDNESDAY: (
        Seat.PARTY_MEMBER,
        Seat.PROPERTY_MANAGER,
        Seat.PARTNER_UNIT,
        Seat.GRID_WORKER,
        Seat.RESIDENT_REPRESENTATIVE,
        Seat.MERCHANT,
    ),
    MeetingKind.JOINT: (Seat.SECRETARY, Seat.PARTNER_UNIT),
}
"""Who should sit at the table; an empty seat warns, it does not stop the meeting."""

READERS = frozenset(
    {Role.DUTY_OFFICER, Role.SECRETARY, Role.COMMUNITY_ADMIN, Role.MEETING_CHAIR, Role.GRID_WORKER}
    | {Role.CENTRE_HOUSEHOLD}
)
"""Who reads every meeting; everybody else reads those in which they take part."""


@dataclass(frozen=True, slots=True)
class Participant:
    """A person at the table, and the part they have there."""

    person_id: UUID
    seat: Seat


@dataclass(slots=True, kw_only=True)
class Meeting:
    """A dated meeting with its agenda. It cannot be closed while an item has not left it properly."""

    id: UUID
    kind: MeetingKind
    starts_at: datetime
    place: str
    participants: tuple[Participant, ...]
    convened_by: UUID
    convened_at: datetime
    state: MeetingState = MeetingState.CONVENED
    items: list[AgendaItem] = field(default_factory=list)
    closed_at: datetime | None = None
    closed_by: UUID | None = None
    quorum: Quorum | None = None
    without_quorum: str | None = None
    minutes: int = 90
    series_id: UUID | None = None
    series_day: date | None = None
    """Its day in the rule of the series, also when it is held on another."""
    edited: bool = False
    """A person moved this one: its series leaves it alone."""
    sequence: int = 0
    cancelled_at: datetime | None = None
    cancelled_by: UUID | None = None
    cancel_reason: str | None = None
    minutes_signed_at: datetime | None = None
    minutes_signed_by: UUID | None = None
    minutes_published_at: datetime | None = None
    minutes_published_by: UUID | None = None
    public_summary: str | None = None
    minutes_red: Red = Red.NO
    version: int = 1

    @classmethod
    def convene(
        cls,
        *,
        meeting_id: UUID,
        kind: MeetingKind,
        starts_at: datetime,
        place: str,
        participants: tuple[Participant, ...],
        by: Principal,
        at: datetime,
        minutes: int = 90,
    ) -> "Meeting":
        """Fix date, place and table of a meeting that lies ahead."""
        check_in_future(starts_at, at, "starts_at")
        return cls(
            id=meeting_id,
            kind=kind,
            starts_at=starts_at,
            place=place,
            participants=participants,
            convened_by=by.person,
            convened_at=at,
            minutes=minutes,
        )

    def missing_seats(self) -> tuple[Seat, ...]:
        """Standing seats that nobody takes: a warning to whoever convenes."""
        taken = {participant.seat for participant in self.participants}
        return tuple(seat for seat in STANDING_SEATS[self.kind] if seat not in taken)

    def move_items(self, order: Sequence[UUID]) -> None:
        """Another order of the agenda; every item is named once."""
        self.refuse_if_over()
        by_id = {item.id: item for item in self.items}
        if len(order) != len(by_id) or set(order) != set(by_id):
            raise OrderIncomplete(fields={"order": ("须列出每一项议题各一次", "must name every item once")})
        self.items = [by_id[item_id] for item_id in order]
        for position, item in enumerate(self.items, start=1):
            item.position = position

    def sign_minutes(self, *, by: UUID, at: datetime) -> None:
        """The chair stands for what is written. Possible once the meeting is closed."""
        self._refuse_if_published()
        if self.state is not MeetingState.CLOSED:
            raise MinutesNotReady("闭会之后才能签字", "Minutes are signed after the meeting was closed")
        if self.minutes_signed_at is not None:
            raise MinutesSigned
        self.minutes_signed_at, self.minutes_signed_by = at, by

    def reopen_minutes(self) -> None:
        """Take the signature back to correct something, before they are published."""
        self._refuse_if_published()
        if self.minutes_signed_at is None:
            raise MinutesNotReady("会议记录尚未签字", "The minutes are not signed")
        self.minutes_signed_at = self.minutes_signed_by = None

    def publish_minutes(self, summary: str | None, *, by: UUID, at: datetime) -> None:
        """Show everybody what came of it, once."""
        self._refuse_if_published()
        if self.minutes_signed_at is None:
            raise MinutesNotReady("会议记录签字之后才能公布", "Minutes are published after they were signed")
        self.minutes_published_at, self.minutes_published_by = at, by
        self.public_summary, self.minutes_red = summary, Red.NO

    def _refuse_if_published(self) -> None:
        if self.minutes_published_at is not None:
            raise MinutesPublishedAlready

    def invited_persons(self) -> frozenset[UUID]:
        """Those who were asked to come; guests were not."""
        return frozenset(one.person_id for one in self.participants if one.seat is not Seat.GUEST)

    def is_invited(self, person_id: UUID) -> bool:
        """Whether this person was asked to come."""
        return person_id in self.invited_persons()

    def visible_to(self, by: Principal) -> bool:
        """Whether a person may read this meeting."""
        return bool(by.roles & READERS) or any(participant.person_id == by.person for participant in self.participants)

    def check_visible_to(self, by: Principal) -> None:
        """Raise MeetingNotFound for a person who may not see this meeting."""
        if not self.visible_to(by):
            raise MeetingNotFound

    def add_item(self, issue_id: UUID, *, by: Principal, at: datetime) -> AgendaItem:
        """Put an issue on the agenda, behind the others."""
        self.refuse_if_over()
        item = AgendaItem(
            id=new_id(), issue_id=issue_id, position=len(self.items) + 1, placed_by=by.person, placed_at=at
        )
        self.items.append(item)
        return item

    def item(self, item_id: UUID) -> AgendaItem:
        """An item that may still be worked on, by id."""
        self.refuse_if_over()
        for item in self.items:
            if item.id == item_id:
                return item
        raise AgendaItemNotFound

    def settle(
        self,
        issue_id: UUID,
        decision: Decision,
        *,
        by: UUID,
        at: datetime,
        assignment: Assignment | None = None,
        outcome: Outcome | None = None,
        public_reply: str | None = None,
    ) -> None:
        """Note that an issue left the agenda outside the meeting: assigned or resolved by the office, or withdrawn."""
        for item in self.items:
            if item.issue_id == issue_id and item.is_open():
                if assignment is not None:
                    item.assignment_of(assignment, by, at)
                item.conclude(decision, by, at, outcome=outcome, public_reply=public_reply)

    @property
    def ends_at(self) -> datetime:
        """When it is planned to end."""
        return self.starts_at + timedelta(minutes=self.minutes)

    def open_items(self) -> tuple[AgendaItem, ...]:
        """What has not left the agenda yet."""
        return tuple(item for item in self.items if item.is_open())

    def reschedule(self, *, starts_at: datetime, place: str, minutes: int, at: datetime, edited: bool = True) -> bool:
        """Another time or place; answers whether anything changed that people must know."""
        self.refuse_if_over()
        changed = (starts_at, place, minutes) != (self.starts_at, self.place, self.minutes)
        if starts_at != self.starts_at:
            check_in_future(starts_at, at, "starts_at")
        self.starts_at, self.place, self.minutes = starts_at, place, minutes
        self.edited = self.edited or (edited and changed)
        self.sequence += 1 if changed else 0
        return changed

    def cancel(self, *, reason: str, by: UUID, at: datetime) -> None:
        """It does not take place. Its agenda must have been taken over by another meeting before."""
        self.refuse_if_over()
        if self.open_items():
            raise ItemsHaveNowhereToGo
        self.state, self.sequence = MeetingState.CANCELLED, self.sequence + 1
        self.cancelled_at, self.cancelled_by, self.cancel_reason = at, by, reason

    def close(
        self, *, by: Principal, at: datetime, quorum: Quorum, without_quorum: str | None = None
    ) -> tuple[AgendaItem, ...]:
        """Close the meeting; answers the items whose assignments now take effect. Refused while an item is open, and
        without quorum unless it is said why."""
        self.refuse_if_over()
        lacks = {
            f"items.{item.id}.{lack}": (f"第{item.position}项缺少{zh}", f"item {item.position} lacks {en}")
            for item in self.items
            for lack, (zh, en) in item.lacks(at).items()
        }
        if lacks:
            count = sum(1 for item in self.items if item.lacks(at))
            raise MeetingHasOpenItems(
                f"还有{count}项议题没有议定：每一项都要当场解决、说明理由不予采纳、延至有日期的会议，或记录、责任单位、时限、计划四项齐全",
                f"{count} items are open: each must be resolved on the spot, declined with a reply, postponed to a dated meeting, "
                "or have record, responsible party, deadline and plan",
                fields=lacks,
            )
        if not quorum.reached and without_quorum is None:
            raise MeetingWithoutQuorum(
                f"应到{quorum.invited}人，实到{quorum.attended}人，法定人数{quorum.needed}人",
                f"{quorum.attended} of {quorum.invited} invited are there, {quorum.needed} are needed",
                fields={"without_quorum_reason": ("到会人数不足，请说明理由", "say why it is closed without quorum")},
            )
        self.quorum, self.without_quorum = quorum, None if quorum.reached else without_quorum
        self.state, self.closed_at, self.closed_by = MeetingState.CLOSED, at, by.person
        due = tuple(item for item in self.items if item.awaits_assignment())
        for item in due:
            item.concluded = True
        return due

    def count(self, decision: Decision) -> int:
        """How many items left the meeting this way."""
        return sum(1 for item in self.items if item.decision is decision)

    def refuse_if_over(self) -> None:
        """Raise when nothing can be changed any more: the meeting was closed or cancelled."""
        if self.state is MeetingState.CANCELLED:
            raise MeetingCancelled(f"{words(self.kind).zh}已经取消", "The meeting was cancelled")
        if self.state is MeetingState.CLOSED:
            raise MeetingClosedAlready(
                f"{words(self.kind).zh}已经闭会，不能再修改", "The meeting is closed and cannot be changed"
            )
