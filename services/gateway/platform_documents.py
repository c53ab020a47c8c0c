"""What the gateway tells about the whole platform: its OpenAPI and AsyncAPI documents, and which services are ready."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic

import orjson

from services.gateway.front.fetch import fetch, is_ready
from services.gateway.front.pool import Pool
from services.gateway.merged_openapi import SERVICES, TITLES, Document, merged_openapi
from shared.errors import AppError
from shared.messaging import asyncapi
from shared.observability.logging import get_logger

DOCUMENT_SECONDS = 30.0
"""How long a merged document is served before the services are asked again."""
READY_SECONDS = 2.0
FETCH_SECONDS = 3.0

_log = get_logger("documents")


@dataclass(frozen=True, slots=True)
class ServiceState:
    """A service of the platform and whether it can do its work."""

    name: str
    title: str
    purpose: str
    ready: bool


class PlatformDocuments:
    """Asks the services for their documents, and remembers the last ones of a service that is away."""

    def __init__(self, pools: Mapping[str, Pool], version: str) -> None:
        self._pools = pools
        self._version = version
        self.own: Callable[[], Document] = dict
        """The gateway's own document; set by `main.py` once the app stands."""
        self._told: dict[str, bytes] = {}
        self._merged: tuple[float, bytes, Document] | None = None
        self._asyncapi: bytes | None = None
        self._states: tuple[float, list[ServiceState]] | None = None

    async def openapi(self) -> Document:
        """The OpenAPI document of the whole platform."""
        return (await self._openapi())[2]

    async def openapi_bytes(self) -> bytes:
        """The same, as JSON."""
        return (await self._openapi())[1]

    def asyncapi_bytes(self) -> bytes:
        """The AsyncAPI document of everything that travels on NATS, as JSON; it changes only with the program."""
        if self._asyncapi is None:
            self._asyncapi = orjson.dumps(asyncapi.document(version=self._version))
        return self._asyncapi

    async def services(self) -> list[ServiceState]:
        """The services, and whether each is ready just now."""
        if self._states is not None and self._states[0] > monotonic():
            return self._states[1]
        ready = await asyncio.gather(*(is_ready(pool) for pool in self._pools.values()))
        states = {**dict(zip(self._pools, ready, strict=True)), "gateway": True}
        found = [
            ServiceState(name, TITLES[name], purpose, states.get(name, False)) for name, purpose in SERVICES.items()
        ]
        self._states = monotonic() + READY_SECONDS, found
        return found

    async def _openapi(self) -> tuple[float, bytes, Document]:
        if self._merged is not None and self._merged[0] > monotonic():
            return self._merged
        fetched = await asyncio.gather(*(self._document_of(name) for name in self._pools))
        told = {name: document for name, document in zip(self._pools, fetched, strict=True) if document is not None}
        # While a service has never answered, ask again soon.
        lasts = DOCUMENT_SECONDS if len(self._told | told) == len(self._pools) else READY_SECONDS
        if self._merged is None or any(self._told.get(name) != document for name, document in told.items()):
            self._told |= told
            merged = await asyncio.to_thread(self._merge, dict(self._told), self.own())
            self._merged = monotonic() + lasts, orjson.dumps(merged), merged
        else:
            self._merged = monotonic() + lasts, *self._merged[1:]
        return self._merged

    def _merge(self, told: Mapping[str, bytes], own: Document) -> Document:
        """A tenth of a second of work, done beside the event loop, and only when a document changed."""
        known = {name: orjson.loads(document) for name, document in told.items()}
        return merged_openapi({"gateway": own, **known}, self._version)

    async def _document_of(self, service: str) -> bytes | None:
        try:
            status, body = await fetch(self._pools[service], "/openapi.json", seconds=FETCH_SECONDS)
        except AppError:
            status, body = 503, b""
        if status == 200 and body.startswith(b"{") and body.endswith(b"}"):
            return body
        _log.warning("document.missing", kind=service)
        return None
