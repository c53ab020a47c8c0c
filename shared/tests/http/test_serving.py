"""A real process: it serves, answers health, finishes what is running when it is told to stop, and speaks plainly when misconfigured."""

import asyncio
import json
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from shared.ids import new_id
from shared.principal import Principal, Role
from shared.testing.databases import Database as ServerDatabase
from shared.testing.principals import a_principal, headers_of, public_pem

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
import sys
from fastapi import FastAPI
from shared.cli import serve_main
from shared.database.engine import Database
from shared.http.app import create_app
from shared.http.health import database_answers
from shared.database.unit_of_work import UnitOfWorkFactory
from shared.security.authorisation import by_signed_header
from shared.security.tokens import PrincipalVerifier
from shared.settings import ServiceSettings
from shared.tests.http.notes_app import PERMISSIONS, open_router, router
from shared.tests.notes import NotesUnitOfWork

def build(settings: ServiceSettings) -> FastAPI:
    database = Database(settings.database_url, application="issues")
    return create_app(
        service="issues", routers=[router, open_router], permissions=PERMISSIONS, database=database,
        authenticate=by_signed_header(PrincipalVerifier(settings.required_public_key(), "issues")),
        unit_of_work=UnitOfWorkFactory(NotesUnitOfWork, database), readiness={"database": database_answers(database)},
    )

sys.exit(serve_main("issues", build, ServiceSettings))
"""
NOTES = "/api/v1/communities/feicuicheng/notes"


class Served:
    def __init__(self, process: Process, port: int) -> None:
        self.process = process
        self.url = f"http://127.0.0.1:{port}"


async def started(environment: dict[str, str], *arguments: str) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PROGRAM,
        *arguments,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), **environment},
        stdout=PIPE,
        stderr=PIPE,
    )


@pytest.fixture
async def served(notes_database: ServerDatabase, tmp_path: Path) -> AsyncIterator[Served]:
    key, url = tmp_path / "principal.pem", tmp_path / "database-url"
    key.write_bytes(public_pem())
    url.write_text(notes_database.app_url + "\n")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = await started(
        {"MULIN_DATABASE_URL_FILE": str(url), "MULIN_PRINCIPAL_PUBLIC_KEY": str(key), "MULIN_PORT": str(port)}, "serve"
    )
    running = Served(process, port)
    async with aiohttp.ClientSession(running.url) as session:
        while not await is_ready(session):
            if process.returncode is not None:
                out, err = await process.communicate()
                pytest.fail(f"it ended with {process.returncode}: {out.decode()}{err.decode()}")
            await asyncio.sleep(0.05)
    yield running
    if process.returncode is None:
        process.kill()
    await process.communicate()


async def is_ready(session: aiohttp.ClientSession) -> bool:
    try:
        async with session.get("/readyz") as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


async def test_a_process_serves_and_finishes_what_is_running_before_it_stops(served: Served) -> None:
    secretary: Principal = a_principal(Role.SECRETARY)
    async with aiohttp.ClientSession(served.url) as session:
        text = str(new_id())
        async with session.post(NOTES, json={"text": text}, headers=headers_of(secretary, service="issues")) as answer:
            assert answer.status == 201
            note = (await answer.json())["id"]
        slow = asyncio.create_task(
            session.post(f"{NOTES}/{note}/slowly", headers=headers_of(secretary, service="issues"))
        )
        in_flight = 'http_requests_in_progress{service="issues"} 2.0'  # the slow one and this question
        while in_flight not in await (await session.get("/metrics")).text():  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.01)
        served.process.send_signal(signal.SIGTERM)
        async with await slow as answer:
            assert answer.status == 200
            assert (await answer.json())["stars"] == 1
    out, _ = await served.process.communicate()
    assert served.process.returncode == 0, out.decode()
    assert all(json.loads(line) for line in out.decode().splitlines())


async def test_garbage_on_the_wire_does_not_end_the_process(served: Served) -> None:
    port = int(served.url.rsplit(":", 1)[1])
    for garbage in (
        b"\x00\xff\x16\x03\x01",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /api/v1/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
        b"POST /api/v1/echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /%ff%fe/%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    ):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(garbage)
        writer.write_eof()
        told = await reader.read()
        assert b" 500 " not in told[:20]
        writer.close()
    async with aiohttp.ClientSession(served.url) as session, session.get("/healthz") as answer:
        assert answer.status == 200


async def test_a_missing_setting_is_named_in_one_line() -> None:
    process = await started({}, "serve")
    _, err = await process.communicate()
    assert process.returncode == 1
    assert (
        err.decode().strip()
        == "setting MULIN_DATABASE_URL is missing (or give a file with it as MULIN_DATABASE_URL_FILE)"
    )


async def test_an_unknown_command_explains_itself() -> None:
    process = await started({}, "dance")
    _, err = await process.communicate()
    assert process.returncode == 2
    assert "serve" in err.decode()
    assert "migrate" in err.decode()
