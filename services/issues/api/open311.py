"""Open311 for the gateway, which speaks its formats to the outside: same tenants, same rights, plain JSON here."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from services.issues.api.parts import PREFIX, Community, Uow
from services.issues.domain.errors.issues import IssueNotFound
from services.issues.domain.errors.master_data import UnknownBuilding, UnknownCategory
from services.issues.domain.errors.open311 import ServiceNotFound, SpanTooLong, TooFarBack
from services.issues.domain.open311 import LONGEST_SPAN, Status
from services.issues.permissions import Action
from services.issues.queries.open311 import (
    RequestFilter,
    definition_of,
    number_of,
    request_seen_by,
    requests_seen_by,
    services_of,
)
from services.issues.schemas.open311 import (
    DefinitionView,
    FiledView,
    FileRequestBody,
    RequestList,
    RequestView,
    ServiceList,
    TokenView,
)
from services.issues.use_cases.file_request import FileRequest, file_request
from shared.http.commands import Reading, answered, shown
from shared.http.problems import problems
from shared.http.routing import Router
from shared.principal import Principal
from shared.security.authorisation import allow, signed_in

router = Router(prefix=PREFIX + "/open311", tags=["open311"])
Anybody = Annotated[Principal, signed_in()]
"""Also the stranger whom the gateway vouches for without any role: he sees what is public."""
CODE = r"^[a-z][a-z0-9_]{1,39}$"
NUMBERS = r"^[A-Z0-9-]{1,30}(,[A-Z0-9-]{1,30}){0,49}$"
CODES = r"^[a-z][a-z0-9_]{1,39}(,[a-z][a-z0-9_]{1,39}){0,49}$"
STATUSES = r"^(open|closed)(,(open|closed))?$"
MOST = 1_000
"""How far back pages go; beyond it the dates are for narrowing down."""


@router.get("/services", response_model=ServiceList)
async def list_services(community: Community, _who: Anybody, reading: Reading) -> Response:
    """可提交的服务类型（Open311）。Categories as services."""
    async with reading as connection:
        return shown(ServiceList.model_construct(items=await services_of(connection, community)))


@router.get("/services/{service_code}", response_model=DefinitionView, responses=problems(ServiceNotFound))
async def define_service(community: Community, service_code: str, _who: Anybody, reading: Reading) -> Response:
    """某类服务的附加字段（Open311）。What may be said about a request of this service."""
    async with reading as connection:
        return shown(await definition_of(connection, community, service_code))


@router.get("/requests", response_model=RequestList, responses=problems(SpanTooLong, TooFarBack))
async def list_requests(
    *,
    community: Community,
    who: Anybody,
    uow: Uow,
    reading: Reading,
    service_request_id: Annotated[str | None, Query(pattern=NUMBERS, max_length=2_000)] = None,
    service_code: Annotated[str | None, Query(pattern=CODES, max_length=2_000)] = None,
    status: Annotated[str | None, Query(pattern=STATUSES)] = None,
    start_date: datetime | None = None,
    end_date: datetime | None = None,
    page: Annotated[int, Query(ge=1, le=MOST)] = 1,
    page_size: Annotated[int, Query(ge=1, le=100)] = 50,
) -> Response:
    """诉求列表（Open311）：公开的，以及本密钥提交的。Public requests, and those that this key posted."""
    if page * page_size > MOST:
        raise TooFarBack
    start, end = span_of(start_date, end_date, uow.now())
    wanted = RequestFilter(
        numbers=service_request_id.split(",") if service_request_id else (),
        service_codes=service_code.split(",") if service_code else (),
        statuses=[Status(one) for one in status.split(",")] if status else (),
        start=start,
        end=end,
        skipped=(page - 1) * page_size,
        limit=page_size,
    )
    async with reading as connection:
        return shown(RequestList.model_construct(items=await requests_seen_by(connection, community, who, wanted)))


@router.get("/requests/{service_request_id}", response_model=RequestView, responses=problems(IssueNotFound))
async def read_request(community: Community, service_request_id: str, who: Anybody, reading: Reading) -> Response:
    """一条诉求（Open311）。One request, if it is public or this key's."""
    async with reading as connection:
        return shown(await request_seen_by(connection, community, who, service_request_id))


@router.get("/tokens/{token_id}", response_model=TokenView, responses=problems(IssueNotFound))
async def read_token(community: Community, token_id: str, who: Anybody, reading: Reading) -> Response:
    """由 token 取编号（Open311）。The number of a request by its token."""
    async with reading as connection:
        found = await request_seen_by(connection, community, who, await number_of(connection, community, token_id))
    return shown(TokenView.model_construct(service_request_id=found.service_request_id, token=token_id))


@router.post(
    "/requests", status_code=201, response_model=FiledView, responses=problems(ServiceNotFound, UnknownBuilding)
)
async def post_request(
    body: FileRequestBody, who: Annotated[Principal, allow(Action.FILE_REQUEST)], uow: Uow
) -> Response:
    """合作单位提交诉求（Open311）。A partner's program files a matter; the same within ten minutes is the same request."""
    try:
        category = await uow.directory.category(body.service_code)
    except UnknownCategory:
        raise ServiceNotFound from None
    command = FileRequest(body.command(who, category.name_zh))
    return await answered(
        file_request(command, uow),
        uow,
        view=lambda issue: FiledView.model_construct(
            service_request_id=issue.number,
            service_notice=f"已登记，编号 {issue.number}。On record as {issue.number}",
            account_id=None,
        ),
        status=201,
    )


def span_of(start: datetime | None, end: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """The dates that are meant: 90 days up to the end, from the start, or up to now. Raises SpanTooLong."""
    for name, moment in (("start_date", start), ("end_date", end)):
        if moment is not None and moment.tzinfo is None:
            raise SpanTooLong(fields={name: ("须带时区，如 2026-11-25T00:00:00Z", "needs its time zone")})
    if start is None:
        end = end or now
        return end - LONGEST_SPAN, end
    if end is None:
        return start, start + LONGEST_SPAN
    if end - start > LONGEST_SPAN:
        raise SpanTooLong(fields={"end_date": ("与 start_date 相距最多 90 天", "at most 90 days after start_date")})
    return start, end
