"""From the return of a commit to the entry into a handler in another process, beside a raw JetStream publish and consume."""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Coroutine

import nats

from bench.ground import COMMUNITY, Ground, member
from bench.listener import RAW_SUBJECT
from bench.rounds import Ratio, alternate
from shared.contracts.issues import IssueWithdrawn
from shared.ids import new_id
from shared.messaging.outbox import PARAMETERS, ctes, rows

RATE = 1_000
MESSAGES = 3_000
WRITERS = 8
"""Sends under way at once, as many as a service's pool has connections. A machine that cannot keep the rate falls behind it."""
WARM_UP = 200
"""First messages of a round, not counted."""

BOUND = [name for name in PARAMETERS if name != "outbox_community"]


def _placeholder(name: str) -> str:
    return "(SELECT community FROM tenant)" if name == "outbox_community" else f"${BOUND.index(name) + 2}"


STATEMENT = f"""
WITH tenant AS MATERIALIZED (SELECT set_config('app.community', $1, true) AS community), {ctes(_placeholder)}
SELECT count(*) FROM outbox_rows
"""
"""A hot command that does nothing but tell: the community is bound in the statement that needs it."""

Send = Callable[[str], Coroutine[None, None, None]]


async def commit_to_handler(ground: Ground, rounds: int) -> list[Ratio]:
    """Ratios of the median and of the 99th percentile at a steady rate."""
    medians: dict[str, list[float]] = {"ours": [], "raw": []}
    tails: dict[str, list[float]] = {"ours": [], "raw": []}

    async def one(kind: str) -> float:
        latencies = await (_ours(ground) if kind == "ours" else _raw(ground))
        medians[kind].append(latencies[len(latencies) // 2])
        tails[kind].append(latencies[int(len(latencies) * 0.99)])
        return medians[kind][-1]

    await alternate(lambda: one("ours"), lambda: one("raw"), rounds)
    limit = "raw JetStream publish → consume"
    return [
        Ratio(
            f"commit → handler, {RATE}/s, p50", limit, medians["ours"], medians["raw"], 3.5, 2.5, lower_is_better=True
        ),
        Ratio(f"commit → handler, {RATE}/s, p99", limit, tails["ours"], tails["raw"], 6, 3, lower_is_better=True),
    ]


async def _ours(ground: Ground) -> list[float]:
    issues = member("issues", ground.publisher.app_url, ground.publisher.relay_url, ground.nats.url("issues"))
    sent: dict[str, int] = {}

    async def send(identifier: str) -> None:
        issue_id = new_id()
        person = new_id()
        message = IssueWithdrawn(
            issue_id=issue_id, number="FCC-2026-000001", category="street_lamp", withdrawn_by=person
        )
        async with issues.unit_of_work(COMMUNITY, correlation_id=identifier) as uow:
            await uow.publish(message)
            given = rows(
                community=COMMUNITY, messages=[message], correlation_id=identifier, causation_id=None, now=uow.now()
            )
            await uow.in_one_statement(STATEMENT, COMMUNITY, *(given[name] for name in BOUND))
            sent[str(issue_id)] = time.monotonic_ns()

    addresses = (ground.listener.app_url, ground.listener.relay_url, ground.nats.url("volunteers"))
    async with issues.messaging:
        entered = await _with_listener("ours", addresses, send)
    await issues.pool.close()
    return _latencies(sent, entered)


async def _raw(ground: Ground) -> list[float]:
    client = await nats.connect(ground.nats.url("admin"))
    stream, sent = client.jetstream(), {}

    async def send(_: str) -> None:
        identifier = str(new_id())
        sent[identifier] = time.monotonic_ns()
        await stream.publish(RAW_SUBJECT, identifier.encode() + b" " * 400, headers={"Nats-Msg-Id": identifier})

    entered = await _with_listener("raw", ("-", "-", ground.nats.url("admin")), send)
    await client.close()
    return _latencies(sent, entered)


async def _with_listener(kind: str, addresses: tuple[str, str, str], send: Send) -> dict[str, int]:
    """Start the listening process, send at the rate, wait until all is through, ask it for its times."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.listener", kind, str(MESSAGES), *addresses,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**26,
    )  # fmt: skip
    assert process.stdout is not None  # noqa: S101
    try:
        while (await process.stdout.readline()).strip() != b"ready":
            if process.returncode is not None:
                raise RuntimeError("the listener ended")
        await _send_at_the_rate(send)
        while not (line := await process.stdout.readline()).startswith(b"{"):
            if not line:
                raise RuntimeError("the listener ended without its times")
        times: dict[str, int] = json.loads(line)
        return times
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _send_at_the_rate(send: Send) -> None:
    started = time.monotonic()
    tasks: set[asyncio.Task[None]] = set()
    places = asyncio.Semaphore(WRITERS)
    for number in range(MESSAGES):
        pause = started + number / RATE - time.monotonic()
        if pause > 0:
            await asyncio.sleep(pause)
        await places.acquire()
        task = asyncio.create_task(send(str(number)))
        task.add_done_callback(lambda _: places.release())
        tasks.add(task)
    await asyncio.gather(*tasks)


def _latencies(sent: dict[str, int], entered: dict[str, int]) -> list[float]:
    """Seconds, sorted. Every message that was sent must have come."""
    missing = [key for key in sent if key not in entered]
    if missing:
        raise RuntimeError(f"{len(missing)} of {len(sent)} messages did not come")
    counted = list(sent)[WARM_UP:]
    return sorted(max(0, entered[key] - sent[key]) / 1e9 for key in counted)
