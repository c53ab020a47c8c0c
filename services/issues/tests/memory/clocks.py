"""Clocks and their rules in memory."""

from dataclasses import replace
from uuid import UUID

from services.issues.domain.calendar.calendars import Calendars
from services.issues.domain.clocks.default_rules import DEFAULT_RULES
from services.issues.domain.clocks.escalation import Watch
from services.issues.domain.clocks.reckoning import Almanac
from services.issues.domain.clocks.rules import RuleBook
from services.issues.domain.clocks.upkeep import keep_deadlines
from services.issues.domain.clocks.versions import CalendarVersion, RuleVersion, Version
from services.issues.domain.errors.clocks import CalendarVersionNotFound, RuleVersionNotFound, VersionDecided
from services.issues.domain.issue import Issue
from services.issues.domain.words.clocks import Publication
from services.issues.tests.memory.issues import MemoryIssues


class MemoryIssueClocks:
    """Satisfies `ports.IssueClocks`."""

    def __init__(self, issues: MemoryIssues) -> None:
        self._issues = issues

    async def watch(self, issue_id: UUID) -> tuple[Issue, Watch]:
        """An issue and its clocks."""
        issue = await self._issues.get(issue_id, seen_by=None)
        return issue, self._issues.watch(issue)

    async def keep(self, issue: Issue, watch: Watch) -> None:
        """Keep what was told."""
        keep_deadlines(self._issues.kept[issue.id], watch.clocks)
        self._issues.look_again(issue.id, watch)

    async def running_after(self, issue_id: UUID | None, limit: int) -> list[UUID]:
        """Issues with a clock that runs."""
        running = [
            known
            for known, issue in sorted(self._issues.kept.items())
            if any(clock.running for clock in self._issues.watch(issue).clocks)
        ]
        return [known for known in running if issue_id is None or known > issue_id][:limit]


class MemoryClockRules:
    """Satisfies `ports.ClockRuleStore`."""

    def __init__(self) -> None:
        self._rules: dict[int, RuleVersion] = {}
        self._calendars: dict[tuple[int, int], CalendarVersion] = {}

    async def almanac(self) -> Almanac:
        """All that was published."""
        rules = [version.as_rules() for version in self._rules.values() if published(version)]
        years = [version.as_year() for version in self._calendars.values() if published(version)]
        return Almanac(RuleBook((DEFAULT_RULES, *rules)), Calendars(tuple(years)))

    async def propose_rules(self, proposed: RuleVersion) -> RuleVersion:
        """Keep a version with the next number."""
        kept = replace(proposed, version=len(self._rules) + 1)
        self._rules[kept.version] = kept
        return kept

    async def rules(self, version: int) -> RuleVersion:
        """A version."""
        if version not in self._rules:
            raise RuleVersionNotFound
        return self._rules[version]

    async def decide_rules(self, decided: RuleVersion) -> None:
        """Keep the decision."""
        if self._rules[decided.version].state is not Publication.PROPOSED:
            raise VersionDecided
        self._rules[decided.version] = decided

    async def propose_calendar(self, proposed: CalendarVersion) -> CalendarVersion:
        """Keep a version with the next number of its year."""
        number = 1 + sum(year == proposed.year for year, _ in self._calendars)
        kept = replace(proposed, version=number)
        self._calendars[kept.year, number] = kept
        return kept

    async def calendar(self, year: int, version: int) -> CalendarVersion:
        """A version."""
        if (year, version) not in self._calendars:
            raise CalendarVersionNotFound
        return self._calendars[year, version]

    async def decide_calendar(self, decided: CalendarVersion) -> None:
        """Keep the decision."""
        if self._calendars[decided.year, decided.version].state is not Publication.PROPOSED:
            raise VersionDecided
        self._calendars[decided.year, decided.version] = decided


def published(version: Version) -> bool:
    """Whether it counts."""
    return version.state is Publication.PUBLISHED
