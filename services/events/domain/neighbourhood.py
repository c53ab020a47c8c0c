"""What we know of the neighbourhood from the gateway: figures of the community, buildings. Copies, never changed here."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Figures:
    """Size of the community, true on `as_of`: the denominator of every rate about that time."""

    as_of: date
    households: int
    residents: int


@dataclass(frozen=True, slots=True)
class Building:
    """A building (楼栋) and the grid it belongs to."""

    id: UUID
    compound_id: UUID
    grid_id: UUID
    name: str
