"""Many at once: nothing lost, nothing twice, nobody below zero, and no deadlock that anybody would see."""

import asyncio
import random
from collections import Counter
from datetime import timedelta
from uuid import UUID

from services.volunteers.domain.errors import HoldNotOpen, InsufficientPoints
from services.volunteers.domain.points import CapPolicy, Deed
from services.volunteers.tests.integration.ledgers import OFFICER, a_community, books, give, spend
from services.volunteers.tests.integration.running import Neighbour, Stores
from services.volunteers.use_cases.hold_points import HoldPoints, hold_points
from shared.errors import AppError
from shared.ids import new_id


async def test_of_twenty_debits_of_10_from_50_points_five_succeed(stores: Stores) -> None:
    community, person = a_community(), new_id()
    await stores.open(community)
    await give(stores, community, person, 50)
    answers = await asyncio.gather(*(spend(stores, community, person, 10) for _ in range(20)), return_exceptions=True)
    assert Counter(type(answer).__name__ for answer in answers) == {"Transfer": 5, "InsufficientPoints": 15}
    async with stores(community) as uow:
        assert (await uow.ledger.account_of(person)).balance == 0
    found = await books(stores, community)
    assert found.sound
    assert (found.transfers, found.on_accounts, found.issued) == (6, 0, 0)


async def test_the_same_over_http(stores: Stores, points_officer: Neighbour) -> None:
    person = new_id()
    await give(stores, points_officer.community, person, 50)
    body = {"person": str(person), "points": 10, "reason": "洗衣液"}
    answers = await asyncio.gather(*(points_officer.post("/points/debits", body) for _ in range(20)))
    assert Counter((answer.status, answer.slug) for answer in answers) == {
        (201, ""): 5,
        (409, "insufficient-points"): 15,
    }
    statement = (await points_officer.get(f"/points/{person}/statement")).json()["items"]
    assert sorted(line["balance_after"] for line in statement if line["points"] < 0) == [0, 10, 20, 30, 40]
    assert (await points_officer.get("/points/reconciliation")).json()["sound"] is True


async def test_of_twenty_holds_of_10_from_50_points_five_succeed(stores: Stores) -> None:
    community, person = a_community(), new_id()
    await stores.open(community)
    await give(stores, community, person, 50)
    ask = HoldPoints(person, 10, "伞", person, timedelta(hours=1))
    answers = await asyncio.gather(*(hold_points(ask, stores(community)) for _ in range(20)), return_exceptions=True)
    assert Counter(type(answer).__name__ for answer in answers) == {"Hold": 5, "InsufficientPoints": 15}
    assert (await books(stores, community)).held == 50


async def test_a_hold_is_captured_or_released_but_once(stores: Stores) -> None:
    community, person = a_community(), new_id()
    await stores.open(community)
    await give(stores, community, person, 50)
    hold = await hold_points(HoldPoints(person, 30, "伞", person, timedelta(hours=1)), stores(community))

    async def end(number: int) -> str:
        try:
            async with stores(community) as uow:
                if number % 2:
                    await uow.ledger.capture(hold.id, by=OFFICER, at=uow.now())
                    return "captured"
                await uow.ledger.release(hold.id, at=uow.now())
                return "released"
        except HoldNotOpen:
            return "refused"

    ends = Counter(await asyncio.gather(*(end(number) for number in range(20))))
    assert ends["refused"] == 19
    found = await books(stores, community)
    assert found.sound
    assert (found.held, found.on_accounts) == (0, 20 if ends["captured"] else 50)


async def test_one_deed_earns_its_points_once_however_many_report_it(stores: Stores) -> None:
    community, person, deed = a_community(), new_id(), Deed("footprint", new_id())
    await stores.open(community)

    async def report() -> bool:
        async with stores(community) as uow:
            return (
                await uow.ledger.award(
                    person, "service_hour", reason="清理", deed=deed, by=OFFICER, at=uow.now(), caps=CapPolicy.REDUCE
                )
                is not None
            )

    assert Counter(await asyncio.gather(*(report() for _ in range(20)))) == {True: 1, False: 19}


async def test_a_daily_cap_holds_against_many_awards_at_once(stores: Stores) -> None:
    community, person = a_community(), new_id()
    await stores.open(community)

    async def award() -> int:
        async with stores(community) as uow:
            given = await uow.ledger.award(
                person, "neighbour_help", reason="帮忙", deed=None, by=OFFICER, at=uow.now(), caps=CapPolicy.REDUCE
            )
            return given.points if given else 0

    assert sum(await asyncio.gather(*(award() for _ in range(20)))) == 20
    assert (await books(stores, community)).on_accounts == 20


async def test_a_mistake_is_reversed_once(stores: Stores) -> None:
    community, person = a_community(), new_id()
    await stores.open(community)
    await give(stores, community, person, 50)
    mistake = await spend(stores, community, person, 20)

    async def reverse() -> bool:
        try:
            async with stores(community) as uow:
                await uow.ledger.reverse(mistake.id, reason="错", by=OFFICER, at=uow.now())
        except AppError:
            return False
        return True

    assert Counter(await asyncio.gather(*(reverse() for _ in range(20)))) == {True: 1, False: 19}
    assert (await books(stores, community)).on_accounts == 50


async def test_thirty_two_clients_moving_points_of_the_same_people_keep_the_books_sound(stores: Stores) -> None:
    community, people = a_community(), [new_id() for _ in range(5)]
    await stores.open(community)
    for person in people:
        await give(stores, community, person, 100)
    seen: Counter[str] = Counter()

    async def client(seed: int) -> None:
        dice = random.Random(seed)  # noqa: S311 - a game
        mine: list[UUID] = []
        for _ in range(12):
            person = dice.choice(people)
            try:
                async with stores(community) as uow:
                    await one_step(dice, person, mine, uow)
            except (InsufficientPoints, HoldNotOpen) as refusal:
                seen[refusal.slug] += 1
            else:
                seen["done"] += 1

    async def one_step(dice: random.Random, person: UUID, mine: list[UUID], uow: object) -> None:
        ledger, at = uow.ledger, uow.now()  # type: ignore[attr-defined]
        match dice.randrange(5):
            case 0:
                hold = await ledger.hold(
                    person, dice.randint(1, 30), reason="伞", by=OFFICER, at=at, expires_at=at + timedelta(hours=1)
                )
                mine.append(hold.id)
            case 1 if mine:
                await ledger.capture(mine.pop(), by=OFFICER, at=at)
            case 2 if mine:
                await ledger.release(mine.pop(), at=at)
            case 3:
                posted = await ledger.debit(person, dice.randint(1, 20), reason="茶", by=OFFICER, at=at)
                await ledger.reverse(posted.id, reason="错", by=OFFICER, at=at)
            case _:
                await ledger.debit(person, dice.randint(1, 30), reason="茶", by=OFFICER, at=at)

    await asyncio.gather(*(client(seed) for seed in range(32)))
    assert sum(seen.values()) == 32 * 12, seen
    assert set(seen) <= {"done", "insufficient-points", "hold-not-open"}
    found = await books(stores, community)
    assert found.sound, found
    async with stores(community) as uow:
        assert [person for person in people if (await uow.ledger.account_of(person)).balance < 0] == []
