"""The service on a real PostgreSQL, and a community of its own for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.issues.tests.builders import NOW
from services.issues.tests.integration.town import Town, app_on
from shared.clock import FrozenClock
from shared.testing.fixtures import MakeDatabase


@pytest.fixture
def clock() -> FrozenClock:
    """The time of day of this test."""
    return FrozenClock(NOW)


@pytest.fixture
async def town(database_of: MakeDatabase, clock: FrozenClock, tmp_path: Path) -> AsyncIterator[Town]:
    """A community with categories, two organisations, a building and people."""
    database = database_of("issues")
    app = app_on(database, clock, photos=str(tmp_path / "photos"))
    town = Town(app, database, clock)
    await town.found()
    yield town
    await app.state.messaging.database.close()
    await app.state.database.close()
