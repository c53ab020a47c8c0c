"""What is due rings once, in order, and nothing that fails or dies keeps the others from ringing."""

import asyncio
import json
import subprocess
import sys
from collections import Counter
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from prometheus_client import REGISTRY

from shared.clock import FrozenClock
from shared.errors import ConcurrentChange
from shared.ids import new_id
from shared.testing.databases import Database
from shared.tests.timers.conftest import MakeReplica
from shared.tests.timers.world import MINUTE, NEIGHBOUR, NOW, RecordRing, Refused, Replica, record_ring, rows, rung
from shared.timers import Ring, Timers
from shared.timers.sweeper import LEASE

ROOT = Path(__file__).resolve().parents[3]


async def test_a_timer_rings_when_it_is_due_and_not_before(
    replica_of: MakeReplica, database: Database, clock: FrozenClock
) -> None:
    replica = replica_of()
    subject = await replica.set(NOW + MINUTE)
    assert await replica.sweeper.sweep() == 0
    assert await rung(database) == []
    clock.advance(MINUTE)
    assert await replica.sweeper.sweep() == 1
    assert await replica.sweeper.sweep() == 0
    assert await rung(database) == [subject]


async def test_timers_ring_in_the_order_in_which_they_are_due(replica_of: MakeReplica, database: Database) -> None:
    replica = replica_of(at_once=1)
    later, sooner = await replica.set(NOW - MINUTE), await replica.set(NOW - 2 * MINUTE)
    await replica.sweeper.sweep()
    assert await rung(database) == [sooner, later]


async def test_a_timer_rings_in_its_own_community(replica_of: MakeReplica, database: Database) -> None:
    replica = replica_of()
    await replica.set(NOW, to=NEIGHBOUR)
    await replica.sweeper.sweep()
    assert [row["community"] for row in await rows(database, "SELECT community FROM rings")] == [NEIGHBOUR]


async def test_a_timer_that_was_moved_rings_at_the_new_moment_only(
    replica_of: MakeReplica, database: Database, clock: FrozenClock
) -> None:
    replica = replica_of()
    subject = await replica.set(NOW)
    await replica.set(NOW + MINUTE, subject=subject)
    assert await replica.sweeper.sweep() == 0
    clock.advance(MINUTE)
    await replica.sweeper.sweep()
    assert await rung(database) == [subject]


async def test_a_timer_that_was_moved_or_cancelled_after_it_was_taken_does_not_ring(
    replica_of: MakeReplica, database: Database
) -> None:
    replica = replica_of()
    moved, cancelled = await replica.set(NOW), await replica.set(NOW)
    taken = await replica.sweeper._lease(NOW, 2)
    await replica.set(NOW + MINUTE, subject=moved)
    await replica.cancel("plain", cancelled)
    for ring in taken:
        await replica.sweeper._ring(ring, NOW)
    assert len(taken) == 2
    assert await rung(database) == []


async def test_a_handler_may_set_the_next_timer_of_its_kind(
    replica_of: MakeReplica, database: Database, clock: FrozenClock
) -> None:
    async def weekly(ring: Ring, uow: Any) -> None:
        await record_ring(RecordRing(ring, "one", again_at=ring.due_at + MINUTE), uow)

    replica = replica_of(handlers={"weekly": weekly})
    subject = await replica.set(NOW, "weekly")
    for _ in range(3):
        await replica.sweeper.sweep()
        clock.advance(MINUTE)
    assert await rung(database) == [subject] * 3
    due = await rows(database, "SELECT due_at FROM timers")
    assert [row["due_at"] for row in due] == [NOW + 3 * MINUTE]


async def test_what_becomes_due_by_a_ring_rings_in_the_same_sweep(replica_of: MakeReplica, database: Database) -> None:
    async def twice(ring: Ring, uow: Any) -> None:
        again_at = None if ring.due_at == NOW else NOW
        await record_ring(RecordRing(ring, "one", again_at=again_at), uow)

    replica = replica_of(handlers={"twice": twice})
    subject = await replica.set(NOW - MINUTE, "twice")
    assert await replica.sweeper.sweep() == 2
    assert await rung(database) == [subject] * 2


async def test_a_handler_that_finds_nothing_to_do_uses_up_the_timer(
    replica_of: MakeReplica, database: Database
) -> None:
    async def idle(ring: Ring, uow: Any) -> None:
        return None

    replica = replica_of(handlers={"idle": idle})
    await replica.set(NOW, "idle")
    await replica.sweeper.sweep()
    assert await rows(database, "SELECT * FROM timers") == []


