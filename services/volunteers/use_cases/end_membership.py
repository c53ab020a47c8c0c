"""End a membership: who holds no volunteering role any more leaves the list of volunteers."""

from dataclasses import dataclass
from uuid import UUID

from services.volunteers.domain.volunteer import VOLUNTEERING_ROLES
from services.volunteers.ports import VolunteersUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class EndMembership:
    """The role that ended."""

    membership_id: UUID
    person: UUID
    role: str


@one_transaction
async def end_membership(command: EndMembership, uow: VolunteersUnitOfWork) -> None:
    """Copy the end of a membership. Points and history of the person stay."""
    at = uow.now()
    await uow.people.end(command.membership_id, at)
    if command.role in VOLUNTEERING_ROLES:
        await uow.people.retire_volunteer_without_role(command.person, at)
