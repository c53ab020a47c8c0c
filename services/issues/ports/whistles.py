"""How the use cases keep whistles, and what they ask about time and place."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.issues.domain.whistle import Whistle
from shared.principal import Principal


class WhistleStore(Protocol):
    """The whistles of one community."""

    async def get(self, whistle_id: UUID, *, seen_by: Principal | None, expected_version: int | None = None) -> Whistle:
        """The whistle, if this person may see it (None: the rules ask), held until the end of the transaction: units that answer at
        the same moment wait for each other and are both heard. Raises WhistleNotFound or PreconditionFailed."""
        ...

    async def add(self, whistle: Whistle) -> None:
        """Keep a new whistle. Raises UnitAlreadyCalled when a unit has not finished an earlier one for the same issue."""
        ...

    async def save(self, whistle: Whistle) -> None:
        """Keep a changed whistle with its units and what happened to it. Raises ConcurrentChange."""
        ...

    async def awaited_by_calendar(self) -> Sequence[tuple[UUID, UUID]]:
        """Whistles, each with a unit whose arrival depends on the calendar, is still awaited and was not missed."""
        ...


class PlaceCodes(Protocol):
    """Codes that are shown at the place of a whistle and prove that somebody was there. Nobody can make them up."""

    def code_for(self, community: str, whistle_id: UUID, at: datetime) -> tuple[str, datetime]:
        """A fresh code and until when it is taken."""
        ...

    def is_valid(self, code: str, community: str, whistle_id: UUID, at: datetime) -> bool:
        """Whether this code was given out for this whistle and its time is not over."""
        ...
