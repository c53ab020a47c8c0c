"""Reporting an issue: through the gateway with login, and at the service itself, beside pgbench with the very same statement.

The platform runs as `./mulin up` runs it, on a throw-away state folder: five services, NATS, PostgreSQL with every sync.
"""

import asyncio
import itertools
import json
import os
import re
import shutil
import tempfile
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import uvloop

from bench.load import Report, load
from bench.rounds import Ratio
from deploy.embedded import postgres
from deploy.embedded.bring_up import Platform
from deploy.embedded.environment import role_password
from deploy.embedded.logins import DemoLogin, load_logins
from deploy.embedded.ports import free_port
from deploy.embedded.progress import Progress
from deploy.embedded.state import State
from deploy.embedded.supervisor import Supervisor
from services.issues.storage.report_statement import HISTORY_COLUMNS, ISSUE_COLUMNS, STATEMENT
from shared.ids import new_id
from shared.principal import Grant, Principal, Role
from shared.security.tokens import PrincipalSigner

COMMUNITIES = ("feicuicheng", "yuehu", "shuian")
"""All of the seed, in turn: numbers are counted per community, and one row lock alone would hold back the limit too."""
CATEGORY, TEXT = "street_light", "12号楼北侧路灯不亮，晚上老人小孩走路不安全。"
CONNECTIONS, SECONDS = 16, 4.0
WITHOUT_LIMITS = {"MULIN_RATE_PER_PERSON": "0", "MULIN_RATE_PER_ADDRESS": "0"}
"""Three residents at one address send everything here; the gateway would rightly slow them down."""


@asynccontextmanager
async def platform() -> AsyncIterator[Platform]:
    """The whole platform, gone when the block is left."""
    state = State(Path(tempfile.mkdtemp(prefix="mulin-bench-")))
    state.prepare()
    os.environ.update(WITHOUT_LIMITS)
    supervisor = Supervisor(state.logs)
    try:
        running = Platform(state, supervisor, Progress(), host="127.0.0.1", port=free_port())
        await running.bring_up()
        yield running
    finally:
        await supervisor.stop()
        shutil.rmtree(state.folder, ignore_errors=True)


async def submit_an_issue(rounds: int) -> list[Ratio]:
    """Reports per second: direct, through the gateway, and the statement alone, in turn."""
    direct: list[float] = []
    through: list[float] = []
    alone: list[float] = []
    async with platform() as running:
        residents = [login for login in load_logins(running.state.folder) if login.role == Role.RESIDENT]
        chosen = [next(login for login in residents if login.community == one) for one in COMMUNITIES]
        people = [await asyncio.to_thread(_log_in, running.address, login) for login in chosen]
        for number in range(rounds):
            turns = [_direct, _through, _alone]
            for turn in turns[number % 3 :] + turns[: number % 3]:
                rate = await turn(running, people)
                {_direct: direct, _through: through, _alone: alone}[turn].append(rate)
    limit = "pgbench, the same statement, 16 clients"
    return [
        Ratio("submit an issue, service direct", limit, direct, alone, floor=0.15, goal=0.24),
        Ratio("submit an issue, through the gateway", limit, through, alone, floor=0.12, goal=0.20),
        Ratio("the gateway on submit", "service direct", through, direct, floor=0.70, goal=0.85),
    ]


People = list[tuple[UUID, str]]
"""A resident of each community and that person's access token."""


async def _direct(running: Platform, people: People) -> float:
    signer = PrincipalSigner(running.state.secret_file("principal_private.pem").read_bytes())
    signed = [
        signer.sign(Principal(person, community, (Grant(Role.RESIDENT),)), audience="issues")
        for (person, _), community in zip(people, COMMUNITIES, strict=True)
    ]
    return await _report(running.ports.services["issues"], [f"X-Mulin-Principal: {one}" for one in signed])


async def _through(running: Platform, people: People) -> float:
    return await _report(running.ports.services["gateway"], [f"Authorization: Bearer {token}" for _, token in people])


async def _report(port: int, identities: list[str]) -> float:
    body = json.dumps(
        {"category": CATEGORY, "place": {"text": "12号楼北侧"}, "text": TEXT}, ensure_ascii=False
    ).encode()
    heads = [
        (
            f"POST /api/v1/communities/{community}/issues HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{identity}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nIdempotency-Key: "
        ).encode()
        for community, identity in zip(COMMUNITIES, identities, strict=True)
    ]
    next_head = itertools.cycle(heads)

    def one_round() -> Report:
        """In a thread with a loop of its own: the supervisor needs asyncio's, the generator the faster one."""
        request = lambda: next(next_head) + str(new_id()).encode() + b"\r\n\r\n" + body  # noqa: E731
        return uvloop.run(load("127.0.0.1", port, request, connections=CONNECTIONS, seconds=SECONDS))

    report = await asyncio.to_thread(one_round)
    if set(report.statuses) != {201}:
        raise RuntimeError(f"not every report was taken: {dict(report.statuses)}")
    return report.per_second


