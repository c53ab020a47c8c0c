"""A month in a community, hour by hour with a moved clock; its rates are counted a second time by the test, from its own diary.

Delays keep well away from the ends of T2 and T3, so that the diary needs no calendar to know what was late.
"""

import heapq
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

import pytest

from services.issues.tests.builders import BUILDING, GRID_WORKER, HANDLER, NEIGHBOUR, OFFICER, RESIDENT
from services.issues.tests.integration.test_reports import counted
from services.issues.tests.integration.test_the_way_of_an_issue import FOUR
from services.issues.tests.integration.town import Town, done
from shared.principal import Principal

FIRST = datetime(2026, 11, 1, tzinfo=UTC)
HOURS, MINUTES, DAYS = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
RESOLVED_AFTER = {
    ("danger", 1): {True: 1 * HOURS, False: 6 * HOURS},
    ("general", 1): {True: 4 * DAYS, False: 20 * DAYS},
    ("danger", 2): {True: 20 * MINUTES, False: 6 * HOURS},
    ("general", 2): {True: 1 * DAYS, False: 20 * DAYS},
}
"""Tier and round -> in time or not -> how long the work took. T3 is two hours or seven working days, half of it in round 2.
T2 is half an hour for danger, else a working day: who is called is called after six minutes."""
CATEGORIES = ("street_light", "rubbish", "noise", "parking_occupied", "lift")


@dataclass
class Attempt:
    """What the diary says of a round."""

    in_time: bool
    solved: bool | None = None
    satisfaction: int | None = None


@dataclass
class Entry:
    """What the diary says of an issue."""

    reporter: Principal
    tier: str
    category: str
    at_building: bool
    way: str
    """`work`, `spot` (resolved by the office at once), `withdrawn` after acceptance, or `left` untouched."""
    contacted: bool
    registered_at: datetime = FIRST
    attempts: list[Attempt] = field(default_factory=list)


class Month:
    """Lets the issues happen in the order of time."""

    def __init__(self, town: Town, seed: int) -> None:
        self.town, self.chance = town, Random(seed)  # noqa: S311 - a story, not a secret
        self.diary: list[Entry] = []
        self._due: list[tuple[datetime, int, Any]] = []
        self._turn = count()

    def later(self, at: datetime, what: Any) -> None:
        heapq.heappush(self._due, (at, next(self._turn), what))

    async def live(self, issues: int) -> None:
        for _ in range(issues):
            self.later(FIRST + self.chance.random() * 30 * DAYS, self.report)
        while self._due:
            at, _, what = heapq.heappop(self._due)
            self.town.clock.at = at
            await what()

    async def post(self, path: str, who: Principal, body: Any = None, status: int = 200) -> Any:
        return done(await self.town.post(path, who, body), status)

    async def report(self) -> None:
        entry = Entry(
            reporter=self.chance.choice((RESIDENT, NEIGHBOUR, GRID_WORKER)),
            tier=self.chance.choice(("danger", "general", "general")),
            category=self.chance.choice(CATEGORIES),
            at_building=self.chance.random() < 0.5,
            way=self.chance.choice(("work",) * 7 + ("spot", "withdrawn", "left")),
            contacted=self.chance.random() < 0.8,
            registered_at=self.town.clock.now(),
        )
        place = {"building_id": str(BUILDING)} if entry.at_building else {"text": "北门"}
        body = {"category": entry.category, "place": place, "text": "请来看看"}
        issue = await self.post("/issues", entry.reporter, body, 201)
        self.diary.append(entry)
        path, now = f"/issues/{issue['id']}", entry.registered_at
        if entry.way == "left":
            return
        if entry.way == "spot":
            self.later(now + 5 * MINUTES, lambda: self.on_the_spot(entry, path))
            return
        self.later(now + 1 * MINUTES, lambda: self.accept(entry, path))

    async def on_the_spot(self, entry: Entry, path: str) -> None:
        await self.post(f"{path}/resolve", OFFICER, self.result())
        entry.attempts.append(Attempt(in_time=True))
        self.later(self.town.clock.now() + 1 * HOURS, lambda: self.rate(entry, path, again=False))

    async def accept(self, entry: Entry, path: str) -> None:
        now = self.town.clock.now()
        await self.post(f"{path}/accept", OFFICER, {"tier": entry.tier})
        if entry.way == "withdrawn":
            self.later(now + 40 * MINUTES, lambda: self.post(f"{path}/withdraw", entry.reporter, {}))
            return
        four = {**FOUR, "deadline": (now + 60 * DAYS).isoformat()}
        await self.post(f"{path}/assign", OFFICER, four)
        await self.post(f"{path}/sign", HANDLER)
        if entry.contacted:
            contact = {"way": "phone", "note": "已电话联系"}
            self.later(now + 5 * MINUTES, lambda: self.post(f"{path}/contact", OFFICER, contact))
        self.work(entry, path, round_=1)

    def work(self, entry: Entry, path: str, round_: int) -> None:
        attempt = Attempt(in_time=self.chance.random() < 0.7)
        entry.attempts.append(attempt)
        took = RESOLVED_AFTER[entry.tier, round_][attempt.in_time]
        self.later(self.town.clock.now() + took, lambda: self.resolve(entry, path, round_))

    async def resolve(self, entry: Entry, path: str, round_: int) -> None:
        await self.post(f"{path}/resolve", HANDLER, self.result())
        self.later(self.town.clock.now() + 1 * DAYS, lambda: self.rate(entry, path, again=round_ == 1))

    async def rate(self, entry: Entry, path: str, *, again: bool) -> None:
        """Three quarters answer; who is not satisfied in round 2 or on the spot says nothing more in this month."""
        answer = self.chance.random()
        if answer < 0.25:
            return
        solved = answer < 0.8 or not again
        attempt = entry.attempts[-1]
        attempt.solved, attempt.satisfaction = solved, self.chance.randint(3, 5) if solved else 1
        await self.post(f"{path}/rate", entry.reporter, {"solved": solved, "satisfaction": attempt.satisfaction})
        if not solved:
            self.work(entry, path, round_=2)

    @staticmethod
    def result() -> dict[str, Any]:
        quantity = {"kind": "light_repaired", "amount": 1}
        return {"outcome": "solved", "public_reply": "已处理", "level": "community", "quantity": quantity}


