"""Record a grid: keep the copy of the grids (网格) and who walks them."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RecordGrid:
    """A grid, its name and its worker."""

    grid_id: UUID
    name: str
    worker_id: UUID | None


@one_transaction
async def record_grid(command: RecordGrid, uow: IssuesUnitOfWork) -> None:
    """Keep a grid, or its new worker."""
    await uow.master_data.keep_grid(command.grid_id, command.name, command.worker_id)
