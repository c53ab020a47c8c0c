"""Versions of rules and calendar on their way: one person proposes, another one decides."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from typing import Self
from uuid import UUID

from services.issues.domain.calendar.working import Hours
from services.issues.domain.calendar.year import SATURDAY, CalendarYear
from services.issues.domain.clocks.default_rules import NEEDED
from services.issues.domain.clocks.rules import ClockRule, RuleSet
from services.issues.domain.errors.clocks import (
    DayOfAnotherYear,
    HoursOutOfOrder,
    NotAMakeUpDay,
    RulesIncomplete,
    SecondPersonNeeded,
    VersionDecided,
)
from services.issues.domain.words.clocks import Publication, Unit
from services.issues.domain.words.vocabulary import Words
from shared.principal import Principal

MOST_DAYS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What both kinds have in common. `version` is given by the store."""

    id: UUID
    version: int = 0
    note: str
    proposed_by: UUID
    proposed_at: datetime
    state: Publication = Publication.PROPOSED
    decided_by: UUID | None = None
    decided_at: datetime | None = None

    def decide(self, *, agree: bool, by: Principal, at: datetime) -> Self:
        """The second person's word. Raises VersionDecided or SecondPersonNeeded."""
        if self.state is not Publication.PROPOSED:
            raise VersionDecided
        if by.person == self.proposed_by:
            raise SecondPersonNeeded
        state = Publication.PUBLISHED if agree else Publication.REFUSED
        return replace(self, state=state, decided_by=by.person, decided_at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleVersion(Version):
    """A version of the rules of clocks."""

    rules: tuple[ClockRule, ...]
    hours: Hours
    effective_from: datetime
    """When it was meant to begin; it begins when it is approved if that is later."""

    def check(self) -> None:
        """Refuse rules that leave a clock without an answer, and office hours that make no sense."""
        missing = [
            f"{code.value} {tier.words.zh}"
            for code, tier in NEEDED
            if not any(r.fits(code, tier, "") for r in self.rules)
        ]
        if missing:
            text = "、".join(missing)
            raise RulesIncomplete(
                f"缺少规则：{text}", f"No rule for {text}", fields={"rules": (f"缺少 {text}", f"no rule for {text}")}
            )
        if any(
            rule.span.unit in (Unit.DAYS, Unit.WORKING_DAYS) and rule.span.amount > MOST_DAYS for rule in self.rules
        ):
            raise RulesIncomplete(
                f"时限最多 {MOST_DAYS} 天",
                f"A clock runs {MOST_DAYS} days at most",
                fields={"rules": (f"最多 {MOST_DAYS} 天", f"at most {MOST_DAYS} days")},
            )
        moments = [moment for session in self.hours.sessions for moment in session]
        if not moments or any(later <= earlier for earlier, later in pairwise(moments)):
            raise HoursOutOfOrder(fields={"hours": ("须按时间先后排列，不重叠", "must be in order and not overlap")})

    def as_rules(self) -> RuleSet:
        """What clocks are computed with, once it is published."""
        begins = max(self.effective_from, self.decided_at or self.effective_from)
        return RuleSet(self.version, self.rules, self.hours, begins, self.decided_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarVersion(Version):
    """A version of one year of the calendar."""

    year: int
    holidays: Mapping[date, str]
    make_up_days: frozenset[date]

    def check(self) -> None:
        """Refuse days of other years, days that are given off and worked at once, and work days made into make-up days."""
        for field, days in (("holidays", self.holidays), ("make_up_days", self.make_up_days)):
            wrong = next((day for day in sorted(days) if day.year != self.year), None)
            if wrong is not None:
                raise DayOfAnotherYear(
                    fields={field: (f"{wrong} 不在 {self.year} 年", f"{wrong} is not in {self.year}")}
                )
        for day in sorted(self.make_up_days):
            if day in self.holidays or day.weekday() < SATURDAY:
                raise NotAMakeUpDay(
                    fields={"make_up_days": (f"{day} 不是要上班的周末", f"{day} is no weekend day that is worked")}
                )

    def as_year(self) -> CalendarYear:
        """What clocks are computed with, once it is published."""
        return CalendarYear(
            year=self.year,
            version=self.version,
            holidays={day: Words(name, name) for day, name in self.holidays.items()},
            make_up_days=self.make_up_days,
            announced=True,
            source=Words(self.note, self.note),
            published_at=self.decided_at,
        )
