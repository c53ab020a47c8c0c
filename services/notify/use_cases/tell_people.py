"""Tell the persons concerned about a fact: one line in the inbox of each, in both languages, never twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.notify.domain.notification import Notification
from services.notify.domain.telling import Notice, Rule
from services.notify.domain.wording import Vocabulary, put_into_words
from services.notify.ports import NotifyUnitOfWork
from services.notify.rulebook import LABELS, RULES
from shared.ids import new_id
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class TellPeople:
    """A fact that arrived."""

    message_id: UUID
    message_type: str
    fields: Mapping[str, object]
    occurred_at: datetime


@one_transaction
async def tell_people(command: TellPeople, uow: NotifyUnitOfWork) -> int:
    """Put the notices of a fact into inboxes; returns how many."""
    return await tell(command, uow)


async def tell(command: TellPeople, uow: NotifyUnitOfWork) -> int:
    """The same inside a transaction that does something else as well. Who stands in two audiences gets the first notice only."""
    rule = RULES[command.message_type]
    told: set[UUID] = set()
    notifications: list[Notification] = []
    vocabulary = await _vocabulary(command, uow)
    for notice in rule.notices:
        if not notice.applies_to(command.fields):
            continue
        for person in await _audience(notice, command.fields, uow):
            if person not in told:
                told.add(person)
                notifications.append(_notification(person, notice, rule, command, vocabulary))
    return await uow.inboxes.add(notifications) if notifications else 0


async def _audience(notice: Notice, fields: Mapping[str, object], uow: NotifyUnitOfWork) -> list[UUID]:
    persons = notice.named_in(fields)
    if notice.roles:
        organisation = fields.get(notice.organisation) if notice.organisation else None
        if isinstance(organisation, UUID):
            persons += await uow.directory.holders(notice.roles, organisation)
        elif notice.organisation is None:
            persons += await uow.directory.holders(notice.roles)
    left_out = notice.left_out(fields)
    return [person for person in persons if person not in left_out]


async def _vocabulary(command: TellPeople, uow: NotifyUnitOfWork) -> Vocabulary:
    ids = [value for value in command.fields.values() if isinstance(value, UUID)]
    names = await uow.directory.organisation_names(ids)
    return Vocabulary(LABELS, uow.community, await uow.directory.community_name(), names)


def _notification(
    person: UUID, notice: Notice, rule: Rule, command: TellPeople, vocabulary: Vocabulary
) -> Notification:
    fields = command.fields
    return Notification(
        id=new_id(),
        person=person,
        message_id=command.message_id,
        template=notice.template,
        template_version=notice.version,
        topic=rule.topic,
        title_zh=put_into_words(notice.zh.title, fields, vocabulary, "zh"),
        title_en=put_into_words(notice.en.title, fields, vocabulary, "en"),
        body_zh=put_into_words(notice.zh.body, fields, vocabulary, "zh"),
        body_en=put_into_words(notice.en.body, fields, vocabulary, "en"),
        link=rule.link_for(vocabulary.community, fields),
        created_at=command.occurred_at,
    )
