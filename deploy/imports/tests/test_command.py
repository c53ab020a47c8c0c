"""The command against the real issues service and database; only the login of the gateway is played by a stand-in."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from deploy.imports.main import main
from deploy.imports.tests.test_reading import HEADER, ROW, workbook
from services.issues.tests.builders import ADMIN, NOW, OFFICER
from services.issues.tests.integration.town import Town, app_on, done
from shared.clock import FrozenClock
from shared.testing.fixtures import MakeDatabase


@dataclass
class Door:
    """Where the command finds its gateway, and how often batches were sent."""

    town: Town
    address: str = ""
    batches: int = 0
    busy: int = 0
    """So many requests are answered with 503 first."""

    async def run(self, file: Path, *more: str) -> int:
        """Run the command as somebody would type it."""
        typed = ["issues", str(file), "--community", self.town.community, "--gateway", self.address]
        return await asyncio.to_thread(main, [*typed, "--login", "admin", "--password", "secret", *more])

    async def imported(self) -> list[dict[str, Any]]:
        """The issues of the community, in full, oldest first."""
        items = done(await self.town.get("/issues", OFFICER, limit=100))["items"]
        return [done(await self.town.get(f"/issues/{item['id']}", OFFICER)) for item in reversed(items)]


@pytest.fixture
async def door(database_of: MakeDatabase) -> AsyncIterator[Door]:
    clock = FrozenClock(NOW)
    database = database_of("issues")
    app = app_on(database, clock)
    town = Town(app, database, clock)
    await town.found()
    door = Door(town)

    async def log_in(request: web.Request) -> web.Response:
        given = await request.json()
        if given != {"login": "admin", "password": "secret"}:
            return web.json_response({"type": "/problems/login-failed", "title": "登录失败"}, status=401)
        return web.json_response({"access_token": "token"}, status=201)

    async def pass_on(request: web.Request) -> web.Response:
        assert request.headers["authorization"] == "Bearer token"
        if request.path.endswith("/imports"):
            door.batches += 1
            if door.busy:
                door.busy -= 1
                return web.json_response({"type": "/problems/unavailable"}, status=503)
        key = request.headers["idempotency-key"]
        answer = await town.client.request(
            request.method,
            request.path,
            content=await request.read() or None,
            headers={**town.headers(ADMIN, key), "content-type": "application/json"},
        )
        return web.Response(status=answer.status, body=answer.body, content_type=answer.headers["content-type"])

    gateway = web.Application(client_max_size=2**20)
    gateway.router.add_post("/api/v1/sessions", log_in)
    gateway.router.add_route("*", "/{path:.*}", pass_on)
    runner = web.AppRunner(gateway)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    door.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield door
    await runner.cleanup()
    await app.state.messaging.database.close()
    await app.state.database.close()


async def test_every_row_comes_in_once_with_its_text_and_time(
    door: Door, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        [str(n), "U01", f"第{n}件", "2020/1/6 12:09:38", f"　　第{n}件事。\n　　请处理。", "城乡建设"]
        for n in range(1, 131)
    ]
    file = workbook(tmp_path / "m.xlsx", HEADER, *rows)
    assert await door.run(file) == 0
    assert "新增 130，已存在 0" in capsys.readouterr().out
    assert await door.run(file) == 0
    assert "新增 0，已存在 130" in capsys.readouterr().out
    found = await door.town.rows(
        "SELECT number, text, reported_by FROM issues WHERE community = $1 ORDER BY number", door.town.community
    )
    assert [row["number"] for row in found] == [f"FCC-2026-{n:06d}" for n in range(1, 131)]
    assert [row["text"] for row in found] == [row[4] for row in rows]
    (one, *_) = await door.imported()
    assert (one["source"], one["category"], one["reported_by"]) == ("import", "urban_construction", None)
    assert (one["reported_at"], one["registered_at"]) == ("2020-01-06T04:09:38Z", "2026-11-25T10:00:00Z")
    assert await door.town.published() == ["issue_registered"] * 130


async def test_a_wrong_row_stops_everything_and_is_shown_in_place(
    door: Door, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = workbook(tmp_path / "m.xlsx", HEADER, ROW, ["8", "U", "t", "昨天", "灯坏", "城乡建设"])
    assert await door.run(file) == 1
    said = capsys.readouterr().err
    assert "留言时间" in said
    assert "昨天" in said
    assert await door.imported() == []
    assert await door.run(file, "--skip-bad") == 0
    assert "新增 1，已存在 0，跳过 1" in capsys.readouterr().out
    assert [issue["title"] for issue in await door.imported()] == ["路口太暗"]


async def test_a_dry_run_keeps_nothing(door: Door, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = workbook(tmp_path / "m.xlsx", HEADER, ROW)
    assert await door.run(file, "--dry-run") == 0
    assert "将新增 1，已存在 0" in capsys.readouterr().out
    assert await door.imported() == []


async def test_a_busy_service_is_asked_again(door: Door, tmp_path: Path) -> None:
    door.busy = 1
    assert await door.run(workbook(tmp_path / "m.xlsx", HEADER, ROW)) == 0
    assert door.batches == 3, "the dry run twice, the import once"
    assert len(await door.imported()) == 1


async def test_what_the_service_refuses_is_shown_at_its_row(
    door: Door, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mapping = tmp_path / "mapping.json"
    mapping.write_text('{"categories": {"月球": "moon"}}', encoding="utf-8")
    file = workbook(tmp_path / "m.xlsx", HEADER, ROW, ["8", *ROW[1:5], "月球"])
    assert await door.run(file, "--mapping", str(mapping)) == 1
    said = capsys.readouterr().err
    assert "│ 3" in said
    assert "一级分类" in said
    assert await door.imported() == []


async def test_a_wrong_password_and_a_missing_gateway_are_told(
    door: Door, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = workbook(tmp_path / "m.xlsx", HEADER, ROW)
    assert await door.run(file, "--password", "wrong") == 1
    assert "登录失败" in capsys.readouterr().err
    monkeypatch.setenv("MULIN_STATE", str(tmp_path / "empty"))
    assert await asyncio.to_thread(main, ["issues", str(file), "--community", "feicuicheng"]) == 2
    assert "./mulin up" in capsys.readouterr().err
