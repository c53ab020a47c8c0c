"""Messages at work in one consumer, in lanes: one per aggregate, each in the order of its versions, lanes side by side."""

from bisect import insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from shared.messaging.bookkeeping import Run
from shared.messaging.envelope import Envelope
from shared.messaging.pull import Delivery


@dataclass(frozen=True, slots=True)
class Item:
    """A delivery whose envelope could be read."""

    delivery: Delivery
    envelope: Envelope

    @property
    def version(self) -> int:
        """Its place in the order of its aggregate."""
        return self.envelope.aggregate_version


@dataclass(slots=True)
class Lane:
    """What waits of one aggregate, lowest version first."""

    aggregate_id: UUID
    items: list[Item] = field(default_factory=list)
    busy: bool = False

    def add(self, item: Item) -> None:
        """Put a message into its place; redeliveries come in any order."""
        insort(self.items, item, key=lambda known: known.version)

    def run(self, length: int | None = None) -> Run:
        """Consecutive versions from the first of the lane on, at most `length` messages."""
        first = last = self.items[0].version
        for item in self.items[:length]:
            if item.version > last + 1:
                break
            last = item.version
        return Run(self.aggregate_id, self.items[0].envelope.community, first, last)


class Lanes:
    """All lanes of a consumer that hold something."""

    def __init__(self) -> None:
        self._lanes: dict[UUID, Lane] = {}

    def add(self, item: Item) -> Lane:
        """Put a message into the lane of its aggregate."""
        key = item.envelope.aggregate_id
        lane = self._lanes.get(key)
        if lane is None:
            lane = self._lanes[key] = Lane(key)
        lane.add(item)
        return lane

    def leave(self, lane: Lane) -> None:
        """Nobody works on this lane any more."""
        lane.busy = False
        if not lane.items:
            self._lanes.pop(lane.aggregate_id, None)

    def items(self) -> Iterator[Item]:
        """Everything that waits or is being worked on."""
        for lane in self._lanes.values():
            yield from lane.items
