"""Link a calendar: a secret address at which a person's calendar program finds the meetings, without signing in."""

import hashlib
import secrets
from dataclasses import dataclass
from uuid import UUID

from services.issues.ports.series import CalendarLink
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.ids import new_id
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class LinkCalendar:
    """Of one series, or (None) of all meetings to which the person is invited."""

    series_id: UUID | None
    by: Principal


@dataclass(frozen=True, slots=True)
class LinkedCalendar:
    """The link with its secret, which is shown this once and kept nowhere."""

    link: CalendarLink
    token: str


@one_transaction
async def link_calendar(command: LinkCalendar, uow: IssuesUnitOfWork) -> LinkedCalendar:
    """Make a link that can be revoked."""
    if command.series_id is not None:
        await uow.series.get(command.series_id)
    link = CalendarLink(new_id(), command.by.person, command.series_id, uow.now())
    token = secrets.token_urlsafe(32)
    await uow.calendar_links.add(link, hash_of(token))
    return LinkedCalendar(link, token)


def hash_of(token: str) -> bytes:
    """What is kept of a secret. It is random and long, so a plain hash cannot be guessed backwards."""
    return hashlib.sha256(token.encode()).digest()
