"""pytest fixtures for the real servers. The root conftest.py loads this module as a plugin.

Each process of a parallel run has one PostgreSQL for all its tests, each test module its own databases and its own
nats-server with all streams and consumers. What a test stops or kills it takes from `own_servers`.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from shared.testing.databases import Database, Databases, Migration
from shared.testing.servers import (
    EmbeddedNats,
    EmbeddedPostgres,
    Nats,
    Postgres,
    Servers,
    chosen_backend,
)

MakeDatabase = Callable[..., Database]


def pytest_report_header() -> str:
    """Say in the head of each run which servers it uses."""
    return f"servers: {chosen_backend()}"


def new_postgres() -> Postgres:
    """A PostgreSQL of the chosen kind, not started yet."""
    if chosen_backend() == "embedded":
        return EmbeddedPostgres()
    from shared.testing.containers import ContainerPostgres  # noqa: PLC0415 - needs Docker

    return ContainerPostgres()


def new_nats() -> Nats:
    """A nats-server of the chosen kind, not started yet."""
    if chosen_backend() == "embedded":
        return EmbeddedNats()
    from shared.testing.containers import ContainerNats  # noqa: PLC0415 - needs Docker

    return ContainerNats()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """The PostgreSQL of this process. Never stop it: use `own_servers` for that."""
    server = new_postgres()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="session")
def databases(postgres_server: Postgres) -> Databases:
    """Makes databases on the PostgreSQL of this process; `database_of` is what most tests want."""
    return Databases(postgres_server)


@pytest.fixture(scope="module")
def nats_server() -> Iterator[Nats]:
    """A nats-server for this test module alone, with all streams and consumers."""
    server = new_nats()
    try:
        server.start()
        server.provision()
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="module")
def nats_of(nats_server: Nats) -> Callable[[str], str]:
    """`nats_of("issues")` -> address of this module's NATS for a service, `admin` or `provisioner`."""
    return nats_server.url


@pytest.fixture(scope="module")
def servers(postgres_server: Postgres, nats_server: Nats) -> Servers:
    """Both servers of this module, for looking at. Never stop them: use `own_servers` for that."""
    return Servers(postgres_server, nats_server)


@pytest.fixture(scope="module")
def database_of(databases: Databases) -> Iterator[MakeDatabase]:
    """`database_of("issues")` -> the migrated database of this service for this module, the same at every call.

    `database_of("issues", migrate)` runs `migrate(database)` in place of the service's own migrations.
    """
    made: dict[tuple[str, Migration | None], Database] = {}

    def get(service: str, migrate: Migration | None = None) -> Database:
        if (service, migrate) not in made:
            made[service, migrate] = databases.create(service, migrate)
        return made[service, migrate]

    yield get
    for database in made.values():
        databases.drop(database)


@pytest.fixture
def fresh_database_of(databases: Databases) -> Iterator[MakeDatabase]:
    """As `database_of`, but a new database at every call, for this test alone."""
    made: list[Database] = []

    def create(service: str, migrate: Migration | None = None) -> Database:
        made.append(databases.create(service, migrate))
        return made[-1]

    yield create
    for database in made:
        databases.drop(database)


@pytest.fixture
def own_servers() -> Iterator[Callable[[], Servers]]:
    """`own_servers()` -> a running PostgreSQL and a provisioned NATS for this test alone, to stop, kill and start again.

    `Databases(servers.postgres)` makes databases there.
    """
    with ExitStack() as stack:

        def start() -> Servers:
            postgres, nats = new_postgres(), new_nats()
            stack.callback(postgres.remove)
            stack.callback(nats.remove)
            postgres.start()
            nats.start()
            nats.provision()
            return Servers(postgres, nats)

        yield start
