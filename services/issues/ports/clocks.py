"""How the use cases keep clocks, their rules and the working calendar."""

from typing import Protocol
from uuid import UUID

from services.issues.domain.clocks.escalation import Watch
from services.issues.domain.clocks.reckoning import Almanac
from services.issues.domain.clocks.versions import CalendarVersion, RuleVersion
from services.issues.domain.issue import Issue


class IssueClocks(Protocol):
    """The clocks of issues. They are kept with every step by the issue store; here is what happens by time."""

    async def watch(self, issue_id: UUID) -> tuple[Issue, Watch]:
        """An issue and its clocks by the rules and calendar of now. Nobody else changes either before this transaction ends."""
        ...

    async def keep(self, issue: Issue, watch: Watch) -> None:
        """Keep clocks and what was told of them, and the timer of the next look. The issue keeps its version: nothing was done to it."""
        ...

    async def running_after(self, issue_id: UUID | None, limit: int) -> list[UUID]:
        """Issues with a clock that runs, in the order of their ids, after one of them."""
        ...


class ClockRuleStore(Protocol):
    """Versions of rules and calendar. What was decided is never changed."""

    async def almanac(self) -> Almanac:
        """All that was published."""
        ...

    async def propose_rules(self, proposed: RuleVersion) -> RuleVersion:
        """Keep a version with the next free number."""
        ...

    async def rules(self, version: int) -> RuleVersion:
        """A version that was proposed. Raises RuleVersionNotFound."""
        ...

    async def decide_rules(self, decided: RuleVersion) -> None:
        """Keep the decision. Raises VersionDecided when somebody else was faster."""
        ...

    async def propose_calendar(self, proposed: CalendarVersion) -> CalendarVersion:
        """Keep a version with the next free number of its year."""
        ...

    async def calendar(self, year: int, version: int) -> CalendarVersion:
        """A version that was proposed. Raises CalendarVersionNotFound."""
        ...

    async def decide_calendar(self, decided: CalendarVersion) -> None:
        """Keep the decision. Raises VersionDecided when somebody else was faster."""
        ...
