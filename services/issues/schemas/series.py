"""What callers send and read about series of meetings and calendar links."""

from datetime import date, datetime, time
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from services.issues.domain.meetings.recurrence import WEDNESDAY, Rule
from services.issues.domain.meetings.series import LONGEST_AHEAD, Changes, Plan, Series
from services.issues.domain.words.meetings import MeetingKind, OnHoliday, Scope
from services.issues.domain.words.vocabulary import words
from services.issues.ports.series import CalendarLink
from services.issues.schemas.labels import Label, View
from services.issues.use_cases.link_calendar import LinkedCalendar
from shared.http.bodies import Day, LineText, Moment, StrictBody

WallClock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", max_length=5)]
"""Local time of the community, such as 19:00."""
Minutes = Annotated[int, Field(ge=15, le=600)]
WeeksAhead = Annotated[int, Field(ge=1, le=LONGEST_AHEAD)]


class RuleBody(StrictBody):
    """每几周的星期几；或每几个月的第几个星期几（-1为最后一个）。Every n weeks on a weekday, or on the n-th of a month."""

    weekday: Annotated[int, Field(ge=1, le=7)] = Field(WEDNESDAY, examples=[3])
    every: Annotated[int, Field(ge=1, le=12)] = 1
    of_month: Annotated[int, Field(ge=-1, le=4)] | None = Field(None, examples=[None])

    @model_validator(mode="after")
    def is_a_rule(self) -> Self:
        """There is no nought-th Wednesday."""
        if self.of_month == 0:
            raise PydanticCustomError("no_such_week", "of_month is 1 to 4, or -1 for the last")
        return self

    def rule(self) -> Rule:
        """In the words of the domain."""
        return Rule(self.weekday, self.every, self.of_month)


class BeginSeriesBody(StrictBody):
    """系列会议，如“相约星期三”。A rule in local time, such as every Wednesday at 19:00."""

    kind: MeetingKind
    place: LineText
    rule: RuleBody
    start_time: WallClock = Field(examples=["19:00"])
    minutes: Minutes = 90
    on_holiday: OnHoliday = OnHoliday.LATER
    weeks_ahead: WeeksAhead = 4
    first: Day
    last: Day | None = Field(None, examples=[None])

    def plan(self) -> Plan:
        """In the words of the domain."""
        return Plan(
            self.kind,
            self.place,
            self.rule.rule(),
            time.fromisoformat(self.start_time),
            self.minutes,
            self.on_holiday,
            self.weeks_ahead,
        )


class ChangeSeriesBody(StrictBody):
    """修改系列：本次及以后，或所有尚未召开的；不填的不变。What changes from which meeting on."""

    scope: Scope
    since: Day | None = Field(None, description="规则日；仅用于“本次及以后”。The day of the first meeting concerned")
    place: LineText | None = None
    rule: RuleBody | None = None
    start_time: WallClock | None = Field(None, examples=["19:30"])
    minutes: Minutes | None = None
    on_holiday: OnHoliday | None = None
    weeks_ahead: WeeksAhead | None = None

    def changes(self) -> Changes:
        """In the words of the domain."""
        return Changes(
            self.place,
            self.rule.rule() if self.rule else None,
            time.fromisoformat(self.start_time) if self.start_time else None,
            self.minutes,
            self.on_holiday,
            self.weeks_ahead,
        )


class EndSeriesBody(StrictBody):
    """结束系列：最后一天及理由。The last day, and why."""

    last: Day
    reason: LineText


class RescheduleBody(StrictBody):
    """改期或改地点，须说明理由；不填的不变。Another time or place, and why."""

    starts_at: Moment | None = None
    place: LineText | None = None
    minutes: Minutes | None = None
    reason: LineText


class CancelMeetingBody(StrictBody):
    """取消会议的理由；议题转入下一次。Why; the agenda goes to the next meeting."""

    reason: LineText


class NothingBody(StrictBody):
    """无需填写。Nothing to fill in."""


class LinkCalendarBody(StrictBody):
    """订阅一个系列；不填则为我受邀的所有会议。One series, or all meetings one is invited to."""

    series_id: UUID | None = Field(None, examples=[None])


class RuleView(View):
    """A rule."""

    weekday: int
    every: int
    of_month: int | None
    rrule: str
    time_zone: str


class SeriesView(View):
    """系列会议。A series of meetings."""

    id: UUID
    kind: MeetingKind
    kind_label: Label
    place: str
    rule: RuleView
    start_time: str
    minutes: int
    on_holiday: OnHoliday
    on_holiday_label: Label
    weeks_ahead: int
    first: date
    last: date | None
    followed_from: UUID | None
    version: int

    @classmethod
    def of(cls, series: Series) -> "SeriesView":
        """The series."""
        plan = series.plan
        return cls.model_construct(
            id=series.id,
            kind=plan.kind,
            kind_label=Label.of(words(plan.kind)),
            place=plan.place,
            rule=RuleView.model_construct(
                weekday=plan.rule.weekday,
                every=plan.rule.every,
                of_month=plan.rule.of_month,
                rrule=plan.rule.text,
                time_zone="Asia/Shanghai",
            ),
            start_time=plan.start.strftime("%H:%M"),
            minutes=plan.minutes,
            on_holiday=plan.on_holiday,
            on_holiday_label=Label.of(words(plan.on_holiday)),
            weeks_ahead=plan.weeks_ahead,
            first=series.first,
            last=series.last,
            followed_from=series.followed_from,
            version=series.version,
        )


class CalendarLinkView(View):
    """A link for a calendar program, without its secret."""

    id: UUID
    series_id: UUID | None
    created_at: datetime
    revoked_at: datetime | None

    @classmethod
    def of(cls, link: CalendarLink) -> "CalendarLinkView":
        """The link."""
        return cls.model_construct(
            id=link.id, series_id=link.series_id, created_at=link.created_at, revoked_at=link.revoked_at
        )


class LinkedCalendarView(View):
    """链接只显示这一次；知道链接的人都能看到会议时间。The address is shown once; whoever knows it sees when meetings are."""

    id: UUID
    path: str

    @classmethod
    def of(cls, linked: LinkedCalendar, base: str) -> "LinkedCalendarView":
        """The link with its address."""
        return cls.model_construct(id=linked.link.id, path=f"{base}/{linked.token}.ics")
