"""What we hand to partners works: the programs of docs/partners run as documented, against the real service."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from deploy.embedded.ports import free_port
from services.notify.tests.builders import an_issue_registered
from services.notify.tests.integration.running import Caller, Receiver, Town, running, settings_for, until
from shared.ids import new_id
from shared.principal import Role
from shared.testing.databases import Database
from shared.testing.servers import Nats

DOCS = Path(__file__).resolve().parents[4] / "docs" / "partners"


@asynccontextmanager
async def started(program: str, *arguments: str, **environment: str) -> AsyncIterator[list[str]]:
    """Run a program of the documentation; gives what it prints, line by line."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(DOCS / program),
        *arguments,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    lines: list[str] = []
    assert process.stdout
    stdout = process.stdout

    async def listen() -> None:
        while line := await stdout.readline():
            lines.append(line.decode().strip())

    listening = asyncio.create_task(listen())
    try:
        yield lines
    finally:
        process.kill()
        await process.wait()
        await listening


async def test_the_receiver_verifies_and_counts(database: Database, nats_server: Nats, town: Town) -> None:
    port = free_port()
    async with running(settings_for(database, nats_server, frozenset({f"127.0.0.1:{port}"}))) as client:
        partner = Caller(client, (Role.PARTNER,), organisation=new_id())
        made = await partner.subscribes(f"http://127.0.0.1:{port}/hook", types=["issues.issue_registered.v1"])
        async with started("receiver.py", str(port), MULIN_SECRET=made["secret"]) as printed:
            await town.says(an_issue_registered())
            await until(lambda: len(printed) >= 1)
            await partner.post(f"/subscriptions/{made['id']}/ping")
            await until(lambda: len(printed) >= 2)
        assert printed[0].startswith("1 cn.mulin.issues.issue_registered.v1 {")
        assert printed[1] == '2 cn.mulin.notify.ping.v1 {"ping": true}'
        await partner.delete(f"/subscriptions/{made['id']}")


async def test_the_receiver_refuses_what_another_secret_signed(database: Database, nats_server: Nats) -> None:
    port = free_port()
    async with running(settings_for(database, nats_server, frozenset({f"127.0.0.1:{port}"}))) as client:
        other = Caller(client, (Role.PARTNER,), organisation=new_id())
        made = await other.subscribes(f"http://127.0.0.1:{port}/hook")
        async with started("receiver.py", str(port), MULIN_SECRET="whsec_AAAA") as printed:
            await other.post(f"/subscriptions/{made['id']}/ping")
            await until(lambda: "refused: no signature matches" in printed)
        await other.delete(f"/subscriptions/{made['id']}")


async def test_the_puller_prints_its_messages(partner: Caller, nats_server: Nats, town: Town) -> None:
    made = await partner.subscribes(channel="nats", types=["issues.issue_registered.v1"])
    await town.says(an_issue_registered())
    address = f"nats://{nats_server.host}:{nats_server.port}"
    environment = {"MULIN_NATS": address, "MULIN_USER": made["nats"]["user"], "MULIN_SECRET": made["secret"]}
    async with started("puller.py", **environment) as printed:
        await until(lambda: any(line.startswith("1 cn.mulin.issues.issue_registered.v1") for line in printed))


async def test_the_shell_script_tells_right_from_wrong(partner: Caller, receiver: Receiver, tmp_path: Path) -> None:
    made = await partner.subscribes(receiver.url)
    await partner.post(f"/subscriptions/{made['id']}/ping")
    await until(lambda: receiver.delivered)
    (call,) = receiver.calls
    body = tmp_path / "body.json"
    headers = [call.headers[f"webhook-{name}"] for name in ("id", "timestamp", "signature")]
    for content, status in ((call.body, 0), (call.body + b" ", 1)):
        body.write_bytes(content)
        done = await asyncio.to_thread(
            subprocess.run, [str(DOCS / "verify.sh"), *headers, str(body)], env={**os.environ, "SECRET": made["secret"]}
        )
        assert done.returncode == status
