"""Appoint the worker of a grid (网格员): the person who answers for it."""

from dataclasses import dataclass
from uuid import UUID

from services.gateway.domain.errors import UnknownReference
from services.gateway.domain.territory import Grid
from services.gateway.ports import GatewayUnitOfWork
from shared.contracts.gateway import GridDrawn
from shared.principal import Role
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class AppointGridWorker:
    """The grid and its worker; None leaves the grid without one."""

    grid_id: UUID
    worker_id: UUID | None
    expected_version: int | None = None


@one_transaction
async def appoint_grid_worker(command: AppointGridWorker, uow: GatewayUnitOfWork) -> Grid:
    """Name the worker of a grid, who must hold the role of grid worker in this community."""
    grid = await uow.grids.get(command.grid_id, command.expected_version)
    if command.worker_id and not await uow.memberships.holds(command.worker_id, Role.GRID_WORKER):
        raise UnknownReference(
            "该人员在本社区没有网格员职责",
            "That person is no grid worker of this community",
            fields={"worker_id": ("不是网格员", "not a grid worker")},
        )
    if grid.appoint(command.worker_id):
        await uow.grids.save(grid)
        await uow.publish(GridDrawn(grid_id=grid.id, name=grid.name, worker_id=grid.worker_id))
    return grid
