"""End a membership: note that a role is no longer held."""

from uuid import UUID

from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.transaction import one_transaction


@one_transaction
async def end_membership(membership_id: UUID, uow: IssuesUnitOfWork) -> None:
    """Note that a person no longer holds a role."""
    await uow.master_data.end_membership(membership_id, uow.now())
