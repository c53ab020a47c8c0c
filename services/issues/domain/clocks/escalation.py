"""Escalation of T3: at 50, 80, 100, 150 and 300 % of its time, each level once per round, inside office hours unless there is danger."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.issues.domain.calendar.working import WorkingCalendar
from services.issues.domain.clocks.clock import Clock
from services.issues.domain.words.clocks import ClockCode
from services.issues.domain.words.issues import Tier

LEVELS = (50, 80, 100, 150, 300)
"""Percent of T3: handler; lead and officer; secretary (red); subdistrict; the leaders' weekly list."""
OVERDUE = 100
"""The level at which T3 is over."""
BEFORE_THE_SUBDISTRICT = 150
"""The level at which the subdistrict gets to see the issue."""
ACTED_ON = frozenset({ClockCode.ACCEPT, ClockCode.CONTACT, ClockCode.SIGN, ClockCode.REVIEW, ClockCode.VERIFY})
"""Clocks whose end somebody is told about, beside T3."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was said already: the level of T3 by round, and the clocks whose end was told."""

    levels: tuple[tuple[int, int], ...] = ()
    missed: frozenset[tuple[ClockCode, int, int]] = frozenset()

    def level(self, round_: int) -> int:
        """The highest level told in a round; 0: none."""
        return dict(self.levels).get(round_, 0)


@dataclass(frozen=True, slots=True)
class Watch:
    """The clocks of an issue as something to look at: what is to be told now, and when to look again."""

    clocks: tuple[Clock, ...]
    told: Told
    calendar: WorkingCalendar
    tier: Tier

    @property
    def solving(self) -> Clock | None:
        """T3 as it counts now: the extension where there is one. None when it does not run."""
        return max(
            (clock for clock in self.clocks if clock.code is ClockCode.SOLVE and clock.running),
            key=lambda clock: (clock.round, clock.part),
            default=None,
        )

    def levels_due(self, now: datetime) -> list[int]:
        """Levels that are reached and were not told, in order."""
        return [level for level, at in self._levels_ahead() if at <= now]

    def misses_due(self, now: datetime) -> list[Clock]:
        """Clocks that are over and about which nobody was told."""
        return [clock for clock, at in self._misses_ahead() if at <= now]

    def next_look(self) -> datetime | None:
        """When the next level or end is reached that was not told yet, or T9 ends by itself; None: nothing lies ahead."""
        moments = [at for _, at in self._levels_ahead()] + [at for _, at in self._misses_ahead()]
        moments += [clock.due_at for clock in self.clocks if clock.code is ClockCode.RATE and clock.running]
        return min(moments, default=None)

    def after(self, levels: Iterable[int], misses: Iterable[Clock]) -> "Watch":
        """The same, when these were told."""
        solving, told = self.solving, dict(self.told.levels)
        if solving is not None:
            told[solving.round] = max((told.get(solving.round, 0), *levels))
        missed = self.told.missed | {clock.key for clock in misses}
        return Watch(self.clocks, Told(tuple(sorted(told.items())), missed), self.calendar, self.tier)

    @property
    def level(self) -> int:
        """The level that stands now; 0 when T3 does not run."""
        return self.told.level(self.solving.round) if self.solving is not None else 0

    def _levels_ahead(self) -> list[tuple[int, datetime]]:
        clock = self.solving
        if clock is None or clock.paused:
            return []
        origin = min(self._running_beside(clock), key=lambda known: known.part)
        told = self.told.level(clock.round)
        return [(level, self._shown(moment_of(origin, clock, level))) for level in LEVELS if level > told]

    def _misses_ahead(self) -> list[tuple[Clock, datetime]]:
        return [
            (clock, self._shown(clock.due_at))
            for clock in self.clocks
            if clock.code in ACTED_ON and clock.running and clock.key not in self.told.missed
        ]

    def _running_beside(self, clock: Clock) -> Sequence[Clock]:
        return [known for known in self.clocks if known.code is clock.code and known.running]

    def _shown(self, moment: datetime) -> datetime:
        return moment if self.tier is Tier.DANGER else self.calendar.opening(moment)


def moment_of(origin: Clock, clock: Clock, percent: int) -> datetime:
    """When so many percent of a clock's time have passed. `origin` is where its round began: an extension goes on from there."""
    pauses = sorted({*origin.pauses, *clock.pauses}, key=lambda pause: pause.since)
    stood = sum((pause.length for pause in pauses if pause.since < clock.due_at), start=clock.due_at - clock.due_at)
    moment = origin.started_at + (clock.due_at - origin.started_at - stood) * percent / 100
    for pause in pauses:
        if pause.since < moment:
            moment += pause.length
    return moment
