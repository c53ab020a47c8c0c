"""What volunteers listens to: communities and memberships of the gateway."""

from typing import Any

from services.volunteers.use_cases.end_membership import EndMembership, end_membership
from services.volunteers.use_cases.open_community import OpenCommunity, open_community
from services.volunteers.use_cases.register_member import RegisterMember, register_member
from shared.contracts.gateway import CommunityCreated, MembershipEnded, MembershipGranted
from shared.messaging.consumers import Consumers, MessageContext

consumers = Consumers("volunteers")


@consumers.consumes(CommunityCreated)
async def open_ledger_of_new_community(_message: CommunityCreated, context: MessageContext[Any]) -> None:
    """A new community gets its ledger and the points rules of its template."""
    await open_community(OpenCommunity(since=context.occurred_at), context.uow)


@consumers.consumes(MembershipGranted)
async def register_new_member(message: MembershipGranted, context: MessageContext[Any]) -> None:
    """Members may receive points; volunteers and Party members join the list of volunteers."""
    command = RegisterMember(message.membership_id, message.person_id, message.organisation_id, message.role)
    await register_member(command, context.uow)


@consumers.consumes(MembershipEnded)
async def retire_member(message: MembershipEnded, context: MessageContext[Any]) -> None:
    """Who holds no volunteering role any more leaves the list; points and history stay."""
    await end_membership(EndMembership(message.membership_id, message.person_id, message.role), context.uow)
