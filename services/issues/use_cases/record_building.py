"""Record a building: keep the copy of where things are."""

from services.issues.ports import Building, IssuesUnitOfWork
from shared.transaction import one_transaction


@one_transaction
async def record_building(building: Building, uow: IssuesUnitOfWork) -> None:
    """Keep a building, or its new name or grid."""
    await uow.master_data.keep_building(building)
