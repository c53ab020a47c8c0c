"""What the unit tests believe of timers is what PostgreSQL does."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from shared.ids import new_id
from shared.testing.timers import MemoryTimers
from shared.tests.timers.conftest import MakeReplica
from shared.tests.timers.world import COMMUNITY, MINUTE, NEIGHBOUR, NOW
from shared.timers import TimerStore

Begin = Callable[[], AbstractAsyncContextManager[TimerStore]]


@pytest.fixture(params=["memory", "postgresql"])
def begin(request: pytest.FixtureRequest, replica_of: MakeReplica) -> Begin:
    memory, replica = MemoryTimers(), replica_of()

    @asynccontextmanager
    async def timers() -> AsyncIterator[TimerStore]:
        if request.param == "memory":
            yield memory
            return
        async with replica.unit_of_work(COMMUNITY, correlation_id="test") as uow:
            yield uow.timers

    return timers


async def test_a_timer_is_there_until_it_is_cancelled(begin: Begin) -> None:
    subject = new_id()
    async with begin() as timers:
        await timers.set("review", subject, NOW)
    async with begin() as timers:
        assert await timers.due_at("review", subject) == NOW
        await timers.cancel("review", subject)
    async with begin() as timers:
        assert await timers.due_at("review", subject) is None
        await timers.cancel("review", subject)


async def test_setting_a_timer_again_moves_it(begin: Begin) -> None:
    subject = new_id()
    for moment in (NOW, NOW + MINUTE, NOW - MINUTE, NOW - MINUTE):
        async with begin() as timers:
            await timers.set("review", subject, moment)
        async with begin() as timers:
            assert await timers.due_at("review", subject) == moment


async def test_kind_subject_and_key_tell_timers_apart(begin: Begin) -> None:
    subject, other = new_id(), new_id()
    wanted = {
        ("a", subject, ""): NOW,
        ("b", subject, ""): NOW,
        ("a", other, ""): NOW,
        ("a", subject, "2"): NOW + MINUTE,
    }
    async with begin() as timers:
        for (kind, of, key), moment in wanted.items():
            await timers.set(kind, of, moment, key)
    async with begin() as timers:
        await timers.cancel("b", subject)
    async with begin() as timers:
        found = {(kind, of, key): await timers.due_at(kind, of, key) for kind, of, key in wanted}
    assert found == {**wanted, ("b", subject, ""): None}


async def test_a_timer_of_another_community_is_another_timer(replica_of: MakeReplica) -> None:
    replica = replica_of()
    subject = await replica.set(NOW, to=NEIGHBOUR)
    await replica.cancel("plain", subject)
    async with replica.unit_of_work(COMMUNITY, correlation_id="test") as uow:
        assert await uow.timers.due_at("plain", subject) is None
    async with replica.unit_of_work(NEIGHBOUR, correlation_id="test") as uow:
        assert await uow.timers.due_at("plain", subject) == NOW


async def test_a_transaction_that_fails_sets_no_timer(replica_of: MakeReplica) -> None:
    replica, subject = replica_of(), new_id()

    async def fail() -> None:
        async with replica.unit_of_work(COMMUNITY, correlation_id="test") as uow:
            await uow.timers.set("plain", subject, NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with replica.unit_of_work(COMMUNITY, correlation_id="test") as uow:
        assert await uow.timers.due_at("plain", subject) is None