async def test_a_failing_timer_is_tried_ever_more_slowly_and_blocks_nobody(
    replica_of: MakeReplica, database: Database, clock: FrozenClock
) -> None:
    async def fail(ring: Ring, uow: Any) -> None:
        raise Refused if ring.key == "refused" else ZeroDivisionError

    replica = replica_of(handlers={"fails": fail}, at_once=1)
    for key in ("refused", "broken"):
        await replica.set(NOW - MINUTE, "fails", key=key)
    good = await replica.set(NOW)

    pauses = []
    for _ in range(4):
        await replica.sweeper.sweep()
        found = await rows(database, "SELECT try_at, attempts FROM timers ORDER BY key")
        assert len({row["attempts"] for row in found}) == 1
        pauses.append((found[0]["try_at"] - clock.now()).total_seconds())
        clock.at = found[0]["try_at"]

    assert await rung(database) == [good]
    assert pauses == [2, 4, 8, 16]
    errors = await rows(database, "SELECT key, last_error, attempts FROM timers ORDER BY key")
    assert [(row["key"], row["last_error"]) for row in errors] == [
        ("broken", "handler-failed"),
        ("refused", "refused-by-the-test"),
    ]


async def test_what_a_failing_handler_wrote_is_taken_back(replica_of: MakeReplica, database: Database) -> None:
    async def half(ring: Ring, uow: Any) -> None:
        async with uow:
            await uow.timers.set("plain", new_id(), NOW + MINUTE)
            raise Refused

    replica = replica_of(handlers={"half": half})
    await replica.set(NOW, "half")
    await replica.sweeper.sweep()
    assert [row["kind"] for row in await rows(database, "SELECT kind FROM timers")] == ["half"]


async def test_a_change_by_somebody_else_in_the_same_moment_is_tried_again_at_once(
    replica_of: MakeReplica, database: Database
) -> None:
    tries = []

    async def collide(ring: Ring, uow: Any) -> None:
        tries.append(ring)
        if len(tries) < 3:
            raise ConcurrentChange
        await record_ring(RecordRing(ring, "one"), uow)

    replica = replica_of(handlers={"collides": collide})
    subject = await replica.set(NOW, "collides")
    await replica.sweeper.sweep()
    assert await rung(database) == [subject]


async def test_a_timer_of_a_kind_that_nobody_handles_waits_for_a_newer_release(
    replica_of: MakeReplica, database: Database, clock: FrozenClock
) -> None:
    old = replica_of()
    subject = await old.set(NOW, "new")
    await old.sweeper.sweep()
    assert [row["last_error"] for row in await rows(database, "SELECT last_error FROM timers")] == ["no-handler"]
    clock.advance(MINUTE)
    new: Replica = replica_of("two", handlers={"new": old.record})
    await new.sweeper.sweep()
    assert await rung(database) == [subject]


async def test_a_slow_handler_holds_nobody_up(replica_of: MakeReplica, database: Database) -> None:
    go_on = asyncio.Event()

    async def wait(ring: Ring, uow: Any) -> None:
        await go_on.wait()

    replica = replica_of(handlers={"waits": wait}, at_once=2)
    await replica.set(NOW - MINUTE, "waits")
    others = [await replica.set(NOW) for _ in range(10)]
    sweep = asyncio.create_task(replica.sweeper.sweep())
    for _ in range(500):
        if len(await rung(database)) == 10:
            break
        await asyncio.sleep(0.02)
    assert not sweep.done()
    go_on.set()
    await sweep
    assert Counter(await rung(database)) == Counter(others)


async def test_several_replicas_share_the_work_and_each_timer_rings_once(
    replica_of: MakeReplica, database: Database
) -> None:
    replicas = [replica_of(name) for name in ("one", "two", "three")]
    subjects = [await replicas[0].set(NOW - index * MINUTE) for index in range(90)]
    tried = await asyncio.gather(*(replica.sweeper.sweep() for replica in replicas))
    assert Counter(await rung(database)) == Counter(subjects)
    assert sum(tried) == 90
    assert len(await rows(database, "SELECT DISTINCT replica FROM rings")) == 3


