"""What the README promises while processes are killed: nothing acknowledged is lost, nothing happens twice."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from deploy.demo.client import Person
from shared.ids import new_id
from tests.e2e.conftest import LogIn
from tests.e2e.running import Platform, until

TEXTS = "e2e：路灯不亮"


class Reporter:
    """A resident who tries each report with one key until it is answered, whatever happens in between."""

    def __init__(self, address: str, person: Person) -> None:
        self._person = person
        self._http = aiohttp.ClientSession(address, timeout=aiohttp.ClientTimeout(total=15))
        self.acknowledged: dict[str, str] = {}
        """What was asked, by its unique text -> number in the answer."""
        self.failures = 0

    async def report(self, mark: str, tries: int = 200) -> None:
        """Report once, with as many tries as it takes."""
        body = {"category": "street_light", "place": {"text": mark}, "text": TEXTS}
        headers = self._person.headers | {"Idempotency-Key": mark}
        path = f"/api/v1/communities/{self._person.community}/issues"
        for _ in range(tries):
            try:
                async with self._http.post(path, json=body, headers=headers) as answer:
                    if answer.status == 201:
                        self.acknowledged[mark] = (await answer.json())["number"]
                        return
                    assert answer.status in (409, 429, 502, 503, 504), await answer.text()
            except (aiohttp.ClientError, TimeoutError):
                pass
            self.failures += 1
            await asyncio.sleep(random.uniform(0.05, 0.3))  # noqa: S311 - spreading load
        raise AssertionError(f"{mark} was never answered")

    async def close(self) -> None:
        await self._http.close()


async def all_issues(person: Person) -> list[dict[str, Any]]:
    """Everything the person reported."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = await person.get(f"/issues?limit=100{cursor}")
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


async def notices_about(person: Person, numbers: set[str]) -> list[str]:
    """Numbers of the receipts in the inbox, one entry for each notice."""
    found: list[str] = []
    cursor = ""
    while True:
        page = await person.get(f"/notifications?limit=100{cursor}")
        found += [n for item in page["items"] for n in numbers if n in item["title_zh"] + item["body_zh"]]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


async def load_while(reporter: Reporter, disturb: Callable[[], Awaitable[None]], reports: int, workers: int) -> None:
    """Report from several workers while something is done to the platform."""
    marks = [f"e2e-{new_id()}" for _ in range(reports)]
    queue: asyncio.Queue[str] = asyncio.Queue()
    for mark in marks:
        queue.put_nowait(mark)

    async def work() -> None:
        while not queue.empty():
            await reporter.report(queue.get_nowait())

    await asyncio.gather(disturb(), *(work() for _ in range(workers)))


@pytest.mark.parametrize("victim", ["issues", "gateway", "notify", "nats", "postgres"])
async def test_killing_a_process_under_load_loses_nothing_and_doubles_nothing(
    own_platform: Platform, log_in: LogIn, victim: str
) -> None:
    resident = await log_in("resident")
    reporter = Reporter(own_platform.address, resident)

    async def kill() -> None:
        await asyncio.sleep(0.3)
        await asyncio.to_thread(own_platform.kill, victim)

    try:
        await load_while(reporter, kill, reports=150, workers=6)
    finally:
        await reporter.close()
    numbers = list(reporter.acknowledged.values())
    assert len(numbers) == len(set(numbers)) == 150
    await asyncio.to_thread(until, lambda: healthy(own_platform), f"{victim} did not come back", 90)

    fresh = await log_in("resident")
    kept = [issue for issue in await all_issues(fresh) if issue["number"] in set(numbers)]
    assert len(kept) == 150, "an acknowledged report is gone"

    async def told() -> list[str]:
        return await notices_about(fresh, set(numbers))

    deadline = asyncio.get_running_loop().time() + 120
    while len(set(await told())) < 150:
        assert asyncio.get_running_loop().time() < deadline, "somebody was never told"
        await asyncio.sleep(0.5)
    receipts = await told()
    assert len(receipts) == len(set(receipts)) == 150, "somebody was told twice"


def healthy(platform: Platform) -> bool:
    return all(process["state"] == "ready" for process in platform.status()["processes"])
