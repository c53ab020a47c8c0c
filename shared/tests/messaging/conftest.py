"""Fixtures of the test world: the databases of two services and replicas that are stopped at the end."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from shared.contracts.issues import IssueWithdrawn
from shared.contracts.message import Message
from shared.messaging.settings import MessagingSettings
from shared.testing.databases import Database
from shared.testing.fixtures import MakeDatabase
from shared.testing.servers import Nats
from shared.tests.messaging.world import QUICK, Reaction, Service, apply_effect, empty, new_service, prepare

Start = Callable[..., Awaitable[Service]]


@pytest.fixture
def nats_of(nats_server: Nats) -> Callable[[str], str]:
    """Address of this module's NATS for a user. Its streams are empty and its consumers impatient."""
    empty(nats_server)
    return nats_server.url


@pytest.fixture
def issues(fresh_database_of: MakeDatabase) -> Database:
    """Database of the publisher."""
    return fresh_database_of("issues", prepare)


@pytest.fixture
def volunteers(fresh_database_of: MakeDatabase) -> Database:
    """Database of the consumer."""
    return fresh_database_of("volunteers", prepare)


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """`await start(database, nats_url)` -> a running replica; `reactions={}` for one that consumes nothing."""
    running: list[Service] = []

    async def begin(
        database: Database,
        nats_url: str,
        *,
        reactions: dict[type[Message], Reaction] | None = None,
        numbers: MessagingSettings = QUICK,
    ) -> Service:
        if reactions is None:
            reactions = {IssueWithdrawn: apply_effect} if database.service == "volunteers" else {}
        service = new_service(database, nats_url, reactions=reactions, numbers=numbers)
        await service.messaging.start()
        running.append(service)
        return service

    yield begin
    for service in reversed(running):
        await service.stop()
