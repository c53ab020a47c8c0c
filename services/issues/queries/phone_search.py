"""Issues by the telephone of the person concerned: its last four digits or the whole number, for those who may call back."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from sqlalchemy import and_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.contact import TAIL
from services.issues.domain.number import parts_of_number
from services.issues.domain.search_numbers import document_of
from services.issues.storage.phone_index import phone_indexes, tail_indexes
from services.issues.storage.tables.contacts import issue_contacts
from services.issues.storage.tables.issues import issues
from shared.principal import Principal, Role
from shared.security.sealing import Seal

SEARCHERS = frozenset({Role.DUTY_OFFICER, Role.SECRETARY})
WHOLE_NUMBER = 7
"""From so many digits on a word may be a whole number. Whoever finds one knows what the masked contact hides; the last four digits it shows."""
MOST = 1_000
NONE: Mapping[str, frozenset[int]] = MappingProxyType({})


async def documents_by_phone(
    connection: AsyncConnection, community: str, by: Principal, words: Sequence[str], seal: Seal
) -> Mapping[str, frozenset[int]]:
    """Word -> documents whose contact has this number. An unnamed reporter is found by the duty officer only, who may look anyway."""
    if by.roles.isdisjoint(SEARCHERS):
        return NONE
    found = {}
    for word in words:
        if not (word.isascii() and word.isdigit() and (len(word) == TAIL or len(word) >= WHOLE_NUMBER)):
            continue
        indexes = (
            issue_contacts.c.tail_index.in_(tail_indexes(seal, community, word))
            if len(word) == TAIL
            else issue_contacts.c.phone_index.in_(phone_indexes(seal, community, word))
        )
        named = true() if Role.DUTY_OFFICER in by.roles else issues.c.anonymous.is_(False)
        statement = (
            select(issues.c.number)
            .join(
                issue_contacts,
                and_(issue_contacts.c.community == issues.c.community, issue_contacts.c.issue_id == issues.c.id),
            )
            .where(issue_contacts.c.community == community, indexes, named)
            .order_by(issue_contacts.c.issue_id.desc())
            .limit(MOST)
        )
        numbers = (await connection.execute(statement)).scalars()
        found[word] = frozenset(document_of(*parts_of_number(number)) for number in numbers)
    return found
