"""The two formats of Open311 GeoReport v2, XML and JSON, and its list of errors. The fields come from the service as they are."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal
from xml.etree.ElementTree import Element, SubElement, tostring

import orjson
from starlette.responses import Response

Format = Literal["xml", "json"]
MEDIA_TYPES: Mapping[Format, str] = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
ITEM_OF: Mapping[str, str] = {
    "services": "service",
    "service_requests": "request",
    "errors": "error",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
}
"""What an entry of a list is called in XML; in JSON it has no name."""
_NOT_IN_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
STATUSES = {401: 403, 409: 400, 415: 400, 422: 400}
"""Statuses of ours that the specification says differently: a missing key is 403, whatever is wrong with a request is 400."""


def document(root: str, content: Any, form: Format, *, status: int = 200) -> Response:
    """A document: a list of entries, or one thing with its fields."""
    if form == "json":
        return Response(orjson.dumps(content), status, media_type=MEDIA_TYPES[form])
    element = Element(root)
    _fill(element, content, root)
    body = b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(element, encoding="utf-8")
    return Response(body, status, media_type=MEDIA_TYPES[form])


def errors(status: int, descriptions: Sequence[str], form: Format) -> Response:
    """What went wrong, once for each thing."""
    code = STATUSES.get(status, status)
    return document("errors", [{"code": code, "description": one} for one in descriptions], form, status=code)


def descriptions_of(problem: Mapping[str, Any]) -> list[str]:
    """The sentences of a problem document: each wrong field by name, else what it says as a whole."""
    title = str(problem.get("title", ""))
    fields = [f"{title}。{one.get('field')}: {one.get('message')}" for one in problem.get("errors") or ()]
    said = (title, str(problem.get("detail") or ""))
    return fields or ["。".join(dict.fromkeys(part for part in said if part))]


def _fill(element: Element, content: Any, name: str) -> None:
    if isinstance(content, dict):
        for key, value in content.items():
            _fill(SubElement(element, key), value, key)
    elif isinstance(content, list):
        for value in content:
            _fill(SubElement(element, ITEM_OF[name]), value, ITEM_OF[name])
    elif content is not None:
        element.text = _NOT_IN_XML.sub("", str(content).lower() if isinstance(content, bool) else str(content))
