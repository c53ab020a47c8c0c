"""Register a member: remember the membership; volunteers and Party members join the list of volunteers."""

from dataclasses import dataclass
from uuid import UUID

from services.volunteers.domain.volunteer import VOLUNTEERING_ROLES
from services.volunteers.ports import VolunteersUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RegisterMember:
    """One role of one person, through an organisation or as a resident."""

    membership_id: UUID
    person: UUID
    organisation: UUID | None
    role: str


@one_transaction
async def register_member(command: RegisterMember, uow: VolunteersUnitOfWork) -> None:
    """Copy a membership of the gateway."""
    await uow.people.grant(command.membership_id, command.person, command.organisation, command.role)
    if command.role in VOLUNTEERING_ROLES:
        await uow.people.register_volunteer(command.person, uow.now())
