"""The running service with its surroundings, for the tests of this folder."""

from collections.abc import AsyncIterator

import pytest

from services.notify.tests.integration.running import (
    Caller,
    Receiver,
    Town,
    receiving,
    running,
    settings_for,
    the_town,
)
from shared.ids import new_id
from shared.principal import Role
from shared.testing.client import Client
from shared.testing.databases import Database
from shared.testing.fixtures import MakeDatabase
from shared.testing.servers import Nats


@pytest.fixture
def database(database_of: MakeDatabase) -> Database:
    """The migrated database of this module."""
    return database_of("notify")


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A sound receiver."""
    async with receiving() as found:
        yield found


@pytest.fixture
async def client(database: Database, nats_server: Nats, receiver: Receiver) -> AsyncIterator[Client]:
    """The service, started for this test; it may call the receiver."""
    async with running(settings_for(database, nats_server, frozenset({receiver.host}))) as started:
        yield started


@pytest.fixture
async def town(nats_server: Nats) -> AsyncIterator[Town]:
    """The other services."""
    async with the_town(nats_server) as found:
        yield found


@pytest.fixture
def partner(client: Client) -> Caller:
    """A partner unit."""
    return Caller(client, (Role.PARTNER,), organisation=new_id())


@pytest.fixture
def resident(client: Client) -> Caller:
    """A resident."""
    return Caller(client, (Role.RESIDENT,))
