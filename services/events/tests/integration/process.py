"""The service as a process of its own, to be called over a socket and to be killed."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
import orjson

from deploy.embedded.launch import Launch
from deploy.embedded.ports import free_port
from services.events.tests.integration.running import EVENTS
from shared.ids import new_id
from shared.principal import Role
from shared.testing.databases import Database
from shared.testing.principals import a_principal, headers_of, public_pem
from shared.testing.servers import in_own_loop, wait_until

ROOT = Path(__file__).resolve().parents[4]


class ServiceProcess:
    """`python -m services.events serve` on test servers."""

    def __init__(self, database: Database, nats_of: Callable[[str], str], folder: Path) -> None:
        self.port = free_port()
        key, self._log = folder / "principal.pem", folder / "service.log"
        key.write_bytes(public_pem())
        environment = {
            **os.environ,
            "MULIN_DATABASE_URL": database.app_url,
            "MULIN_RELAY_DATABASE_URL": database.relay_url,
            "MULIN_NATS_URL": nats_of("events"),
            "MULIN_PRINCIPAL_PUBLIC_KEY": str(key),
            "MULIN_PORT": str(self.port),
        }
        command = (sys.executable, "-m", "services.events", "serve")
        self._launch = Launch("events", command, cwd=ROOT, environment=environment)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it is ready. Call it from the main thread: it ends with the thread that started it."""
        with self._log.open("ab") as log:
            arguments = self._launch.popen_arguments()
            self._process = subprocess.Popen(self._launch.command, stdout=log, stderr=log, **arguments)
        wait_until(self._is_ready, f"the service did not start:\n{self._log.read_text()[-3000:]}")

    def kill(self) -> None:
        """End it as `kill -9` does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _is_ready(self) -> bool:
        async def ask() -> bool:
            try:
                async with aiohttp.ClientSession() as session, session.get(f"{self.address}/readyz") as answer:
                    return answer.status == 200
            except aiohttp.ClientError:
                return False

        return in_own_loop(ask())

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"


def many_clients() -> aiohttp.ClientSession:
    """A session with as many connections as are asked for."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=60, connect=30)
    )


async def call(
    session: aiohttp.ClientSession,
    address: str,
    path: str,
    body: Any,
    *,
    role: Role = Role.RESIDENT,
    person: UUID | None = None,
    key: str | None = None,
) -> tuple[int, Any]:
    """POST below …/events as somebody; returns status and document."""
    headers = headers_of(a_principal(role, person=person or new_id()), service="events", key=key)
    if body is not None:
        headers["content-type"] = "application/json"
    data = None if body is None else orjson.dumps(body)
    async with session.post(address + EVENTS + path, data=data, headers=headers) as answer:
        content = await answer.read()
        return answer.status, orjson.loads(content)


async def insistent_call(session: aiohttp.ClientSession, address: str, path: str, body: Any, **who: Any) -> Any:
    """As `call`, by somebody who tries again with the same key until there is an answer that is not 5xx."""
    who = {"key": str(new_id()), "person": new_id(), **who}
    while True:
        try:
            status, document = await call(session, address, path, body, **who)
        except (aiohttp.ClientError, TimeoutError):
            status, document = 0, None
        if 0 < status < 500:
            return status, document
        await asyncio.sleep(0.05)
