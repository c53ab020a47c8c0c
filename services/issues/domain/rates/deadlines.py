"""The deadlines that rates ask for: T2 (first contact) and T3 (solve) of each round, as the clocks of the issue have them.

An issue that was accepted before clocks were kept has none; for it plain wall-clock time by tier counts, as it did then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.issues.domain.limits import TIME_TO_SOLVE
from services.issues.domain.rates.reading import Story
from services.issues.domain.words.issues import Tier

TIME_TO_CONTACT = {
    Tier.DANGER: timedelta(minutes=30),
    Tier.UTILITIES: timedelta(minutes=30),
    Tier.GENERAL: timedelta(days=1),
    Tier.COMPLEX: timedelta(days=1),
}


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Until when the reporter had to hear from somebody, and until when each round had to be resolved."""

    contact_by: datetime | None
    solve_by: Sequence[datetime | None]


@dataclass(frozen=True, slots=True)
class KeptDeadlines:
    """What the clocks of an issue say: the end of T2, and that of T3 by round (where time was extended, the extension)."""

    contact_by: datetime | None = None
    solve_by: tuple[tuple[int, datetime], ...] = ()


NO_CLOCKS = KeptDeadlines()


def deadlines_of(
    story: Story, *, tier: Tier | None, registered_at: datetime, kept: KeptDeadlines = NO_CLOCKS
) -> Deadlines:
    """The deadlines of an issue; none before it has a tier."""
    if tier is None:
        return Deadlines(None, [None for _ in story.rounds])
    solve, by_round = TIME_TO_SOLVE[tier], dict(kept.solve_by)
    return Deadlines(
        kept.contact_by or registered_at + TIME_TO_CONTACT[tier],
        [
            by_round.get(one.number) or one.started_at + (solve if one.number == 1 else solve / 2) + one.paused
            for one in story.rounds
        ],
    )
