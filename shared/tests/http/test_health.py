import asyncio
import shutil
from pathlib import Path

import pytest

from shared.database.engine import Database
from shared.database.migrations import migrate
from shared.http import health
from shared.http.health import Unfit, database_answers, migrations_are_current
from shared.testing.client import Client
from shared.testing.databases import Databases
from shared.tests.http.notes_app import build
from shared.tests.notes import MIGRATIONS


def an_app(**checks: dict[str, health.Check]) -> Client:
    return Client(build(Database("postgresql+asyncpg://nobody@127.0.0.1:1/none", application="health"), **checks))


async def fine() -> None:
    return None


async def unfit() -> None:
    raise Unfit("the consumer issues-gateway is gone")


async def broken() -> None:
    raise ValueError("with a password in the text")


async def hangs() -> None:
    await asyncio.Event().wait()


async def test_a_process_without_complaints_is_alive_and_ready() -> None:
    client = an_app(liveness={"progress": fine}, readiness={"database": fine, "nats": fine})
    alive, ready = await client.get("/healthz"), await client.get("/readyz")
    assert (alive.status, alive.json()) == (200, {"status": "ok", "checks": {"progress": "ok"}})
    assert (ready.status, ready.json()["checks"]) == (200, {"database": "ok", "nats": "ok"})


async def test_a_failing_check_is_named_with_its_reason() -> None:
    client = an_app(liveness={"progress": unfit, "other": fine})
    answer = await client.get("/healthz")
    assert answer.status == 503
    assert answer.json() == {
        "status": "failing",
        "checks": {"progress": "the consumer issues-gateway is gone", "other": "ok"},
    }


async def test_an_unexpected_error_is_named_by_its_kind_only() -> None:
    answer = await an_app(readiness={"broken": broken}).get("/readyz")
    assert (answer.status, answer.json()["checks"]) == (503, {"broken": "ValueError"})


async def test_a_check_that_hangs_fails_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "CHECK_SECONDS", 0.05)
    answer = await an_app(readiness={"slow": hangs, "fine": fine}).get("/readyz")
    assert answer.status == 503
    assert "no answer" in answer.json()["checks"]["slow"]
    assert answer.json()["checks"]["fine"] == "ok"


async def test_a_database_that_does_not_answer_is_not_ready() -> None:
    lost = Database("postgresql+asyncpg://nobody@127.0.0.1:1/none", application="lost")
    answer = await an_app(readiness={"database": database_answers(lost)}).get("/readyz")
    assert (answer.status, answer.json()["checks"]) == (503, {"database": "Unavailable"})


async def test_old_code_and_old_databases_are_not_ready(databases: Databases, tmp_path: Path) -> None:
    served = databases.create_empty("issues")
    database = Database(served.app_url, application="ready")
    check = migrations_are_current(database, "issues", folder=MIGRATIONS)
    client = an_app(readiness={"database": database_answers(database), "migrations": check})
    assert (await client.get("/readyz")).json()["checks"] == {
        "database": "ok",
        "migrations": "database at None, this code needs 0003",
    }
    await migrate(served.owner_url, "issues", "0002", folder=MIGRATIONS)
    assert (await client.get("/readyz")).status == 503
    await migrate(served.owner_url, "issues", folder=MIGRATIONS)
    assert (await client.get("/readyz")).status == 200

    newer = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, newer)
    (newer / "HEAD").write_text("0002\n")
    older_code = migrations_are_current(database, "issues", folder=newer)
    assert (await an_app(readiness={"m": older_code}).get("/readyz")).status == 503
    await database.close()


async def test_metrics_are_served_with_pool_and_event_loop(client: Client) -> None:
    await client.get("/api/v1/greeting")
    answer = await client.get("/metrics")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain")
    text = answer.body.decode()
    for name in (
        'db_pool_connections{service="issues",state="limit"} 6.0',
        "http_requests_total",
        "event_loop_lag_seconds_count",
        "process_resident_memory_bytes",
    ):
        assert name in text, name
