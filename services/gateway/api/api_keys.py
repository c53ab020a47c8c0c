"""API keys: programs of partner units act in one community, in one role, until a date."""

import secrets
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from starlette.responses import Response

from services.gateway.api.parts import IN_COMMUNITY, TheParts, Uow, community_in, with_secret
from services.gateway.domain.errors import ApiKeyAlreadyRevoked, RoleNotGrantable, UnknownReference
from services.gateway.identity.callers import API_KEY_PREFIX
from services.gateway.permissions import Action
from services.gateway.queries.territory import API_KEYS, one_of, page_of
from services.gateway.schemas.people import ApiKeyBody, ApiKeyIssuedView, ApiKeyView
from services.gateway.use_cases.issue_api_key import IssueApiKey, issue_api_key
from services.gateway.use_cases.log_in import token_hash
from services.gateway.use_cases.revoke_api_key import RevokeApiKey, revoke_api_key
from shared.errors import ConcurrentChange
from shared.http.commands import Reading, answered, shown
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.http.versions import IfMatch
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=IN_COMMUNITY + "/api-keys", tags=["api-keys"])
Manager = Annotated[Principal, allow(Action.MANAGE_API_KEYS)]
SHOWN_CHARACTERS = 10


@router.post(
    "", status_code=201, response_model=ApiKeyIssuedView, responses=problems(RoleNotGrantable, UnknownReference)
)
async def issue_key(body: ApiKeyBody, who: Manager, uow: Uow, parts: TheParts) -> Response:
    """签发密钥。Issue a key of 256 random bits; it is shown in this answer only and stored as a hash."""
    secret = API_KEY_PREFIX + secrets.token_urlsafe(32)
    command = IssueApiKey(
        name=body.name,
        role=body.role,
        organisation_id=body.organisation_id,
        scope=dict(body.scope),
        valid_for=timedelta(days=body.valid_days),
        token_hash=token_hash(secret),
        shown_prefix=secret[:SHOWN_CHARACTERS],
        by=who.person,
    )
    response = await answered(issue_api_key(command, uow), uow, view=ApiKeyIssuedView.of, status=201)
    parts.callers.forget()
    return with_secret(response, {("secret",): secret})


@router.get("", response_model=Page[ApiKeyView])
async def list_keys(who: Manager, page: PageQuery, reading: Reading) -> Response:
    """密钥列表。Keys of the community, without their secrets."""
    async with reading as connection:
        found, following = await page_of(connection, API_KEYS, community_in(who), limit=page.limit, cursor=page.cursor)
    return shown(Page[ApiKeyView](items=[ApiKeyView.of(one) for one in found], next_cursor=following))


@router.get("/{key_id}", response_model=ApiKeyView)
async def get_key(key_id: UUID, who: Manager, reading: Reading) -> Response:
    """密钥。One key, without its secret."""
    async with reading as connection:
        found = await one_of(connection, API_KEYS, community_in(who), key_id)
    return shown(ApiKeyView.of(found))


@router.post("/{key_id}/revoke", response_model=ApiKeyView, responses=problems(ApiKeyAlreadyRevoked, ConcurrentChange))
async def revoke_key(key_id: UUID, who: Manager, uow: Uow, if_match: IfMatch, parts: TheParts) -> Response:
    """吊销密钥。Make a key useless from now on."""
    command = RevokeApiKey(key_id, who.person, if_match)
    response = await answered(revoke_api_key(command, uow), uow, view=ApiKeyView.of)
    parts.callers.forget()
    return response
