from collections.abc import AsyncIterator, Callable

import pytest

from shared.database.engine import Database, PoolSettings
from shared.database.unit_of_work import UnitOfWorkFactory
from shared.testing.databases import Database as ServerDatabase
from shared.testing.fixtures import MakeDatabase
from shared.tests.notes import NotesUnitOfWork, notes_service

Begin = Callable[..., NotesUnitOfWork]


@pytest.fixture(scope="module")
def notes_database(database_of: MakeDatabase) -> ServerDatabase:
    return database_of("issues", notes_service)


@pytest.fixture
async def database(notes_database: ServerDatabase) -> AsyncIterator[Database]:
    """The database of the made-up service, as its serving role."""
    opened = Database(notes_database.app_url, application="notes", pool=PoolSettings(size=4, overflow=0))
    yield opened
    await opened.close()


@pytest.fixture
def begin(database: Database) -> Begin:
    """`begin("feicuicheng")` -> a unit of work."""
    factory = UnitOfWorkFactory(NotesUnitOfWork, database)

    def make(community: str = "feicuicheng", **options: object) -> NotesUnitOfWork:
        return factory(community, correlation_id="test-0001", **options)  # type: ignore[arg-type]

    return make
