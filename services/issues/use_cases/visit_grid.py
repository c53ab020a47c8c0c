"""Note that a grid of the route was reached."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.patrol import Patrol
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class VisitGrid:
    """Which grid of which patrol."""

    patrol_id: UUID
    grid_id: UUID
    by: Principal
    expected_version: int | None = None


@one_transaction
async def visit_grid(command: VisitGrid, uow: IssuesUnitOfWork) -> Patrol:
    """Keep the time at which a grid was reached first."""
    by = command.by
    patrol = await uow.patrols.get(command.patrol_id, seen_by=by, expected_version=command.expected_version)
    patrol.visit(command.grid_id, by=by, at=uow.now())
    await uow.patrols.save(patrol)
    return patrol
