"""Open311 GeoReport v2 at `/open311/v2`: XML and JSON outside, the issues service inside. No rule of issues is known here.

`jurisdiction_id` is the community; a key opens its own community only. Whoever shows no key sees what is public.
"""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.api.parts import TheParts
from services.gateway.open311.conversation import FORM, Asked, filed, told
from services.gateway.open311.documents import Format, document
from shared.http.routing import Router
from shared.security.authorisation import public

PREFIX = "/open311/v2"
ANSWER: dict[str, Any] = {"text/xml": {}, "application/json": {}}
ERRORS = {"description": "code 与 description 的列表。A list of code and description"}
RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "XML 或 JSON。XML or JSON", "content": ANSWER},
    **{status: {**ERRORS, "content": ANSWER} for status in (400, 403, 404, 413)},
}
router = Router(prefix=PREFIX, tags=["open311"], dependencies=[public()], responses=RESPONSES)
In = Annotated[Format, Path(description="xml 或 json。Either")]
"""The format at the end of the path."""


async def _asked(
    form: In,
    request: Request,
    jurisdiction_id: Annotated[
        str | None, Query(max_length=40, description="社区标识，平台只有一个社区时可省。The community")
    ] = None,
    api_key: Annotated[
        str | None, Query(max_length=200, description="接口密钥，可看到本单位提交的诉求。An API key")
    ] = None,
) -> Asked:
    return Asked(request, form, jurisdiction_id, api_key)


Question = Annotated[Asked, Depends(_asked)]
"""Format, community and key of a question."""


@router.get("/discovery.{form}")
async def discover(form: In, request: Request) -> Response:
    """服务发现（Open311）。Where this API is and which formats it speaks."""
    content = {
        "changeset": "2026-11-25T00:00:00Z",
        "contact": "请联系社区管理员。Ask the administrator of the community",
        "key_service": "社区管理员签发接口密钥（角色 partner）。The administrator of a community issues API keys (role partner)",
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2",
                "url": f"{request.base_url}{PREFIX[1:]}",
                "changeset": "2026-11-25T00:00:00Z",
                "type": "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }
    return document("discovery", content, form)


@router.get("/services.{form}")
async def list_services(asked: Question, parts: TheParts) -> Response:
    """服务类型（Open311）：本社区的诉求分类。The categories of a community as services."""
    return await told(parts, asked, "/services", root="services")


@router.get("/services/{service_code}.{form}")
async def define_service(service_code: str, asked: Question, parts: TheParts) -> Response:
    """某类服务的附加字段（Open311）。The form of a service: building and unit."""
    return await told(parts, asked, f"/services/{quote(service_code, safe='')}", root="service_definition")


@router.get("/requests.{form}")
async def list_requests(
    *,
    asked: Question,
    parts: TheParts,
    service_request_id: Annotated[str | None, Query(description="编号，逗号分隔。Numbers, by comma")] = None,
    service_code: Annotated[str | None, Query(description="分类，逗号分隔。Categories, by comma")] = None,
    status: Annotated[str | None, Query(description="open、closed，逗号分隔。By comma")] = None,
    start_date: Annotated[
        str | None, Query(description="起，W3C 格式，默认近 90 天。From, W3C; 90 days by default")
    ] = None,
    end_date: Annotated[str | None, Query(description="止，与起相距最多 90 天。To, at most 90 days later")] = None,
    page: Annotated[str | None, Query(description="页码，从 1 起。From 1")] = None,
    page_size: Annotated[str | None, Query(description="每页最多 100。At most 100")] = None,
) -> Response:
    """诉求列表（Open311）：已公开的，以及本密钥提交的。Public requests, and those that this key posted."""
    wanted = {
        "service_request_id": service_request_id,
        "service_code": service_code,
        "status": status,
        "start_date": start_date,
        "end_date": end_date,
        "page": page,
        "page_size": page_size,
    }
    given = {name: value for name, value in wanted.items() if value}
    return await told(parts, asked, "/requests", params=given, root="service_requests")


@router.get("/requests/{service_request_id}.{form}")
async def read_request(service_request_id: str, asked: Question, parts: TheParts) -> Response:
    """一条诉求（Open311）。One request, in a list of one."""
    return await told(parts, asked, f"/requests/{quote(service_request_id, safe='')}", root="service_requests")


@router.get("/tokens/{token}.{form}")
async def read_token(token: str, asked: Question, parts: TheParts) -> Response:
    """由 token 取编号（Open311）；编号提交时即可得到，它本身就是 token。Numbers come at once and are their own tokens."""
    return await told(parts, asked, f"/tokens/{quote(token, safe='')}", root="service_requests")


@router.post(
    "/requests.{form}",
    status_code=201,
    responses={201: RESPONSES[200]},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                FORM: {
                    "schema": {
                        "type": "object",
                        "required": ["api_key", "service_code"],
                        "properties": {
                            name: {"type": "string"}
                            for name in (
                                "api_key",
                                "jurisdiction_id",
                                "service_code",
                                "description",
                                "address_string",
                                "address_id",
                                "lat",
                                "long",
                                "attribute[building]",
                                "attribute[unit]",
                            )
                        },
                    }
                }
            },
        }
    },
)
async def post_request(form: In, request: Request, parts: TheParts) -> Response:
    """提交诉求（Open311），需接口密钥。十分钟内相同内容只登记一次。File a matter with a key; the same within ten minutes is one."""
    return await filed(parts, request, form)
