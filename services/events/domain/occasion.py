"""An event together with its places, as people look at it."""

from dataclasses import dataclass

from services.events.domain.event import NeighbourhoodEvent
from services.events.domain.places import Places


@dataclass(frozen=True, slots=True)
class Occasion:
    """What is planned and how many places are taken."""

    event: NeighbourhoodEvent
    places: Places
