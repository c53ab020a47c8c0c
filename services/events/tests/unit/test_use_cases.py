"""The use cases in memory."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.events.tests.every_store import EveryStore, whatever_happens_the_waitlist_keeps_its_promises
from services.events.tests.memory import MemoryUnitOfWork
from services.events.tests.scenarios import World


def a_world() -> World:
    uow = MemoryUnitOfWork()
    return World(begin=lambda: uow, clock=uow.clock)


@pytest.fixture
def world() -> World:
    return a_world()


class TestInMemory(EveryStore):
    """Every scenario, without I/O."""


@settings(max_examples=60, deadline=None)
@given(data=st.data())
async def test_the_waitlist_keeps_its_promises(data: st.DataObject) -> None:
    await whatever_happens_the_waitlist_keeps_its_promises(a_world(), data)
