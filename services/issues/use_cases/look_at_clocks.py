"""Look at the clocks of an issue: tell what has run out since the last look, each thing once, and say when to look again."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.clocks.clock import Clock
from services.issues.domain.clocks.escalation import BEFORE_THE_SUBDISTRICT, OVERDUE, Watch
from services.issues.domain.issue import Issue
from services.issues.domain.limits import CALL_BACKS_BEFORE_CLOSING
from services.issues.domain.platform import PLATFORM
from services.issues.domain.words.clocks import ClockCode
from services.issues.domain.words.issues import BroughtUp, State, Verb
from services.issues.domain.words.timers import GOES_ON_AGENDA, NOBODY_ANSWERED
from services.issues.facts import about
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import IssueBroughtUp, IssueClockMissed, IssueEscalated
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class LookAtClocks:
    """At which issue."""

    issue_id: UUID


@one_transaction
async def look_at_clocks(command: LookAtClocks, uow: IssuesUnitOfWork) -> None:
    """Escalate, tell what was missed, and set the next timer. It is also how deadlines follow a new calendar."""
    issue, watch = await uow.clocks.watch(command.issue_id)
    now = uow.now()
    levels, missed = watch.levels_due(now), watch.misses_due(now)
    await uow.clocks.keep(issue, watch.after(levels, missed))
    for clock in missed:
        await uow.publish(clock_missed(issue, clock))
        if clock.code is ClockCode.VERIFY and issue.unanswered >= CALL_BACKS_BEFORE_CLOSING:
            await uow.timers.set(NOBODY_ANSWERED, issue.id, now)
    for level in levels:
        await uow.publish(escalated(issue, watch, level))
    if OVERDUE in levels and issue.state is State.ACCEPTED:
        # Nobody has it in hand; from whoever works on it, being late takes nothing away (decision 0016).
        await uow.timers.set(GOES_ON_AGENDA, issue.id, now)
    if BEFORE_THE_SUBDISTRICT in levels and issue.refusal(Verb.BRING_UP, PLATFORM, now) is None:
        issue.bring_up(why=BroughtUp.OVERDUE, by=PLATFORM, at=now)
        await uow.issues.save(issue)
        await uow.publish(IssueBroughtUp(**about(issue), why=BroughtUp.OVERDUE))


def clock_missed(issue: Issue, clock: Clock) -> IssueClockMissed:
    """The fact that a step was due."""
    return IssueClockMissed(
        issue_id=issue.id,
        number=issue.number,
        category=issue.category,
        clock=clock.code,
        round=clock.round,
        due_at=clock.due_at,
        responsible_organisation=issue.assignment.responsible_organisation if issue.assignment else None,
    )


def escalated(issue: Issue, watch: Watch, level: int) -> IssueEscalated:
    """The fact that a level was reached."""
    solving = watch.solving
    if solving is None:
        raise AssertionError("a level is reached by a clock that runs")
    return IssueEscalated(
        issue_id=issue.id,
        number=issue.number,
        category=issue.category,
        percent=level,
        round=solving.round,
        tier=watch.tier,
        due_at=solving.due_at,
        responsible_organisation=issue.assignment.responsible_organisation if issue.assignment else None,
    )
