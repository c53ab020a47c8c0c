"""What an issue itself shows of its clocks: its deadlines, computed anew at each step."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from services.issues.domain.clocks.clock import Clock
from services.issues.domain.clocks.escalation import Told, Watch
from services.issues.domain.clocks.reckoning import Almanac, ClockFacts
from services.issues.domain.history import HistoryEntry
from services.issues.domain.issue import Issue
from services.issues.domain.words.clocks import ClockCode


def facts_of(issue: Issue) -> ClockFacts:
    """What clocks need of an issue."""
    return ClockFacts(issue.category, issue.severity, issue.registered_at)


def watch_of(issue: Issue, almanac: Almanac, history: Iterable[HistoryEntry], told: Told, at: datetime) -> Watch:
    """The clocks of an issue as something to look at at a moment."""
    clocks = tuple(clock.as_of(at) for clock in almanac.clocks(facts_of(issue), history))
    hours = almanac.rules.in_force(issue.registered_at).hours
    return Watch(clocks, told, almanac.calendars.working(hours), issue.tier or issue.severity)


def first_look(issue: Issue, almanac: Almanac) -> datetime:
    """When the clocks of an issue that was just put on record must be looked at; the issue gets what is promised by them."""
    watch = watch_of(issue, almanac, issue.happened, Told(), issue.registered_at)
    keep_deadlines(issue, watch.clocks)
    return watch.next_look() or issue.registered_at


PROMISED = frozenset({ClockCode.ACCEPT, ClockCode.CONTACT, ClockCode.SOLVE})
"""T1, T2 and T3: what is promised to the reporter."""


def promises(clocks: Iterable[Clock]) -> list[Clock]:
    """The promised clocks as they count now. Where time was extended, the extension counts."""
    newest: dict[ClockCode, Clock] = {}
    for clock in clocks:
        known = newest.get(clock.code)
        if clock.code in PROMISED and (known is None or (clock.round, clock.part) > (known.round, known.part)):
            newest[clock.code] = clock
    return list(newest.values())


def keep_deadlines(issue: Issue, clocks: Sequence[Clock]) -> None:
    """Write the ends of the clocks that count now into the issue."""
    solving = _last(clocks, ClockCode.SOLVE, set_by_rule=True)
    extended = _last(clocks, ClockCode.SOLVE, set_by_rule=False)
    if issue.tier is not None and solving is not None and solving.round == issue.round:
        issue.solve_by = solving.due_at
        if issue.extended_to is not None and extended is not None and extended.round == issue.round:
            issue.extended_to = extended.due_at
    signing, verifying = (_last(clocks, code, set_by_rule=True) for code in (ClockCode.SIGN, ClockCode.VERIFY))
    if signing is not None and signing.running:
        issue.sign_by = signing.due_at
    if verifying is not None and verifying.running:
        issue.verify_by = verifying.due_at
    issue.promised_by = min(
        (clock.due_at for clock in promises(clocks) if clock.running and not clock.paused), default=None
    )


def _last(clocks: Sequence[Clock], code: ClockCode, *, set_by_rule: bool) -> Clock | None:
    return next(
        (clock for clock in reversed(clocks) if clock.code is code and (clock.span is not None) is set_by_rule), None
    )
