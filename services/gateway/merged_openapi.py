"""One OpenAPI 3.1 document out of those of the services: what a program sees of the whole platform.

Schema names and operation ids get the service in front, refusals that every service shares stay one schema, and what only
the gateway knows is added: security schemes, the community in the path, limits and the failures of the way.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from services.gateway.front.refusals import BadAnswer, ServiceUnreachable, TooSlow
from shared.errors import TooMany, Unauthenticated
from shared.http.problems import MEDIA_TYPE, merged, problems

Document = dict[str, Any]
SCHEMAS = "#/components/schemas/"
SHARED_SCHEMAS = frozenset({"Problem", "FieldProblem"})
METHODS = frozenset({"get", "put", "post", "delete", "patch", "head", "options"})
IN_PATH = re.compile(r"\{([a-z_]+)\}")
COMMUNITY: Document = {
    "name": "community",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "pattern": "^[a-z][a-z0-9-]{1,39}$"},
    "description": "社区标识，如 feicuicheng。Slug of the community",
}
SERVICES: Mapping[str, str] = {
    "gateway": "账号、社区、组织、网格与楼栋。Accounts, communities, organisations, places",
    "issues": "诉求与圆桌会议。Issues and round tables",
    "volunteers": "志愿者、微心愿与积分。Volunteers, micro-wishes and points",
    "events": "邻里活动与报名签到。Neighbourhood events, sign-up and check-in",
    "notify": "通知与共建单位订阅。Notifications and partner subscriptions",
}
"""Service -> what it is for; also the order in the document."""
TITLES: Mapping[str, str] = {
    "gateway": "网关",
    "issues": "诉求",
    "volunteers": "志愿服务",
    "events": "邻里活动",
    "notify": "通知",
}
SECURITY_SCHEMES: Document = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "POST /api/v1/sessions 返回的访问令牌。The access token that POST /api/v1/sessions answers",
    },
    "apiKey": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "共建单位的程序密钥，也可作为 Bearer 令牌。A partner's key; it works as a bearer token too",
    },
}
OF_THE_WAY: dict[int | str, Any] = {
    str(status): response for status, response in problems(TooMany, BadAnswer, ServiceUnreachable, TooSlow).items()
}
"""Answers that any operation may get from the gateway itself."""
WITH_LOGIN: dict[int | str, Any] = {str(status): response for status, response in problems(Unauthenticated).items()}
DESCRIPTION = (
    "睦邻：一个街道用“0532”方法治理各社区的平台。A subdistrict runs its communities by the 0532 method.\n\n"
    "修改类 POST 需要 `Idempotency-Key`；带 `If-Match` 可避免覆盖他人修改；错误为 RFC 9457 problem+json，"
    "语言随 `Accept-Language`。Every changing POST needs an `Idempotency-Key`; `If-Match` protects the changes of others; "
    "refusals are problem documents (RFC 9457), in the language of `Accept-Language`."
)


def merged_openapi(documents: Mapping[str, Document], version: str) -> Document:
    """The document of the platform. `documents` maps services to their own documents; a service may be missing."""
    paths: Document = {}
    schemas: Document = {}
    for service in (name for name in SERVICES if name in documents):
        document = _renamed(documents[service], service)
        schemas |= document.get("components", {}).get("schemas", {})
        for path, item in document.get("paths", {}).items():
            for method in METHODS & item.keys():
                _complete(item[method], service, method, path)
            paths.setdefault(path, {}).update(item)
    return {
        "openapi": "3.1.0",
        "info": {"title": "睦邻 Mulin", "version": version, "description": DESCRIPTION},
        "servers": [{"url": "/", "description": "本网关。This gateway"}],
        "tags": [{"name": name, "description": text} for name, text in SERVICES.items() if name in documents],
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": dict(sorted(schemas.items())), "securitySchemes": SECURITY_SCHEMES},
    }


def refusals_in(document: Document) -> dict[str, tuple[str, int]]:
    """Refusals that a document tells of: slug -> title in Chinese, status."""
    found: dict[str, tuple[str, int]] = {}
    for operation in operations_of(document):
        for response in operation[2].get("responses", {}).values():
            for slug, example in response.get("content", {}).get(MEDIA_TYPE, {}).get("examples", {}).items():
                value = example.get("value", {})
                found[slug] = str(value.get("title", slug)), int(value.get("status", 400))
    return found


def operations_of(document: Document) -> Iterable[tuple[str, str, Document]]:
    """Path, method and operation of everything in a document."""
    for path, item in document.get("paths", {}).items():
        for method, operation in item.items():
            if method in METHODS:
                yield path, method, operation


def _renamed(document: Document, service: str) -> Document:
    """The document with its schemas under names of their own."""
    own = {name for name in document.get("components", {}).get("schemas", {}) if name not in SHARED_SCHEMAS}

    def renamed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: renamed(item) for key, item in value.items()}
        if isinstance(value, list):
            return [renamed(item) for item in value]
        if isinstance(value, str) and value.startswith(SCHEMAS) and value[len(SCHEMAS) :] in own:
            return f"{SCHEMAS}{service}.{value[len(SCHEMAS) :]}"
        return value

    result: Document = renamed(document)
    components = result.setdefault("components", {})
    components["schemas"] = {
        f"{service}.{name}" if name in own else name: schema for name, schema in components.get("schemas", {}).items()
    }
    return result


def _complete(operation: Document, service: str, method: str, path: str) -> None:
    """Add to an operation what only the gateway knows."""
    name = operation.get("operationId") or re.sub(r"\W+", "_", f"{method}_{path}").strip("_")
    operation["operationId"] = name if name.startswith(f"{service}_") else f"{service}_{name}"
    operation["tags"] = [service]
    is_public = operation.get("x-action") == "public"
    operation["security"] = [] if is_public else [{"bearer": []}, {"apiKey": []}]
    parameters = operation.get("parameters", [])
    declared = {parameter.get("name") for parameter in parameters if parameter.get("in") == "path"}
    missing = [part for part in IN_PATH.findall(path) if part not in declared]
    if missing:
        operation["parameters"] = [
            COMMUNITY if part == "community" else _in_path(part) for part in missing
        ] + parameters
    of_the_gateway = OF_THE_WAY if is_public else merged(WITH_LOGIN, OF_THE_WAY)
    operation["responses"] = merged(operation.get("responses", {}), of_the_gateway)


def _in_path(name: str) -> Document:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
