"""The running service and its callers, for the tests of this folder."""

from collections.abc import AsyncIterator, Callable

import pytest

from services.events.tests.integration.running import Neighbour, running, settings_for
from shared.ids import new_id
from shared.principal import Role
from shared.testing.client import Client
from shared.testing.databases import Database
from shared.testing.fixtures import MakeDatabase


@pytest.fixture
def database(database_of: MakeDatabase) -> Database:
    """The migrated database of this module."""
    return database_of("events")


@pytest.fixture
async def client(database: Database, nats_of: Callable[[str], str]) -> AsyncIterator[Client]:
    """The service, started for this test."""
    async with running(settings_for(database, nats_of)) as started:
        yield started


@pytest.fixture
def organiser(client: Client) -> Neighbour:
    """Somebody of the community office."""
    return Neighbour(client, (Role.EVENT_ORGANISER,), new_id())


@pytest.fixture
def resident(client: Client) -> Neighbour:
    """A resident."""
    return Neighbour(client, (Role.RESIDENT,), new_id())


@pytest.fixture
def another(client: Client) -> Callable[[], Neighbour]:
    """`another()` -> one more resident."""
    return lambda: Neighbour(client, (Role.RESIDENT,), new_id())
