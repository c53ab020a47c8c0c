"""Escalation with replicas that are killed (kill -9) while they tell: each level once per round, nothing lost, nothing twice."""

import asyncio
import json
import subprocess
import sys
from collections import Counter
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

import pytest

from services.issues.tests.builders import RESIDENT
from services.issues.tests.integration.test_clocks import at
from services.issues.tests.integration.town import Town
from shared.clock import FrozenClock
from shared.testing.databases import Database
from shared.timers.settings import TimerSettings

ROOT = Path(__file__).resolve().parents[4]
PROCESS = "services.issues.tests.integration.sweeping_process"
MATTERS, ROUNDS, BITE = 60, 3, 8
TOLD = ("issues.issue_escalated.v1", "issues.issue_clock_missed.v1")
ONCE = Counter({(TOLD[0], level): 1 for level in (50, 80, 100)} | {(TOLD[1], clock): 1 for clock in ("T1", "T2")})


@pytest.fixture
def clock() -> FrozenClock:
    """Wednesday, 9 o'clock in China."""
    return FrozenClock(at("2026-11-25 09:00"))


def replica(database: Database, moment: datetime) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", PROCESS, json.dumps(asdict(database)), moment.isoformat()],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def output_of(process: "subprocess.Popen[str]") -> IO[str]:
    assert process.stdout is not None
    return process.stdout


async def told(town: Town) -> dict[str, Counter[tuple[str, object]]]:
    """What was told of each issue."""
    rows = await town.rows(
        "SELECT aggregate_id, type, data FROM outbox WHERE community = $1 AND type = ANY($2)",
        town.community,
        list(TOLD),
    )
    found: dict[str, Counter[tuple[str, object]]] = {}
    for row in rows:
        fact = json.loads(row["data"])
        found.setdefault(str(row["aggregate_id"]), Counter())[row["type"], fact.get("percent", fact.get("clock"))] += 1
    return found


async def test_replicas_that_are_killed_while_they_escalate_tell_each_level_once(town: Town) -> None:
    for _ in range(MATTERS):
        await town.report(RESIDENT)
    town.clock.at = at("2026-12-02 17:30")
    for number in range(1, ROUNDS + 1):
        replicas = [replica(town.database, town.clock.now()) for _ in range(2)]
        try:
            for process in replicas:
                assert (await asyncio.to_thread(output_of(process).readline)).strip() == "ready"
            for process in replicas:
                assert process.stdin is not None
                process.stdin.write("go\n")
                process.stdin.flush()
            async with asyncio.timeout(60):
                while len(await told(town)) < number * BITE:
                    continue
        finally:
            for process in replicas:
                process.kill()
            for process in replicas:
                process.communicate()
        assert number * BITE <= len(await told(town)) < MATTERS, "killed with the work half done"
        # Later than every lease of those who died; no further level lies that near.
        town.clock.advance(timedelta(seconds=TimerSettings().lease_seconds * 4))
    await town.ring()
    found = await told(town)
    assert len(found) == MATTERS
    assert all(counts == ONCE for counts in found.values())
    levels = await town.rows("SELECT DISTINCT overdue_level FROM issues WHERE community = $1", town.community)
    assert [row["overdue_level"] for row in levels] == [100]
