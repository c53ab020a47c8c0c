"""催办: whoever waits may ask to hurry, once a day, after a deadline has passed."""

from collections.abc import Iterable
from datetime import date, datetime

from services.issues.domain.clocks.clock import Clock
from services.issues.domain.errors.publicity import TooEarlyToUrge
from services.issues.domain.issue import Issue
from services.issues.domain.transitions import NOT_YET_RESOLVED
from services.issues.domain.words.clocks import ClockCode
from services.issues.domain.words.issues import Verb
from shared.clock import CHINA
from shared.principal import Principal

URGENT = frozenset({ClockCode.ACCEPT, ClockCode.CONTACT, ClockCode.SOLVE})
"""T1, T2 and T3: what is promised to the reporter."""


def local_day(at: datetime) -> date:
    """The day as people who wait count it."""
    return at.astimezone(CHINA).date()


def urge(issue: Issue, clocks: Iterable[Clock], note: str | None, *, by: Principal, at: datetime) -> tuple[str, ...]:
    """Write down that somebody urged; returns what is late. Raises TooEarlyToUrge as long as nothing is."""
    if issue.reported_by == by.person:
        issue.refuse_unless_possible(Verb.URGE, by, at)
    if issue.state not in NOT_YET_RESOLVED:
        raise TooEarlyToUrge("诉求已有办理结果，无需催办", "It is resolved already, so there is nothing to urge")
    late = late_clocks(clocks, at)
    if not late and (issue.assignment is None or issue.assignment.deadline > at):
        raise TooEarlyToUrge
    issue.record(Verb.URGE, by, at, note=note, late=",".join(late) or None)
    return late


def late_clocks(clocks: Iterable[Clock], at: datetime) -> tuple[str, ...]:
    """Codes of the promised clocks that are over. Where time was extended, the extension counts."""
    newest: dict[ClockCode, Clock] = {}
    for clock in clocks:
        known = newest.get(clock.code)
        if clock.code in URGENT and (known is None or (clock.round, clock.part) > (known.round, known.part)):
            newest[clock.code] = clock
    return tuple(sorted(code.value for code, clock in newest.items() if clock.is_over(at)))
