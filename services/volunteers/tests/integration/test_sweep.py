"""What has run out comes back by itself, community by community, in one replica at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

from services.volunteers.domain.points import Account, CapPolicy
from services.volunteers.domain.points_rule import DAYS_POINTS_LAST
from services.volunteers.domain.wish import DAYS_TO_DELIVER, Wish, WishState
from services.volunteers.storage.sweeps import Sweeps
from services.volunteers.sweep import BATCH, Sweep
from services.volunteers.tests.builders import AT, a_published_wish
from services.volunteers.tests.integration.ledgers import connected
from services.volunteers.tests.integration.running import Stores, stores_on
from services.volunteers.use_cases.claim_wish import ClaimWish, claim_wish
from services.volunteers.use_cases.hold_points import HoldPoints, hold_points
from shared.clock import FrozenClock
from shared.ids import new_id
from shared.testing.databases import Database
from shared.testing.fixtures import MakeDatabase


@pytest.fixture
def database(fresh_database_of: MakeDatabase) -> Database:
    """A database of its own: a sweep visits every community."""
    return fresh_database_of("volunteers")


@pytest.fixture
def clock() -> FrozenClock:
    """Stands still."""
    return FrozenClock(AT)


@pytest.fixture
async def stores(database: Database, clock: FrozenClock) -> AsyncIterator[Stores]:
    """Two open communities."""
    async with stores_on(database, clock) as made:
        for community in ("feicuicheng", "xinhua"):
            await made.open(community)
        yield made


@pytest.fixture
def sweep(stores: Stores) -> Sweep:
    """A sweep of one replica."""
    return Sweep(Sweeps(stores.pool), stores.factory)


async def promised(stores: Stores, community: str) -> Wish:
    wish = a_published_wish()
    async with stores(community) as uow:
        await uow.wishes.add(wish)
    return await claim_wish(ClaimWish(wish.id, new_id()), stores(community))


async def state_of(stores: Stores, community: str, wish: Wish) -> WishState:
    async with stores(community) as uow:
        return (await uow.wishes.get(wish.id)).state


async def test_forgotten_promises_hang_on_the_wall_again_in_every_community(
    stores: Stores, sweep: Sweep, clock: FrozenClock, database: Database
) -> None:
    wishes = {community: await promised(stores, community) for community in ("feicuicheng", "xinhua")}
    assert (await sweep.once())["claims"] == 0
    clock.advance(DAYS_TO_DELIVER)
    assert (await sweep.once())["claims"] == 2
    for community, wish in wishes.items():
        assert await state_of(stores, community, wish) is WishState.PUBLISHED
    async with connected(database, database.superuser_url) as connection:
        told = await connection.fetch(
            "SELECT community FROM outbox WHERE type = 'volunteers.wish_released.v1' ORDER BY 1"
        )
    assert [row["community"] for row in told] == ["feicuicheng", "xinhua"]
    assert (await sweep.once())["claims"] == 0


async def test_more_than_one_batch_is_swept_in_one_round(stores: Stores, sweep: Sweep, clock: FrozenClock) -> None:
    for _ in range(BATCH + 3):
        await promised(stores, "xinhua")
    clock.advance(DAYS_TO_DELIVER)
    assert (await sweep.once())["claims"] == BATCH + 3


async def test_forgotten_holds_and_stale_points_are_swept(stores: Stores, sweep: Sweep, clock: FrozenClock) -> None:
    person, officer = new_id(), new_id()
    async with stores("xinhua") as uow:
        await uow.ledger.award(
            person, "service_hour", reason="清理", deed=None, by=officer, at=AT, caps=CapPolicy.REFUSE
        )
    await hold_points(HoldPoints(person, 4, "茶", person, timedelta(hours=1)), stores("xinhua"))
    clock.advance(timedelta(hours=1))
    assert await sweep.once() == {"claims": 0, "holds": 1, "points": 0}
    clock.advance(timedelta(days=DAYS_POINTS_LAST))
    assert await sweep.once() == {"claims": 0, "holds": 0, "points": 1}
    async with stores("xinhua") as uow:
        assert await uow.ledger.account_of(person) == Account(person)


async def test_one_replica_sweeps_at_a_time(
    stores: Stores, sweep: Sweep, clock: FrozenClock, database: Database
) -> None:
    await promised(stores, "xinhua")
    clock.advance(DAYS_TO_DELIVER)
    async with AsyncExitStack() as stack:
        other = Sweeps((await stack.enter_async_context(stores_on(database, clock))).pool)
        assert await stack.enter_async_context(other.alone())
        assert (await sweep.once())["claims"] == 0
    assert (await sweep.once())["claims"] == 1


async def test_it_runs_in_the_background_while_the_service_runs(stores: Stores, clock: FrozenClock) -> None:
    wish = await promised(stores, "xinhua")
    clock.advance(DAYS_TO_DELIVER)
    async with Sweep(Sweeps(stores.pool), stores.factory, seconds_between=0.01).running(), asyncio.timeout(30):
        while await state_of(stores, "xinhua", wish) is not WishState.PUBLISHED:  # noqa: ASYNC110 - ditto
            await asyncio.sleep(0.01)
