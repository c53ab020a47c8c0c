"""Whistles in memory."""

from collections.abc import Sequence
from copy import deepcopy
from uuid import UUID

from services.issues.domain.errors.whistles import UnitAlreadyCalled, WhistleNotFound
from services.issues.domain.whistle import Whistle
from services.issues.domain.whistle_clock import AT_ANY_HOUR
from services.issues.domain.whistle_history import WhistleEntry
from shared.errors import ConcurrentChange
from shared.expected_version import check_version
from shared.principal import Principal


class MemoryWhistles:
    """Satisfies `ports.WhistleStore`."""

    def __init__(self) -> None:
        self.kept: dict[UUID, Whistle] = {}
        self.history: dict[UUID, list[WhistleEntry]] = {}

    async def get(self, whistle_id: UUID, *, seen_by: Principal | None, expected_version: int | None = None) -> Whistle:
        """A copy of the whistle."""
        if whistle_id not in self.kept:
            raise WhistleNotFound
        whistle = deepcopy(self.kept[whistle_id])
        if seen_by is not None:
            whistle.check_visible_to(seen_by)
        check_version(whistle.version, expected_version)
        return whistle

    async def add(self, whistle: Whistle) -> None:
        """Keep a new whistle."""
        called = {unit.organisation for unit in whistle.units}
        for other in self.kept.values():
            busy = {unit.organisation for unit in other.units if unit.is_unfinished()}
            if other.issue_id == whistle.issue_id and busy & called:
                raise UnitAlreadyCalled
        self._keep(whistle)

    async def save(self, whistle: Whistle) -> None:
        """Keep a changed whistle."""
        if whistle.id not in self.kept:
            raise WhistleNotFound
        if self.kept[whistle.id].version != whistle.version:
            raise ConcurrentChange
        whistle.version += 1
        self._keep(whistle)

    async def awaited_by_calendar(self) -> Sequence[tuple[UUID, UUID]]:
        """Units that are awaited at a moment that the calendar decides."""
        return [
            (whistle.id, unit.organisation)
            for whistle in self.kept.values()
            for unit in whistle.units
            if whistle.level not in AT_ANY_HOUR and unit.is_awaited() and unit.missed_at is None
        ]

    def _keep(self, whistle: Whistle) -> None:
        self.history.setdefault(whistle.id, []).extend(whistle.happened)
        whistle.happened.clear()
        self.kept[whistle.id] = deepcopy(whistle)
