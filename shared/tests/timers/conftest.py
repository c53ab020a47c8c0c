from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from shared.clock import FrozenClock
from shared.testing.databases import Database
from shared.testing.fixtures import MakeDatabase
from shared.tests.timers.world import NOW, Replica, prepare

MakeReplica = Callable[..., Replica]


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(NOW)


@pytest.fixture
def database(fresh_database_of: MakeDatabase) -> Database:
    return fresh_database_of("issues", prepare)


@pytest.fixture
async def replica_of(database: Database, clock: FrozenClock) -> AsyncIterator[MakeReplica]:
    """`replica_of("two", handlers={...})` -> one more replica of the test service."""
    made: list[Replica] = []

    def make(name: str = "one", **options: Any) -> Replica:
        made.append(Replica(database, clock, name, **options))
        return made[-1]

    yield make
    for replica in made:
        await replica.close()
