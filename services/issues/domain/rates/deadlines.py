"""The deadlines that rates ask for: T2 (first contact) and T3 (solve) of each round."""

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


def deadlines_of(story: Story, *, tier: Tier | None, registered_at: datetime) -> Deadlines:
    """The deadlines of an issue; none before it has a tier."""
    if tier is None:
        return Deadlines(None, [None for _ in story.rounds])
    solve = TIME_TO_SOLVE[tier]
    return Deadlines(
        registered_at + TIME_TO_CONTACT[tier],
        [round_.started_at + (solve if round_.number == 1 else solve / 2) + round_.paused for round_ in story.rounds],
    )