def from_the_diary(diary: list[Entry]) -> dict[str, tuple[int, int]]:
    """Metric -> numerator and denominator, as somebody with pencil and paper counts them."""
    worked = [one for one in diary if one.way == "work"]
    attempts = [attempt for one in worked for attempt in one.attempts]
    spots = [attempt for one in diary if one.way == "spot" for attempt in one.attempts]
    answered = [attempt for attempt in attempts + spots if attempt.solved is not None]
    accepted = [one for one in diary if one.way in ("work", "withdrawn")]
    heard = [one for one in worked if one.contacted]
    first = [one.attempts[0] for one in diary if one.attempts and one.attempts[0].solved is not None]
    seen: set[str] = set()
    repeated = 0
    placed = [one for one in diary if one.at_building]
    for one in placed:
        repeated += one.category in seen
        seen.add(one.category)
    return {
        "response": (len(heard), len(accepted)),
        "solved": (sum(1 for one in answered if one.solved), len(answered)),
        "satisfaction": (sum(1 for one in answered if (one.satisfaction or 0) >= 4), len(answered)),
        "in_time": (sum(1 for one in attempts if one.in_time), len(attempts)),
        "first_time": (sum(1 for one in first if one.solved), len(first)),
        "returned": (sum(1 for one in answered if one.solved is False), len(attempts) + len(spots)),
        "proactive": (sum(1 for one in diary if one.reporter is GRID_WORKER), len(diary)),
        "on_the_spot": (len(spots), len(attempts) + len(spots)),
        "repeated": (repeated, len(placed)),
    }


@pytest.mark.parametrize("issues", [100, pytest.param(1000, marks=pytest.mark.slow)])
async def test_the_rates_of_a_month_are_those_of_the_diary(town: Town, issues: int) -> None:
    month = Month(town, seed=issues)
    await month.live(issues)
    town.clock.advance(30 * DAYS)
    await counted(town)
    report = done(await town.get("/reports/rates", OFFICER, **{"from": "2026-11-01", "to": "2027-02-28"}))
    shown = {rate["metric"]: rate["now"] for rate in report["items"][0]["rates"]}
    found = {name: (now["numerator"], now["denominator"]) for name, now in shown.items()}
    assert found == from_the_diary(month.diary)
    attempts = [attempt for one in month.diary for attempt in one.attempts]
    assert (shown["solved"]["asked"], shown["solved"]["answered"]) == (
        len(attempts),
        sum(1 for one in attempts if one.solved is not None),
    )
