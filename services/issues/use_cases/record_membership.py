"""Record a membership: keep the copy of who holds which role through which organisation."""

from services.issues.ports.master_data import Membership
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.transaction import one_transaction


@one_transaction
async def record_membership(membership: Membership, uow: IssuesUnitOfWork) -> None:
    """Keep a role that a person received."""
    await uow.master_data.keep_membership(membership)
