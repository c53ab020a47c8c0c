"""The machine-readable documents of the whole platform."""

from starlette.responses import Response

from services.gateway.api.parts import TheParts
from shared.http.routing import Router
from shared.security.authorisation import public

router = Router(include_in_schema=False)
READ = ["GET", "HEAD"]
"""How pages and documents are asked for. The server leaves out the body of an answer to HEAD."""


@router.api_route("/openapi.json", methods=READ, dependencies=[public()])
async def openapi_of_the_platform(parts: TheParts) -> Response:
    """整个平台的 OpenAPI 文档。One OpenAPI document for the whole platform."""
    return Response(await parts.documents.openapi_bytes(), media_type="application/json")


@router.api_route("/asyncapi.json", methods=READ, dependencies=[public()])
async def asyncapi_of_the_platform(parts: TheParts) -> Response:
    """整个平台的 AsyncAPI 文档。One AsyncAPI document for everything that travels on NATS."""
    return Response(parts.documents.asyncapi_bytes(), media_type="application/json")
