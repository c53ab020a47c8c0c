"""The use cases in memory."""

from datetime import UTC, datetime

import pytest

from services.gateway.tests.memory import MemoryAccounts, MemoryDirectory, MemoryUnitOfWork
from services.gateway.tests.scenarios import EveryStore, World
from shared.clock import FrozenClock
from shared.contracts.message import Message


@pytest.fixture
def world() -> World:
    clock = FrozenClock(datetime(2026, 11, 23, 8, tzinfo=UTC))
    accounts, directory = MemoryAccounts(), MemoryDirectory()
    units: dict[str, MemoryUnitOfWork] = {}
    last: list[MemoryUnitOfWork] = []

    def begin(community: str) -> MemoryUnitOfWork:
        unit = units.setdefault(community, MemoryUnitOfWork(community, clock, accounts, directory))
        last[:] = [unit]
        return unit

    async def told() -> list[Message]:
        return last[0].published

    return World(begin, told)


class TestInMemory(EveryStore):
    """Every story, without a database."""