async def _alone(running: Platform, people: People) -> float:
    """Transactions per second of pgbench with the statement of the service, its parameters made by the server."""
    script = running.state.folder / "report.sql"
    script.write_text(_pgbench_script(people[0][0]), encoding="utf-8")
    script.chmod(0o644)
    process = await asyncio.create_subprocess_exec(
        str(postgres.programs() / "pgbench"), "-n", "-M", "prepared", "-c", str(CONNECTIONS), "-j", "1",
        "-T", str(int(SECONDS)), "-f", str(script), "-h", "127.0.0.1", "-p", str(running.ports.postgres),
        "-U", "issues_app", "mulin_issues",
        env={"PGPASSWORD": role_password(running.state, "issues_app")},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    output, errors = await process.communicate()
    found = re.search(rb"tps = ([0-9.]+)", output)
    if process.returncode != 0 or found is None or b"failed transactions: 0" not in output:
        raise RuntimeError(f"pgbench: {errors.decode()[-1000:]}{output.decode()[-500:]}")
    return float(found[1])


def _pgbench_script(person: UUID) -> str:
    identifiers = "\n".join(f"\\set {name} random(1, 281474976710655)" for name in "abc")
    identifiers += f"\n\\set d random(1, {len(COMMUNITIES)})"
    listed = ", ".join(repr(one) for one in COMMUNITIES)
    community = f"(ARRAY[{listed}])[CAST(:d AS int)]"

    def made(name: str) -> str:
        return f"CAST('00000000-0000-7000-8000-' || lpad(to_hex(CAST(:{name} AS bigint)), 12, '0') AS uuid)"

    number = "number-to-be"
    message = {
        "issue_id": str(person),
        "number": number,
        "kind": "complaint",
        "category": CATEGORY,
        "source": "resident",
    }
    answer = {"number": number, "text": TEXT, "state": "registered", "place": {"text": "12号楼北侧"}, "version": 1}
    values: dict[str, str] = {
        "id": made("a"), "kind": "'complaint'", "category": f"'{CATEGORY}'", "severity": "'general'",
        "building_id": "NULL", "place_text": "'12号楼北侧'", "title": f"'{TEXT[:20]}'", "text": f"'{TEXT}'",
        "source": "'resident'", "reported_by": f"'{person}'", "registered_at": "now()", "reported_at": "now()",
        "state": "'registered'", "round": "1", "version": "1",
    }  # fmt: skip
    happened = {
        "id": made("c"), "verb": "'report'", "to_state": "'registered'", "done_by": f"'{person}'", "at": "now()",
        "round": "1",
    }  # fmt: skip
    first: list[Any] = [
        community, "2026", "'FCC-2026-'", f"'{number}'", made("a"), made("b"), "'issues.issue_registered.v1'",
        "'ISSUES'", f"'issues.{COMMUNITIES[0]}.issue_registered.v1'", f"'{json.dumps(message)}'", "now()",
        "to_hex(CAST(:a AS bigint))", f"'{person}'", "'POST /issues'", "to_hex(CAST(:a AS bigint))",
        "decode(repeat('ab', 32), 'hex')", "201", "'{}'", f"'{json.dumps(answer, ensure_ascii=False)}'",
    ]  # fmt: skip
    arguments = first + [values[name] for name in ISSUE_COLUMNS] + [happened[name] for name in HISTORY_COLUMNS]
    statement = re.sub(r"\$(\d+)", lambda match: arguments[int(match[1]) - 1], STATEMENT)
    return f"{identifiers}\n{' '.join(statement.split())};\n"


def _log_in(address: str, login: DemoLogin) -> tuple[UUID, str]:
    request = urllib.request.Request(  # noqa: S310 - our own gateway on loopback
        f"{address}/api/v1/sessions",
        data=json.dumps({"login": login.login, "password": login.password}).encode(),
        headers={"Content-Type": "application/json", "Idempotency-Key": str(new_id())},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        session = json.load(answer)
    return UUID(session["person"]["id"]), session["access_token"]
