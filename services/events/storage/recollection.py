"""What this process remembers of events, so that a sign-up need not read what rarely changes.

Nothing here is trusted: the statement that relies on it checks the version of the event and what was supposed of its places.
"""

from collections import OrderedDict
from dataclasses import dataclass, replace
from uuid import UUID

from services.events.domain.event import NeighbourhoodEvent
from shared.transaction import TryAgain

REMEMBERED_EVENTS = 1_000


class SupposedWrongly(TryAgain):
    """What was remembered is not so any more: do the work again."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """An event as it was last seen, and whether newcomers had to wait then."""

    event: NeighbourhoodEvent
    waits: bool = False


class Recollection:
    """The events seen last, of all communities."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, UUID], Remembered] = OrderedDict()

    def recall(self, community: str, event_id: UUID) -> Remembered | None:
        """The event, if it is remembered. The copy is the caller's own."""
        known = self._known.get((community, event_id))
        return None if known is None else Remembered(replace(known.event), known.waits)

    def note(self, community: str, event: NeighbourhoodEvent) -> None:
        """Remember an event that was just read."""
        known = self._known.pop((community, event.id), None)
        self._known[community, event.id] = Remembered(replace(event), known is not None and known.waits)
        if len(self._known) > REMEMBERED_EVENTS:
            self._known.popitem(last=False)

    def note_places(self, community: str, event_id: UUID, *, waits: bool) -> None:
        """Remember whether the last newcomer had to wait."""
        known = self._known.get((community, event_id))
        if known is not None and known.waits is not waits:
            self._known[community, event_id] = replace(known, waits=waits)
