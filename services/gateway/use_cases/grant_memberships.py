"""Grant memberships: persons receive roles in a community, through an organisation or as residents."""

from dataclasses import dataclass, field
from uuid import UUID

from services.gateway.domain.membership import Membership, check_grantable
from services.gateway.domain.references import refuse_unknown
from services.gateway.ports import GatewayUnitOfWork
from shared.contracts.gateway import MembershipGranted
from shared.ids import new_id
from shared.principal import Role
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class NewRole:
    """A role to hold, through which organisation and within which scope such as `{"grid": "<id>"}`."""

    role: Role
    organisation_id: UUID | None = None
    scope: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GrantMemberships:
    """Roles for persons, all or none; by whom, and with which roles of one's own."""

    grants: tuple[tuple[UUID, NewRole], ...]
    by: UUID
    by_roles: frozenset[Role]


@one_transaction
async def grant_memberships(command: GrantMemberships, uow: GatewayUnitOfWork) -> list[Membership]:
    """Let persons hold roles here from now on."""
    persons = [person for person, _ in command.grants]
    refuse_unknown("person_id", persons, await uow.accounts.unknown(set(persons)))
    return await add_memberships(command.grants, command.by, command.by_roles, uow)


async def add_memberships(
    grants: tuple[tuple[UUID, NewRole], ...], by: UUID, by_roles: frozenset[Role], uow: GatewayUnitOfWork
) -> list[Membership]:
    """Check, enter and announce memberships; also part of creating a person."""
    for _, new in grants:
        check_grantable(new.role, uow.community, by_roles)
    organisations = [new.organisation_id for _, new in grants]
    refuse_unknown("organisation_id", organisations, await uow.organisations.unknown({o for o in organisations if o}))
    memberships = [
        Membership(new_id(), person, new.organisation_id, new.role, by, uow.now(), scope=new.scope)
        for person, new in grants
    ]
    await uow.memberships.add(*memberships)
    for membership in memberships:
        await uow.publish(
            MembershipGranted(
                membership_id=membership.id,
                person_id=membership.person_id,
                organisation_id=membership.organisation_id,
                role=membership.role,
                scope=dict(membership.scope),
            )
        )
    return memberships
