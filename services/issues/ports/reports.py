"""How the use cases keep what reports are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from services.issues.domain.rates.contribution import Contribution, Facts
from services.issues.domain.rates.counting import Counted
from services.issues.domain.rates.metrics import RULES_VERSION
from services.issues.domain.rates.reading import Step


@dataclass(frozen=True, slots=True)
class Generations:
    """Which counts are shown, and which are being made anew: `reached` is the last issue that the new ones hold."""

    current: int
    building: int | None = None
    reached: UUID | None = None
    rules_version: int = RULES_VERSION
    """Of the rules of counting by which the shown ones were made."""

    @property
    def are_outdated(self) -> bool:
        """Whether what is shown was counted by other rules, and nobody makes it anew yet."""
        return self.rules_version != RULES_VERSION and self.building is None


@dataclass(frozen=True, slots=True)
class Placed:
    """Where and when a matter was registered: what makes another one a repetition."""

    issue_id: UUID
    building_id: UUID
    category: str
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class Baseline:
    """A figure of a time or of an office that this platform did not count, with who says so."""

    metric: str
    first_day: date
    last_day: date
    numerator: int
    denominator: int
    source: str


@dataclass(frozen=True, slots=True)
class ProfileFigures:
    """Households and residents of the community from a date on."""

    as_of: date
    households: int
    residents: int


class ReportStore(Protocol):
    """The counts of one community. Whoever changes them holds `lock` until the end of the transaction."""

    async def lock(self) -> Generations | None:
        """Let nobody else count this community until this transaction ends; None if somebody else does just now."""
        ...

    async def take_changed(self, limit: int) -> Sequence[UUID]:
        """Take the issues that changed longest ago off the queue, each once."""
        ...

    async def has_waiting(self) -> bool:
        """Whether there are changes that are not counted."""
        ...

    async def read(self, issue_ids: Sequence[UUID]) -> Sequence[tuple[Facts, Sequence[Step]]]:
        """What counting must know of these issues; those that are not there are left out."""
        ...

    async def former(self, generation: int, issue_ids: Sequence[UUID]) -> Mapping[UUID, Contribution]:
        """What these issues add so far."""
        ...

    async def add(self, generation: int, counted: Counted) -> None:
        """Keep what issues add now, add the difference to the sums, and keep the lists."""
        ...

    async def count_repetitions_of(self, placed: Sequence[Placed]) -> None:
        """Have the later matters of the same places counted again."""
        ...

    async def next_issues(self, after: UUID | None, limit: int) -> Sequence[UUID]:
        """The issues behind this one, in the order of ids."""
        ...

    async def begin_building(self) -> int:
        """Begin to make the counts anew; the generation in which they are made."""
        ...

    async def reach(self, issue_id: UUID) -> None:
        """Note the last issue that the new counts hold."""
        ...

    async def show(self, generation: int) -> int:
        """Show the new counts from now on; returns how many monthly sums of the former ones were different."""
        ...

    async def drop_former(self, limit: int) -> int:
        """Remove counts that are neither shown nor being made, a few rows at a time; 0 when none are left."""
        ...

    async def keep_baseline(self, baseline: Baseline, by: UUID, at: datetime) -> None:
        """Keep an imported figure, or what it has become."""
        ...

    async def keep_profile(self, figures: ProfileFigures) -> None:
        """Keep the figures of the community from a date on."""
        ...
