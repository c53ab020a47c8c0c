"""What a person is told when the database cannot do its work, and that it heals."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa

from shared.database.engine import Database, PoolSettings
from shared.database.failures import sqlstate
from shared.database.unit_of_work import UnitOfWorkFactory
from shared.errors import Invalid, Unavailable
from shared.testing.databases import Database as ServerDatabase
from shared.testing.databases import Databases
from shared.testing.fixtures import new_postgres
from shared.testing.servers import Postgres
from shared.tests.database.conftest import Begin
from shared.tests.notes import NotesUnitOfWork, notes, notes_service


@pytest.fixture
async def hasty(notes_database: ServerDatabase) -> AsyncIterator[Database]:
    """A database with short patience."""
    pool = PoolSettings(size=2, overflow=0, wait_seconds=0.1, statement_timeout_ms=200, lock_timeout_ms=50)
    opened = Database(notes_database.app_url, application="hasty", pool=pool)
    yield opened
    await opened.close()


async def execute(database: Database, statement: str, community: str = "feicuicheng") -> None:
    async with database.connected(f"BEGIN; SELECT set_config('app.community', '{community}', true)") as connection:
        await connection.execute(sa.text(statement))


async def test_a_statement_that_takes_too_long_is_ended(hasty: Database) -> None:
    with pytest.raises(Unavailable) as refused:
        await execute(hasty, "SELECT pg_sleep(10)")
    assert sqlstate(refused.value) == "57014"
    assert refused.value.retry_after_seconds


async def test_waiting_for_a_lock_ends_soon(hasty: Database, begin: Begin) -> None:
    async with begin() as uow:
        await uow.add("locked")
        await uow.execute(sa.select(notes).with_for_update())
        with pytest.raises(Unavailable) as refused:
            # The same unique key: waits for the transaction that holds it.
            await execute(
                hasty,
                "INSERT INTO notes (community, id, text, written_at) VALUES ('feicuicheng', gen_random_uuid(), 'locked', now())",
            )
        assert sqlstate(refused.value) == "55P03"


async def test_a_full_pool_says_try_again(hasty: Database) -> None:
    async with hasty.reading("feicuicheng"), hasty.reading("feicuicheng"):
        with pytest.raises(Unavailable):
            await execute(hasty, "SELECT 1")
    await execute(hasty, "SELECT 1")


@pytest.mark.parametrize(
    "value",
    [{"stars": 2**40}, {"text": "a\x00b"}, {"stars": 2**70}],
    ids=["too large for the column", "NUL", "too large for any column"],
)
async def test_a_value_that_no_column_holds_is_bad_input(begin: Begin, value: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        async with begin() as uow:
            await uow.execute(sa.update(notes).values(**value))


async def test_our_own_mistakes_are_not_dressed_up(begin: Begin) -> None:
    with pytest.raises(sa.exc.ProgrammingError):
        async with begin() as uow:
            await uow.execute(sa.text("SELECT * FROM no_such_table"))


async def test_an_address_where_nobody_answers_is_unavailable() -> None:
    database = Database("postgresql+asyncpg://nobody@127.0.0.1:1/none", application="lost")
    with pytest.raises(Unavailable):
        await database.answers()
    with pytest.raises(Unavailable):
        await execute(database, "SELECT 1")
    await database.close()


@pytest.fixture
async def own_postgres() -> AsyncIterator[Postgres]:
    server = new_postgres()
    server.start()
    yield server
    server.remove()


async def test_work_goes_on_after_postgres_was_stopped_and_started(own_postgres: Postgres) -> None:
    served = Databases(own_postgres).create("issues", notes_service)
    database = Database(served.app_url, application="restart", pool=PoolSettings(size=3, overflow=0))
    factory = UnitOfWorkFactory(NotesUnitOfWork, database)

    async def write(text: str) -> None:
        async with factory("feicuicheng", correlation_id="c-000001") as uow:
            await uow.add(text)

    await asyncio.gather(*(write(f"before {number}") for number in range(3)))
    own_postgres.stop()
    with pytest.raises(Unavailable):
        await write("while it is down")
    with pytest.raises(Unavailable):
        await database.answers()
    own_postgres.start()
    await asyncio.gather(*(write(f"after {number}") for number in range(3)))

    own_postgres.kill()
    own_postgres.start()
    await asyncio.gather(*(write(f"after the kill {number}") for number in range(3)))
    async with database.reading("feicuicheng") as connection:
        assert (await connection.execute(sa.select(sa.func.count()).select_from(notes))).scalar() == 9
    await database.close()


async def test_a_session_that_is_ended_by_the_server_is_replaced(
    hasty: Database, notes_database: ServerDatabase
) -> None:
    await execute(hasty, "SELECT 1")
    admin = Database(notes_database.superuser_url, application="admin")
    async with admin.engine.connect() as connection:
        await connection.execute(
            sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hasty'")
        )
    await execute(hasty, "SELECT 1")
    await admin.close()
