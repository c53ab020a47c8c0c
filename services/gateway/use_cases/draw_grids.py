"""Draw grids (网格): every building will belong to exactly one of them."""

from dataclasses import dataclass

from services.gateway.domain.territory import Grid
from services.gateway.ports import GatewayUnitOfWork
from shared.contracts.gateway import GridDrawn
from shared.ids import new_id
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class DrawGrids:
    """Names of new grids; all or none of them."""

    names: tuple[str, ...]


@one_transaction
async def draw_grids(command: DrawGrids, uow: GatewayUnitOfWork) -> list[Grid]:
    """Enter grids, still without a worker."""
    grids = [Grid(new_id(), name) for name in command.names]
    await uow.grids.add(*grids)
    for grid in grids:
        await uow.publish(GridDrawn(grid_id=grid.id, name=grid.name))
    return grids
