"""What the benchmarks of messaging stand on: PostgreSQL and NATS as durable as in a real installation, two services' databases."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from shared.database.engine import Database as Pool
from shared.database.unit_of_work import UnitOfWork, UnitOfWorkFactory
from shared.messaging import Consumers
from shared.messaging.messaging import Messaging
from shared.testing.databases import Database, Databases
from shared.testing.servers import EmbeddedNats, EmbeddedPostgres

COMMUNITY = "feicuicheng"


@dataclass(frozen=True, slots=True)
class Ground:
    """Running servers with the databases of a publisher (issues) and of a listener (volunteers)."""

    nats: EmbeddedNats
    publisher: Database
    listener: Database


@contextmanager
def durable_servers() -> Iterator[Ground]:
    """Both servers with every sync switched on; gone when the block is left."""
    postgres, nats = EmbeddedPostgres(durable=True), EmbeddedNats(durable=True)
    try:
        postgres.start()
        nats.start()
        nats.provision()
        databases = Databases(postgres)
        yield Ground(nats, databases.create("issues"), databases.create("volunteers"))
    finally:
        nats.remove()
        postgres.remove()


@dataclass(frozen=True, slots=True)
class Address:
    """What messaging needs to know of a service."""

    service: str
    relay_database_url: str
    nats_url: str


@dataclass(frozen=True, slots=True)
class Member:
    """One service's messaging with its unit of work, not started yet."""

    messaging: Messaging
    unit_of_work: UnitOfWorkFactory[UnitOfWork]
    pool: Pool


def member(service: str, app_url: str, relay_url: str, nats_url: str, consumers: Consumers | None = None) -> Member:
    """The messaging of a service as its main.py builds it, without the HTTP side."""
    pool = Pool(app_url, application=f"bench-{service}")
    factory: UnitOfWorkFactory[Any] = UnitOfWorkFactory(UnitOfWork, pool, wake=asyncio.Event())
    return Member(Messaging(Address(service, relay_url, nats_url), factory, consumers), factory, pool)
