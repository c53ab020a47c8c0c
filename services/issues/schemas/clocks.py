"""Clocks, their rules and the working calendar, as people and programs read them."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from services.issues.domain.calendar.calendars import Calendars
from services.issues.domain.calendar.working import OFFICE_HOURS, Hours
from services.issues.domain.calendar.year import CalendarYear
from services.issues.domain.clocks.clock import Clock, Pause
from services.issues.domain.clocks.default_rules import DEFAULT_RULES
from services.issues.domain.clocks.escalation import Watch
from services.issues.domain.clocks.rules import ClockRule, Span
from services.issues.domain.clocks.versions import CalendarVersion, RuleVersion
from services.issues.domain.words.clocks import ClockCode, ClockResult, PauseReason, Publication, Unit
from services.issues.domain.words.issues import Tier
from services.issues.domain.words.vocabulary import words
from services.issues.schemas.issue_bodies import CategoryCode
from services.issues.schemas.issue_views import Label, View
from shared.http.bodies import LineText, Moment, ShortText, StrictBody

TimeOfDay = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["08:30"])]
"""Local time, HH:MM."""


class PauseView(View):
    """A time in which a clock stood still."""

    since: datetime
    until: datetime | None
    reason: PauseReason
    label: Label

    @classmethod
    def of(cls, pause: Pause) -> "PauseView":
        """From the domain."""
        return cls.model_construct(
            since=pause.since, until=pause.until, reason=pause.reason, label=Label.of(words(pause.reason))
        )


class SpanView(View):
    """A length of time in a unit."""

    unit: Unit
    amount: int
    label: Label

    @classmethod
    def of(cls, span: Span) -> "SpanView":
        """From the domain."""
        return cls.model_construct(unit=span.unit, amount=span.amount, label=Label.of(words(span.unit)))


class DayOffView(View):
    """A day on which nobody works, with the reason."""

    day: date
    label: Label


class CalendarUsedView(View):
    """Which version of which year a deadline was computed with. Version 0 came with the platform."""

    year: int
    version: int


class ClockView(View):
    """One clock and all that explains its end."""

    code: ClockCode
    label: Label
    round: int
    part: int = Field(description="同一轮内第几次；T3 的第 2 次为延期。T3: 2 is the extension beside the first")
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    stopped_by: str | None
    result: ClockResult | None
    result_label: Label | None
    paused: bool
    pauses: list[PauseView]
    span: SpanView | None = Field(description="为空：期限由人设定的日期。None: the end is a date that somebody set")
    rule_version: int
    calendar: list[CalendarUsedView]
    provisional: bool = Field(description="涉及尚未公布节假日安排的年份。Reaches into a year that was not announced")
    days_off: list[DayOffView]
    organisation: UUID | None = Field(description="T6：哪个被呼叫的单位。T6: of which called unit")

    @classmethod
    def of(cls, clock: Clock, organisation: UUID | None = None) -> "ClockView":
        """From the domain."""
        return cls.model_construct(
            organisation=organisation,
            code=clock.code,
            label=Label.of(words(clock.code)),
            round=clock.round,
            part=clock.part,
            started_at=clock.started_at,
            due_at=clock.due_at,
            stopped_at=clock.stopped_at,
            stopped_by=clock.stopped_by,
            result=clock.result,
            result_label=Label.of(words(clock.result)) if clock.result else None,
            paused=clock.paused,
            pauses=[PauseView.of(pause) for pause in clock.pauses],
            span=SpanView.of(clock.span) if clock.span else None,
            rule_version=clock.rule_version,
            calendar=[CalendarUsedView.model_construct(year=year, version=version) for year, version in clock.calendar],
            provisional=clock.provisional,
            days_off=[DayOffView.model_construct(day=day, label=Label.of(why)) for day, why in clock.days_off],
        )


class ClocksView(View):
    """Every clock that ever ran on an issue, and how far its escalation is."""

    items: list[ClockView]
    overdue_level: int = Field(description="本轮已升级到的百分比；0 为未升级。Percent of T3 that was escalated")
    next_look_at: datetime | None = Field(description="下一次升级或提醒。When the next level or end is reached")

    @classmethod
    def of(cls, watch: Watch, arrivals: Sequence[tuple[UUID, Clock]] = ()) -> "ClocksView":
        """From the domain: those of the issue, then those of the units that were called for it."""
        return cls.model_construct(
            items=[
                *(ClockView.of(clock) for clock in watch.clocks),
                *(ClockView.of(clock, organisation) for organisation, clock in arrivals),
            ],
            overdue_level=watch.level,
            next_look_at=watch.next_look(),
        )


class VersionView(View):
    """Where a version stands, who proposed it and who decided."""

    version: int
    note: str
    state: Publication
    state_label: Label
    proposed_by: UUID | None
    proposed_at: datetime | None
    decided_by: UUID | None
    decided_at: datetime | None


class ClockRuleView(View):
    """How long one clock runs, for a tier, a category, both or all."""

    code: ClockCode
    label: Label
    unit: Unit
    amount: int
    tier: Tier | None
    category: str | None

    @classmethod
    def of(cls, rule: ClockRule) -> "ClockRuleView":
        """From the domain."""
        return cls.model_construct(
            code=rule.code,
            label=Label.of(words(rule.code)),
            unit=rule.span.unit,
            amount=rule.span.amount,
            tier=rule.tier,
            category=rule.category,
        )


class OfficeHoursView(View):
    """From when to when offices are open, local time."""

    begin: str = Field(examples=["08:30"])
    end: str = Field(examples=["12:00"])


class ClockRulesView(VersionView):
    """One version of the rules. Version 0 came with the platform."""

    effective_from: datetime | None
    hours: list[OfficeHoursView]
    rules: list[ClockRuleView]

    @classmethod
    def of(cls, version: RuleVersion) -> "ClockRulesView":
        """From the domain."""
        published = version.state is Publication.PUBLISHED
        return cls.model_construct(
            **_decision(version),
            effective_from=version.as_rules().effective_from if published else version.effective_from,
            hours=_sessions(version.hours),
            rules=[ClockRuleView.of(rule) for rule in version.rules],
        )

    @classmethod
    def shipped(cls) -> "ClockRulesView":
        """Version 0."""
        return cls.model_construct(
            **SHIPPED,
            effective_from=None,
            hours=_sessions(OFFICE_HOURS),
            rules=[ClockRuleView.of(rule) for rule in DEFAULT_RULES.rules],
        )


class CalendarVersionView(VersionView):
    """One version of one year of the working calendar."""

    year: int
    holidays: list[DayOffView]
    make_up_days: list[date]

    @classmethod
    def of(cls, version: CalendarVersion) -> "CalendarVersionView":
        """From the domain."""
        return cls.model_construct(
            **_decision(version),
            year=version.year,
            holidays=_days_off(version.as_year()),
            make_up_days=sorted(version.make_up_days),
        )


class CalendarYearView(View):
    """A year of the working calendar as it counts now."""

    year: int
    version: int = Field(description="0 为平台自带。0: as shipped")
    announced: bool = Field(description="否：节假日安排尚未公布，按法定节日推算。No: computed from the fixed festivals")
    source: Label
    published_at: datetime | None
    holidays: list[DayOffView]
    make_up_days: list[date] = Field(description="调休上班的周末。Weekend days that are worked")

    @classmethod
    def of(cls, calendars: Calendars, year: int) -> "CalendarYearView":
        """From the domain."""
        known = calendars.in_force(year)
        return cls.model_construct(
            year=year,
            version=known.version,
            announced=known.announced,
            source=Label.of(known.source),
            published_at=known.published_at,
            holidays=_days_off(known),
            make_up_days=sorted(known.make_up_days),
        )


class ClockRuleBody(StrictBody):
    """How long one clock runs."""

    code: ClockCode
    unit: Unit
    amount: Annotated[int, Field(ge=1, le=50_000, description="天数最多 400。At most 400 days")]
    tier: Tier | None = None
    category: CategoryCode | None = None

    def rule(self) -> ClockRule:
        """For the domain."""
        return ClockRule(self.code, Span(self.unit, self.amount), self.tier, self.category)


class OfficeHoursBody(StrictBody):
    """From when to when offices are open, local time."""

    begin: TimeOfDay
    end: TimeOfDay


class ClockRulesBody(StrictBody):
    """A whole version: every clock that a rule ends must have one for every tier."""

    rules: Annotated[list[ClockRuleBody], Field(min_length=1, max_length=500)]
    hours: Annotated[list[OfficeHoursBody], Field(min_length=1, max_length=4)]
    effective_from: Moment
    note: LineText

    def office_hours(self) -> Hours:
        """For the domain."""
        return Hours(
            tuple((time.fromisoformat(session.begin), time.fromisoformat(session.end)) for session in self.hours)
        )


class HolidayBody(StrictBody):
    """A day off and what it is called."""

    day: date
    name: ShortText


class CalendarBody(StrictBody):
    """A whole year: all days off, and the weekend days that are worked."""

    holidays: Annotated[list[HolidayBody], Field(max_length=366)]
    make_up_days: Annotated[list[date], Field(max_length=60)]
    note: LineText = Field(description="依据。Where this is written", examples=["国办发明电〔2026〕7号"])


class VersionDecisionBody(StrictBody):
    """The second person's word."""

    agree: bool


def _decision(version: RuleVersion | CalendarVersion) -> dict[str, Any]:
    return {
        "version": version.version,
        "note": version.note,
        "state": version.state,
        "state_label": Label.of(words(version.state)),
        "proposed_by": version.proposed_by,
        "proposed_at": version.proposed_at,
        "decided_by": version.decided_by,
        "decided_at": version.decided_at,
    }


SHIPPED: dict[str, Any] = {
    "version": 0,
    "note": "平台自带的规则。Rules that come with the platform.",
    "state": Publication.PUBLISHED,
    "state_label": Label.of(words(Publication.PUBLISHED)),
    "proposed_by": None,
    "proposed_at": None,
    "decided_by": None,
    "decided_at": None,
}


def _sessions(hours: Hours) -> list[OfficeHoursView]:
    return [
        OfficeHoursView.model_construct(begin=begin.strftime("%H:%M"), end=end.strftime("%H:%M"))
        for begin, end in hours.sessions
    ]


def _days_off(year: CalendarYear) -> list[DayOffView]:
    return [DayOffView.model_construct(day=day, label=Label.of(name)) for day, name in sorted(year.holidays.items())]
