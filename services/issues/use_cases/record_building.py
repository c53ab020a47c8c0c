"""Record a building: keep the copy of where things are."""

from services.issues.ports.master_data import Building
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.transaction import one_transaction


@one_transaction
async def record_building(building: Building, uow: IssuesUnitOfWork) -> None:
    """Keep a building, or its new name or grid."""
    await uow.master_data.keep_building(building)
