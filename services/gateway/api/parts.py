"""What the endpoints use: the parts that `main.py` built, and the parameters that many of them take."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.domain.errors import CommunityNotFound
from services.gateway.domain.template import CommunityTemplate
from services.gateway.front.front import ADDRESS, CALLER
from services.gateway.front.limits import Buckets
from services.gateway.front.pool import Pool
from services.gateway.identity.callers import Caller, Callers
from services.gateway.identity.passwords import Argon2Passwords
from services.gateway.identity.vault import PhoneVault
from services.gateway.platform_documents import PlatformDocuments
from services.gateway.storage import PostgresGatewayUnitOfWork
from services.gateway.storage.identity import PostgresIdentity
from services.gateway.storage.throttle import PostgresLoginThrottle
from shared.clock import Clock
from shared.database.engine import Database
from shared.http.commands import unit_of_work
from shared.principal import Principal

API = "/api/v1"
IN_COMMUNITY = API + "/communities/{community}"
BATCH = "一次提交多项，全部成功或全部不做。Several at once, all or none."


@dataclass(frozen=True, slots=True)
class Parts:
    """The gateway's own parts, built in `main.py`."""

    database: Database
    identity: PostgresIdentity
    passwords: Argon2Passwords
    throttle: PostgresLoginThrottle
    vault: PhoneVault
    callers: Callers
    templates: Mapping[str, CommunityTemplate]
    documents: PlatformDocuments
    pools: Mapping[str, Pool]
    persons: Buckets[UUID]
    """How much each person or key may still ask; the front counts in the same."""
    clock: Clock


async def _parts(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


async def _caller(request: Request) -> Caller | None:
    caller: Caller | None = request.scope.get(CALLER)
    return caller


async def _address(request: Request) -> str:
    """Where the request comes from, as the front found out."""
    address: str = request.scope.get(ADDRESS, "")
    return address


TheParts = Annotated[Parts, Depends(_parts)]
TheCaller = Annotated[Caller | None, Depends(_caller)]
Address = Annotated[str, Depends(_address)]
Uow = Annotated[PostgresGatewayUnitOfWork, Depends(unit_of_work)]


def community_in(who: Principal) -> str:
    """The community of the request, which `allow` has compared with the path."""
    if who.community is None:
        raise CommunityNotFound()
    return who.community


def with_secret(response: Response, secrets: Mapping[tuple[str | int, ...], str]) -> Response:
    """The answer with secrets filled in at their paths. What was stored for repetition has none: a repeated answer shows none."""
    if "idempotency-replayed" in response.headers:
        return response
    body: Any = orjson.loads(response.body)
    for path, secret in secrets.items():
        place = body
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = secret
    headers = {
        name: value for name, value in response.headers.items() if name not in {"content-length", "content-type"}
    }
    return Response(orjson.dumps(body), response.status_code, headers, media_type="application/json")
