"""催办: whoever waits may ask to hurry, once a day, after a deadline has passed."""

from collections.abc import Iterable
from datetime import datetime

from services.issues.domain.clocks.clock import Clock
from services.issues.domain.clocks.upkeep import keep_deadlines, promises
from services.issues.domain.conditions import is_late, urged_today
from services.issues.domain.errors.publicity import TooEarlyToUrge, UrgedToday
from services.issues.domain.issue import Issue
from services.issues.domain.transitions import NOT_YET_RESOLVED
from services.issues.domain.words.issues import Verb
from shared.principal import Principal


def urge(issue: Issue, clocks: tuple[Clock, ...], note: str | None, *, by: Principal, at: datetime) -> tuple[str, ...]:
    """Write down that somebody urged; returns what is late. Raises TooEarlyToUrge as long as nothing is, UrgedToday the second time."""
    keep_deadlines(issue, clocks)
    if issue.state in NOT_YET_RESOLVED and not is_late(issue, at):
        raise TooEarlyToUrge
    if issue.reported_by == by.person:
        if urged_today(issue, at):
            raise UrgedToday
        issue.refuse_unless_possible(Verb.URGE, by, at)
        issue.reporter_urged_at = at
    if issue.state not in NOT_YET_RESOLVED:
        raise TooEarlyToUrge("诉求已有办理结果，无需催办", "It is resolved already, so there is nothing to urge")
    late = late_clocks(clocks, at)
    issue.record(Verb.URGE, by, at, note=note, late=",".join(late) or None)
    return late


def late_clocks(clocks: Iterable[Clock], at: datetime) -> tuple[str, ...]:
    """Codes of the promised clocks that are over."""
    return tuple(sorted(clock.code.value for clock in promises(clocks) if clock.is_over(at)))
