"""Begin a daily round (网格员日常巡查): one tap, and the worker's own grids are the route."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.errors.master_data import UnknownGrid
from services.issues.domain.errors.patrols import NothingToWalk
from services.issues.domain.patrol import Patrol
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.ids import new_id
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class BeginRound:
    """Which grids; none given means one's own."""

    by: Principal
    grids: tuple[UUID, ...] = ()


@one_transaction
async def begin_round(command: BeginRound, uow: IssuesUnitOfWork) -> Patrol:
    """Set out at once."""
    route = command.grids or await uow.patrols.grids_of_worker(command.by.person)
    if not route:
        raise NothingToWalk(fields={"grids": ("请选择要巡查的网格", "choose the grids to walk")})
    unknown = await uow.patrols.unknown_grids(route)
    if unknown:
        raise UnknownGrid(
            fields={f"grids[{n}]": ("没有这个网格", "no such grid") for n, grid in enumerate(route) if grid in unknown}
        )
    patrol = Patrol.begin_round(patrol_id=new_id(), route=route, by=command.by, at=uow.now())
    await uow.patrols.add(patrol)
    return patrol
