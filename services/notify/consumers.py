"""What notify listens to. Two purposes with consumers of their own: telling people, and serving partners; neither holds up the other."""

from typing import Any

from services.notify.rulebook import PARTNERS, RULES
from services.notify.storage.unit_of_work import PostgresNotifyUnitOfWork
from services.notify.use_cases.hand_to_partners import HandToPartners, hand_to_partners
from services.notify.use_cases.keep_membership import KeepMembership, keep_membership
from services.notify.use_cases.keep_name import KeepName, keep_name
from services.notify.use_cases.tell_people import TellPeople, tell_people
from shared.contracts import events, gateway, issues, volunteers  # noqa: F401 - every contract must be in the registry
from shared.contracts.gateway import CommunityCreated, MembershipEnded, MembershipGranted, OrganisationRegistered
from shared.contracts.message import Message
from shared.messaging import Consumers, MessageContext

PEOPLE, PARTNER_UNITS = "people", "partners"
LISTENS_TO = ("gateway", "issues", "volunteers", "events")

consumers = Consumers("notify")
Context = MessageContext[PostgresNotifyUnitOfWork]


@consumers.consumes_every(*LISTENS_TO, purpose=PEOPLE)
async def tell_the_persons_concerned(message: Message, context: Context) -> None:
    """Put a line into the inboxes of those concerned, as the rule of the message type says."""
    if RULES[message.message_type].notices:
        await tell_people(_telling(message, context), context.uow)


@consumers.consumes(MembershipGranted, purpose=PEOPLE)
async def remember_who_holds_a_role(message: MembershipGranted, context: Context) -> None:
    """Notices by role must find this person from now on."""
    await keep_membership(_membership(message, context, holds=True), context.uow)


@consumers.consumes(MembershipEnded, purpose=PEOPLE)
async def forget_who_held_a_role(message: MembershipEnded, context: Context) -> None:
    """Notices by role must not find this person any more."""
    await keep_membership(_membership(message, context, holds=False), context.uow)


@consumers.consumes(OrganisationRegistered, purpose=PEOPLE)
async def remember_the_name_of_an_organisation(message: OrganisationRegistered, context: Context) -> None:
    """Texts say the public name of the unit that handles a matter."""
    await keep_name(KeepName(message.name, message.organisation_id, message.kind), context.uow)


@consumers.consumes(CommunityCreated, purpose=PEOPLE)
async def remember_the_name_of_the_community(message: CommunityCreated, context: Context) -> None:
    """Texts say the name of the community."""
    await keep_name(KeepName(message.name), context.uow)


@consumers.consumes_every(*LISTENS_TO, purpose=PARTNER_UNITS)
async def hand_the_fact_to_partners(message: Message, context: Context) -> None:
    """Number it for every subscription whose filters let it through."""
    if message.message_type in PARTNERS.offered:
        command = HandToPartners(
            message_id=context.message_id,
            message_type=message.message_type,
            subject=message.aggregate_id,
            fields=message.model_dump(),
            occurred_at=context.occurred_at,
        )
        await hand_to_partners(command, context.uow)


def _telling(message: Message, context: MessageContext[Any]) -> TellPeople:
    return TellPeople(context.message_id, message.message_type, message.model_dump(), context.occurred_at)


def _membership(
    message: MembershipGranted | MembershipEnded, context: MessageContext[Any], *, holds: bool
) -> KeepMembership:
    return KeepMembership(
        membership_id=message.membership_id,
        person=message.person_id,
        organisation=message.organisation_id,
        role=message.role,
        holds=holds,
        since=context.occurred_at,
        telling=_telling(message, context),
    )
