"""Drop former counts: what a rebuild replaced is removed in small bites."""

from dataclasses import dataclass

from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class DropFormerCounts:
    """How many rows of each table at most."""

    limit: int = 5_000


@one_transaction
async def drop_former_counts(command: DropFormerCounts, uow: IssuesUnitOfWork) -> int:
    """How many rows were removed; 0 when none are left."""
    return await uow.reports.drop_former(command.limit)
