"""A neighbourhood event (邻里活动): draft → published → finished; a draft or a published one may be cancelled, with a reason."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.events.domain.errors import (
    EventHasStarted,
    EventInvalid,
    EventIsCancelled,
    EventIsFinished,
    EventNotFound,
    EventTransitionRefused,
    OutsideCheckInTime,
    ParticularsRefused,
    RegistrationIsClosed,
)

LONGEST = timedelta(days=31)
"""No event lasts longer; a start and an end further apart are a typing mistake."""
DOORS_OPEN_BEFORE = timedelta(hours=2)
"""Helpers and cooks come early: from then on arrivals count."""
DOORS_CLOSE_AFTER = timedelta(hours=6)
"""Arrivals noted on paper during the event are typed in the same evening."""
LATE_RECORDS = timedelta(days=7)
"""A device that was offline may bring its arrivals until then, each with its original time; results are published in 7 days."""
CLOCK_TOLERANCE = timedelta(minutes=2)
"""Clocks of phones run a little fast."""


class EventKind(StrEnum):
    """What sort of gathering it is."""

    BANQUET = "banquet"
    TOURNAMENT = "tournament"
    EVENING = "evening"
    FAIR = "fair"
    EXCHANGE = "exchange"
    LECTURE = "lecture"
    CLINIC = "clinic"


class EventState(StrEnum):
    """Where an event stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    FINISHED = "finished"
    CANCELLED = "cancelled"


KIND_LABELS = {
    EventKind.BANQUET: ("邻里百家宴", "Neighbours' banquet"),
    EventKind.TOURNAMENT: ("比赛", "Tournament"),
    EventKind.EVENING: ("纳凉晚会", "Evening gathering"),
    EventKind.FAIR: ("公益大集", "Community fair"),
    EventKind.EXCHANGE: ("五湖四海交流", "Exchange of home provinces"),
    EventKind.LECTURE: ("讲座", "Lecture"),
    EventKind.CLINIC: ("义诊", "Free clinic"),
}
"""(zh, en) of each kind."""
STATE_LABELS = {
    EventState.DRAFT: ("草稿", "draft"),
    EventState.PUBLISHED: ("报名中", "published"),
    EventState.FINISHED: ("已结束", "finished"),
    EventState.CANCELLED: ("已取消", "cancelled"),
}
"""(zh, en) of each state."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is planned: everything an organiser types in and may change. `capacity` counts persons, not households."""

    kind: EventKind
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    registration_deadline: datetime | None = None
    has_waitlist: bool = True
    programme: str | None = None
    theme: str | None = None
    description: str | None = None

    def __post_init__(self) -> None:
        """Refuse a plan that contradicts itself."""
        wrong: dict[str, tuple[str, str]] = {}
        if self.ends_at <= self.starts_at:
            wrong["ends_at"] = ("结束时间须晚于开始时间", "must be after starts_at")
        elif self.ends_at - self.starts_at > LONGEST:
            wrong["ends_at"] = ("活动不得超过 31 天", "longer than 31 days")
        if self.registration_deadline is not None and self.registration_deadline > self.starts_at:
            wrong["registration_deadline"] = ("报名截止不得晚于开始时间", "must not be after starts_at")
        if wrong:
            raise EventInvalid(fields=wrong)

    @property
    def closes_at(self) -> datetime:
        """Until when households can sign up."""
        return self.registration_deadline or self.starts_at


@dataclass(slots=True)
class NeighbourhoodEvent:
    """The aggregate: the plan and what became of it. How many places are taken is kept apart (`places.py`), it changes too often."""

    id: UUID
    plan: Plan
    created_by: UUID
    created_at: datetime
    state: EventState = EventState.DRAFT
    published_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancel_reason: str | None = None
    finished_at: datetime | None = None
    version: int = 1

    def publish(self, at: datetime) -> None:
        """Open the event to everybody."""
        self._must_be(EventState.DRAFT)
        if self.plan.closes_at <= at:
            raise EventTransitionRefused(
                "报名截止时间已过，请先调整时间", "Registration would be closed already; move it first"
            )
        self.state, self.published_at = EventState.PUBLISHED, at

    def change(self, plan: Plan, at: datetime) -> None:
        """Replace the plan; a published event may be changed until it starts, and cannot become another kind."""
        self._must_be(EventState.DRAFT, EventState.PUBLISHED)
        if self.state is EventState.PUBLISHED:
            self.check_not_started(at)
            if plan.kind is not self.plan.kind:
                raise EventTransitionRefused("已发布的活动不能更改类型", "A published event keeps its kind")
            if plan.starts_at <= at:
                raise EventInvalid(fields={"starts_at": ("须晚于现在", "must be in the future")})
        self.plan = plan

    def cancel(self, *, reason: str, at: datetime) -> None:
        """Call the event off, with a reason that everybody registered can read."""
        self._must_be(EventState.DRAFT, EventState.PUBLISHED)
        self.state, self.cancel_reason, self.cancelled_at = EventState.CANCELLED, reason, at

    def finish(self, at: datetime) -> None:
        """Say that the event took place."""
        self._must_be(EventState.PUBLISHED)
        if at < self.plan.starts_at:
            raise EventTransitionRefused("活动尚未开始", "The event has not started yet")
        self.state, self.finished_at = EventState.FINISHED, at

    def check_not_started(self, at: datetime) -> None:
        """Refuse what can only be done before the event starts."""
        if at >= self.plan.starts_at:
            raise EventHasStarted

    def check_registration(self, *, dish: str | None, table: int | None, at: datetime) -> None:
        """Refuse a registration that cannot be taken whatever the number of free places."""
        self.check_visible()
        self._check_alive()
        if at >= self.plan.starts_at:
            raise EventHasStarted
        if at >= self.plan.closes_at:
            raise RegistrationIsClosed
        if self.plan.kind is not EventKind.BANQUET:
            given = {"dish": dish, "table": table}
            wrong = {name: ("仅百家宴可填", "banquets only") for name, value in given.items() if value is not None}
            if wrong:
                raise ParticularsRefused(fields=wrong)

    def check_arrival(self, occurred_at: datetime, *, at: datetime) -> None:
        """Refuse an arrival at a moment at which nobody can have arrived, or that is told too late."""
        self.check_visible()
        if self.state is EventState.CANCELLED:
            raise EventIsCancelled
        opens, closes = self.plan.starts_at - DOORS_OPEN_BEFORE, self.plan.ends_at + DOORS_CLOSE_AFTER
        if not opens <= occurred_at <= closes:
            raise OutsideCheckInTime(
                "签到时间为活动开始前 2 小时至结束后 6 小时",
                "Arrivals count from 2 hours before the start until 6 hours after the end",
            )
        if occurred_at > at + CLOCK_TOLERANCE:
            raise OutsideCheckInTime("签到时间不能晚于现在", "An arrival cannot lie in the future")
        if at > self.plan.ends_at + LATE_RECORDS:
            raise OutsideCheckInTime("活动结束已超过 7 天", "The event ended more than 7 days ago")

    def check_visible(self) -> None:
        """A draft is nobody's business yet."""
        if self.state is EventState.DRAFT:
            raise EventNotFound

    def _check_alive(self) -> None:
        if self.state is EventState.CANCELLED:
            raise EventIsCancelled(self.cancel_reason or "")
        if self.state is EventState.FINISHED:
            raise EventIsFinished

    def _must_be(self, *states: EventState) -> None:
        if self.state not in states:
            zh, en = STATE_LABELS[self.state]
            raise EventTransitionRefused(f"活动处于“{zh}”", f"The event is in the state: {en}")
