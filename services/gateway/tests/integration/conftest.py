"""The running gateway and its callers, for the tests of this folder."""

from collections.abc import AsyncIterator, Callable

import pytest

from services.gateway.tests.integration.running import (
    OPERATOR,
    OPERATOR_PASSWORD,
    Somebody,
    Town,
    a_town,
    log_in,
    running,
    settings_for,
)
from shared.testing.client import Client
from shared.testing.databases import Database
from shared.testing.fixtures import MakeDatabase


@pytest.fixture
def database(database_of: MakeDatabase) -> Database:
    """The migrated database of this module."""
    return database_of("gateway")


@pytest.fixture
async def client(database: Database, nats_of: Callable[[str], str]) -> AsyncIterator[Client]:
    """The gateway, started for this test."""
    async with running(settings_for(database, nats_of)) as started:
        yield started


@pytest.fixture
def stranger(client: Client) -> Somebody:
    """Somebody without a session."""
    return Somebody(client)


@pytest.fixture
async def operator(client: Client) -> Somebody:
    """The first operator."""
    return await log_in(client, OPERATOR, OPERATOR_PASSWORD)


@pytest.fixture
async def town(client: Client, operator: Somebody) -> Town:
    """A community of its own for this test."""
    return await a_town(client, operator)
