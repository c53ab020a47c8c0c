"""Revoke a calendar link: the address answers as if it had never been."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.ports.series import CalendarLink
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RevokeCalendarLink:
    """Which of one's own links."""

    link_id: UUID
    by: Principal


@one_transaction
async def revoke_calendar_link(command: RevokeCalendarLink, uow: IssuesUnitOfWork) -> CalendarLink:
    """Make it useless at once; a second time changes nothing."""
    return await uow.calendar_links.revoke(command.link_id, command.by.person, uow.now())
