"""Contacts: masked for those who read the issue, in clear for a purpose that is written down."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from services.issues.api.parts import PREFIX, Community, IssueReader
from services.issues.domain.errors.contacts import ContactNotFound, ContactUnreadable, RevealNotTheirs
from services.issues.domain.errors.issues import IssueNotFound
from services.issues.permissions import Action
from services.issues.queries.contacts import masked_contact, reveals_of
from services.issues.schemas.contacts import MaskedContactView, RevealBody, RevealedView, RevealView
from services.issues.use_cases.reveal_contact import RevealContact, reveal_contact
from shared.http.commands import Reading, shown
from shared.http.context import request_id_of
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.principal import Principal
from shared.security.authorisation import allow
from shared.security.sealing import Seal

router = Router(prefix=PREFIX, tags=["issues"])


async def _seal(request: Request) -> Seal:
    seal: Seal = request.app.state.unit_of_work.seal
    return seal


SealAtHand = Annotated[Seal, Depends(_seal)]
"""The keys of this service."""


@router.get(
    "/issues/{issue_id}/contact",
    response_model=MaskedContactView,
    responses=problems(IssueNotFound, ContactNotFound, ContactUnreadable),
)
async def show_contact(
    community: Community,
    issue_id: UUID,
    who: IssueReader,
    reading: Reading,
    seal: SealAtHand,
) -> Response:
    """当事人联系方式（打码）。The contact of the person concerned, masked on the server."""
    async with reading as connection:
        return shown(await masked_contact(connection, community, issue_id, who, seal))


@router.post(
    "/issues/{issue_id}/reveal",
    response_model=RevealedView,
    responses=problems(IssueNotFound, ContactNotFound, ContactUnreadable, RevealNotTheirs),
)
async def reveal(
    community: Community,
    issue_id: UUID,
    body: RevealBody,
    request: Request,
    who: Annotated[Principal, allow(Action.REVEAL_CONTACT)],
) -> Response:
    """查看完整联系方式或匿名诉求人，每次查看都留痕。Look at the contact or the anonymous reporter; every look is recorded.

    The answer is not kept for repetition, as it would be for other commands: it must not lie anywhere unsealed. Asking again is another look.
    """
    uow = request.app.state.unit_of_work(community, correlation_id=request_id_of(request.scope))
    command = RevealContact(issue_id, body.field, body.purpose, who)
    return shown(RevealedView.of(await reveal_contact(command, uow)))


@router.get(
    "/issues/{issue_id}/reveals",
    response_model=Page[RevealView],
    responses=problems(IssueNotFound, RevealNotTheirs),
)
async def list_reveals(
    community: Community, issue_id: UUID, who: IssueReader, reading: Reading, page: PageQuery
) -> Response:
    """谁在什么时候、因为什么查看过。Who looked, when and why."""
    async with reading as connection:
        return shown(await reveals_of(connection, community, issue_id, who, page))
