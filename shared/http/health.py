"""`/healthz` (is this process alive?), `/readyz` (can it do its work now?), `/metrics`."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import orjson
from fastapi import Request
from starlette.responses import Response
from starlette.routing import Route

from shared.database.engine import Database
from shared.database.migrations import head_of, revision_in
from shared.observability.logging import get_logger
from shared.observability.metrics import rendered_metrics

Check = Callable[[], Awaitable[None]]
"""Raises when something is wrong; the message says what, without secrets."""
CHECK_SECONDS = 3.0

_log = get_logger("health")


class Unfit(Exception):
    """A check failed; the text goes into the answer of the health route."""


def health_routes(liveness: Mapping[str, Check], readiness: Mapping[str, Check]) -> list[Route]:
    """The three routes, outside of the OpenAPI document."""

    async def healthz(_request: Request) -> Response:
        return await _told(liveness)

    async def readyz(_request: Request) -> Response:
        return await _told(readiness)

    async def metrics(_request: Request) -> Response:
        body, media_type = rendered_metrics()
        return Response(body, headers={"content-type": media_type})

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]


async def _told(checks: Mapping[str, Check]) -> Response:
    results = await asyncio.gather(*(_outcome(name, check) for name, check in checks.items()))
    failed = {name: outcome for name, outcome in zip(checks, results, strict=True) if outcome is not None}
    told = {name: failed.get(name, "ok") for name in checks}
    body = {"status": "failing" if failed else "ok", "checks": told}
    return Response(orjson.dumps(body), status_code=503 if failed else 200, media_type="application/json")


async def _outcome(name: str, check: Check) -> str | None:
    """None when the check passes within its time."""
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await check()
    except TimeoutError:
        reason = f"no answer within {CHECK_SECONDS:g} s"
    except Unfit as unfit:
        reason = str(unfit)
    except Exception as error:
        reason = type(error).__name__
    else:
        return None
    _log.warning("health.check_failed", check=name, reason=reason)
    return reason


def database_answers(database: Database) -> Check:
    """Readiness: PostgreSQL answers."""
    return database.answers


def migrations_are_current(database: Database, service: str, *, folder: Path | None = None) -> Check:
    """Readiness: the database is at the revision this code needs."""
    head = head_of(service, folder=folder)

    async def check() -> None:
        async with database.engine.connect() as connection:
            found = await revision_in(connection)
        if found != head:
            raise Unfit(f"database at {found}, this code needs {head}")

    return check
