"""Compounds, grids and buildings: a building lies in one compound and belongs to exactly one grid."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(slots=True)
class Compound:
    """A residential compound (小区)."""

    id: UUID
    name: str
    address: str = ""
    version: int = 1


@dataclass(slots=True)
class Grid:
    """A grid (网格): the routing key of grid management. Its worker (网格员) answers for it; without one it is a gap."""

    id: UUID
    name: str
    worker_id: UUID | None = None
    version: int = 1

    def appoint(self, worker_id: UUID | None) -> bool:
        """Give the grid a worker, or take the worker away; says whether that changed anything."""
        changed = self.worker_id != worker_id
        self.worker_id = worker_id
        return changed


@dataclass(slots=True)
class Building:
    """A building (楼栋) with its units (单元) and floors."""

    id: UUID
    compound_id: UUID
    grid_id: UUID
    name: str
    units: int = 1
    floors: int = 1
    version: int = 1

    def move(self, grid_id: UUID) -> bool:
        """Put the building into another grid; it leaves the old one. Says whether that changed anything."""
        changed = self.grid_id != grid_id
        self.grid_id = grid_id
        return changed


@dataclass(slots=True)
class Household:
    """A household (户): a door in a building and the persons with an account who live behind it."""

    id: UUID
    building_id: UUID
    unit: str
    room: str
    person_ids: tuple[UUID, ...] = ()
    version: int = 1

    def join(self, person_id: UUID) -> bool:
        """Let a person belong to the household; says whether that changed anything."""
        if person_id in self.person_ids:
            return False
        self.person_ids = (*self.person_ids, person_id)
        return True