async def test_replicas_that_hold_the_same_ring_write_its_effect_once(
    replica_of: MakeReplica, database: Database
) -> None:
    """As after a lease that ended too early: the politeness is gone, the proof is not."""
    replicas = [replica_of(name) for name in ("one", "two", "three")]
    subjects = [await replicas[0].set(NOW) for _ in range(30)]
    taken = await replicas[0].sweeper._lease(NOW, 30)
    await asyncio.gather(*(replica.sweeper._ring(ring, NOW) for ring in taken for replica in replicas))
    assert Counter(await rung(database)) == Counter(subjects)
    assert await rows(database, "SELECT * FROM timers") == []


async def test_a_timer_whose_process_was_killed_rings_after_the_lease(
    replica_of: MakeReplica, database: Database, clock: FrozenClock
) -> None:
    async def record(ring: Ring, uow: Any) -> None:
        await record_ring(RecordRing(ring, "one"), uow)

    replica = replica_of(handlers={"stalls": record})
    subject = await replica.set(NOW, "stalls")
    process = stalling_replica(database)
    try:
        assert process.stdout is not None
        assert (await asyncio.to_thread(process.stdout.readline)).strip() == "handling"
        assert await replica.sweeper.sweep() == 0, "the other replica has it"
    finally:
        process.kill()
        process.communicate()

    clock.advance(timedelta(seconds=121))
    await replica.sweeper.sweep()
    assert await rung(database) == [subject]
    assert await rows(database, "SELECT * FROM timers") == []


async def test_the_task_sweeps_by_itself_and_finishes_what_runs_when_it_stops(
    replica_of: MakeReplica, database: Database
) -> None:
    started = asyncio.Event()

    async def slow(ring: Ring, uow: Any) -> None:
        started.set()
        await asyncio.sleep(0.3)
        await record_ring(RecordRing(ring, "one"), uow)

    replica = replica_of(handlers={"slow": slow})
    async with replica.sweeper:
        subject = await replica.set(NOW, "slow")
        async with asyncio.timeout(10):
            await started.wait()
    assert await rung(database) == [subject]


async def test_it_says_how_late_it_is_and_what_fails(
    replica_of: MakeReplica, database: Database, clock: FrozenClock
) -> None:
    async def fail(ring: Ring, uow: Any) -> None:
        raise Refused

    replica = replica_of(handlers={"fails": fail})
    await replica.set(NOW, "fails")
    await replica.sweeper.sweep()
    await replica.set(NOW + MINUTE)
    clock.advance(2 * MINUTE)
    await replica.sweeper.measure()
    labels = {"service": "issues"}
    # The failed one was to be tried again after two seconds.
    assert REGISTRY.get_sample_value("timers_oldest_due_seconds", labels) == 118
    assert REGISTRY.get_sample_value("timers_failing", labels) == 1


async def test_a_sweep_reads_what_is_due_and_nothing_else(database: Database) -> None:
    await rows(
        database,
        "INSERT INTO timers (community, kind, subject, key, due_at, set_at, try_at)"
        " SELECT 'feicuicheng', 'plain', gen_random_uuid(), '', at, at, at"
        " FROM (SELECT $1::timestamptz + n * interval '1 second' AS at FROM generate_series(-4, 99995) AS n) AS s",
        NOW,
    )
    await rows(database, "ANALYZE timers")
    connection = await asyncpg.connect(database.plain(database.relay_url))
    try:
        plan = json.loads(
            await connection.fetchval(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {LEASE}", NOW, 100, 60.0, 3600.0)
        )
    finally:
        await connection.close()
    nodes = list(nodes_of(plan[0]["Plan"]))
    assert {node["Node Type"] for node in nodes} & {"Seq Scan"} == set(), nodes
    reading = [node for node in nodes if node.get("Index Name") == "timers_by_try"]
    assert [node["Actual Rows"] for node in reading] == [5]
    assert plan[0]["Plan"]["Shared Hit Blocks"] + plan[0]["Plan"]["Shared Read Blocks"] < 500


def stalling_replica(database: Database) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "shared.tests.timers.process", json.dumps(asdict(database))],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def nodes_of(plan: dict[str, Any]) -> Any:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes_of(part)


def test_one_kind_has_one_handler() -> None:
    timers = Timers("issues")

    async def react(ring: Ring, uow: Any) -> None: ...

    assert timers.rings("kind")(react) is react
    with pytest.raises(TypeError):
        timers.rings("kind")(react)
    assert timers.kinds == ("kind",)
