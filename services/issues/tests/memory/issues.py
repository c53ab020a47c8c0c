"""Issues in memory."""

from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime, timedelta
from uuid import UUID

from services.issues.domain.calendar.calendars import Calendars
from services.issues.domain.clocks.default_rules import DEFAULT_RULES
from services.issues.domain.clocks.escalation import Told, Watch
from services.issues.domain.clocks.reckoning import Almanac
from services.issues.domain.clocks.rules import RuleBook
from services.issues.domain.clocks.upkeep import keep_deadlines, watch_of
from services.issues.domain.errors.issues import IssueNotFound
from services.issues.domain.history import HistoryEntry
from services.issues.domain.issue import Issue
from services.issues.domain.number import issue_number, number_year
from services.issues.domain.place import Place
from services.issues.domain.words.issues import Outcome, State
from services.issues.domain.words.timers import LOOK
from services.issues.ports.issues import Origin
from services.issues.tests.builders import NOW
from shared.errors import ConcurrentChange
from shared.expected_version import check_version
from shared.principal import Principal
from shared.testing.timers import MemoryTimers

SHIPPED = Almanac(RuleBook((DEFAULT_RULES,)), Calendars())


class MemoryIssues:
    """Satisfies `ports.IssueStore`."""

    def __init__(self) -> None:
        self.kept: dict[UUID, Issue] = {}
        self.history: dict[UUID, list[HistoryEntry]] = {}
        self.origins: dict[tuple[str, str], UUID] = {}
        self.last = 0
        self.told: dict[UUID, Told] = {}
        self.timers = MemoryTimers()

    def next_number(self) -> str:
        """In memory nothing fails after this, so the number is real at once."""
        self.last += 1
        return issue_number("FCC", number_year(NOW), self.last)

    async def get(self, issue_id: UUID, *, seen_by: Principal | None, expected_version: int | None = None) -> Issue:
        """A copy of the issue."""
        if issue_id not in self.kept:
            raise IssueNotFound
        issue = deepcopy(self.kept[issue_id])
        if seen_by is not None:
            issue.check_visible_to(seen_by)
        check_version(issue.version, expected_version)
        return issue

    async def add(self, issue: Issue, *, origin: Origin | None = None) -> None:
        """Keep a new issue."""
        if origin is not None:
            self.origins[origin.source, origin.source_id] = issue.id
        self._keep(issue)

    async def save(self, issue: Issue) -> None:
        """Keep a changed issue."""
        known = self.kept.get(issue.id)
        if known is None:
            raise IssueNotFound
        if known.version != issue.version:
            raise ConcurrentChange
        issue.version += 1
        keep_deadlines(issue, self.watch(issue).clocks)
        self._keep(issue)

    async def note(self, issue: Issue) -> None:
        """Keep what happened."""
        self.history.setdefault(issue.id, []).extend(issue.happened)
        issue.happened.clear()

    async def earlier(self, issue: Issue) -> Sequence[UUID]:
        """Issues of the same matter not long before."""
        found = [
            known
            for known in self.kept.values()
            if known.place.building_id == issue.place.building_id is not None
            and known.category == issue.category
            and issue.registered_at - timedelta(days=90) < known.registered_at < issue.registered_at
            and known.outcome not in (Outcome.WITHDRAWN, Outcome.DUPLICATE)
            and known.state is not State.DISMISSED
        ]
        return [known.id for known in sorted(found, key=lambda known: known.registered_at, reverse=True)][:20]

    async def twin_of(self, filed_by: UUID, category: str, text: str, place: Place, *, since: datetime) -> Issue | None:
        """The newest of the same words."""
        twins = [
            issue
            for issue in self.kept.values()
            if (issue.filing.filed_by, issue.category, issue.text) == (filed_by, category, text)
            and (issue.place.building_id, issue.place.unit, issue.place.text)
            == (place.building_id, place.unit, place.text)
            and issue.registered_at >= since
        ]
        return deepcopy(max(twins, key=lambda issue: issue.registered_at, default=None))

    async def known_origins(self, source: str, source_ids: Sequence[str]) -> dict[str, tuple[UUID, str]]:
        """Which ids came in before."""
        found = {key: self.origins[source, key] for key in source_ids if (source, key) in self.origins}
        return {key: (issue_id, self.kept[issue_id].number) for key, issue_id in found.items()}

    def _keep(self, issue: Issue) -> None:
        self.history.setdefault(issue.id, []).extend(issue.happened)
        issue.happened.clear()
        self.kept[issue.id] = deepcopy(issue)
        self.look_again(issue.id, self.watch(issue))

    def look_again(self, issue_id: UUID, watch: Watch) -> None:
        """Keep what was told, and set the one timer."""
        self.told[issue_id] = watch.told
        self.kept[issue_id].overdue_level = watch.level
        next_look, timer = watch.next_look(), (LOOK, issue_id, "")
        if next_look is None:
            self.timers.set_to.pop(timer, None)
        else:
            self.timers.set_to[timer] = next_look

    def watch(self, issue: Issue) -> Watch:
        """Its clocks, by the shipped rules and calendar."""
        history = [*self.history.get(issue.id, ()), *issue.happened]
        at = history[-1].at if history else issue.registered_at
        return watch_of(issue, SHIPPED, history, self.told.get(issue.id, Told()), at)
