"""End a membership: the person no longer holds that role."""

from dataclasses import dataclass
from uuid import UUID

from services.gateway.domain.membership import Membership, check_grantable
from services.gateway.ports import GatewayUnitOfWork
from shared.contracts.gateway import MembershipEnded
from shared.principal import Role
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class EndMembership:
    """Which membership ends, by whom."""

    membership_id: UUID
    by: UUID
    by_roles: frozenset[Role]
    expected_version: int | None = None


@one_transaction
async def end_membership(command: EndMembership, uow: GatewayUnitOfWork) -> Membership:
    """Take the role away; whoever may grant a role may end it."""
    membership = await uow.memberships.get(command.membership_id, command.expected_version)
    check_grantable(membership.role, uow.community, command.by_roles)
    membership.end(command.by, uow.now())
    await uow.memberships.save(membership)
    await uow.publish(
        MembershipEnded(
            membership_id=membership.id,
            person_id=membership.person_id,
            organisation_id=membership.organisation_id,
            role=membership.role,
        )
    )
    return membership
