"""The running service and its callers, for the tests of this folder."""

from collections.abc import AsyncIterator, Callable

import pytest

from services.volunteers.tests.integration.running import Neighbour, Stores, running, settings_for, stores_on
from shared.principal import Role
from shared.testing.client import Client
from shared.testing.databases import Database
from shared.testing.fixtures import MakeDatabase


@pytest.fixture
def database(database_of: MakeDatabase) -> Database:
    """The migrated database of this module."""
    return database_of("volunteers")


@pytest.fixture
async def stores(database: Database) -> AsyncIterator[Stores]:
    """Units of work on the module's database; the community is open."""
    async with stores_on(database) as made:
        await made.open()
        yield made


@pytest.fixture
async def client(database: Database, stores: Stores, nats_of: Callable[[str], str]) -> AsyncIterator[Client]:
    """The service, started for this test; the community is open."""
    async with running(settings_for(database, nats_of)) as started:
        yield started


@pytest.fixture
def somebody(client: Client) -> Callable[..., Neighbour]:
    """`somebody(Role.VOLUNTEER)` -> one more person."""
    return lambda *roles: Neighbour(client, roles or (Role.RESIDENT,))


@pytest.fixture
def resident(client: Client) -> Neighbour:
    """A resident."""
    return Neighbour(client, (Role.RESIDENT,))


@pytest.fixture
def officer(client: Client) -> Neighbour:
    """Somebody of the community office who reviews wishes."""
    return Neighbour(client, (Role.DUTY_OFFICER,))


@pytest.fixture
def volunteer(client: Client) -> Neighbour:
    """A Party member who volunteers."""
    return Neighbour(client, (Role.PARTY_MEMBER, Role.VOLUNTEER))


@pytest.fixture
def points_officer(client: Client) -> Neighbour:
    """Keeps the points."""
    return Neighbour(client, (Role.POINTS_OFFICER,))
