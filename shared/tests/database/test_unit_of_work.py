import asyncio
from contextlib import suppress

import pytest
import sqlalchemy as sa

from shared.database.engine import Database
from shared.database.failures import violated_constraint
from shared.database.unit_of_work import UnitOfWork, UnitOfWorkFactory
from shared.errors import Unavailable
from shared.ids import new_id
from shared.tests.database.conftest import Begin
from shared.tests.notes import Note, NotesUnitOfWork, WriteNote, accepted, notes, write_note
from shared.transaction import TryAgain, one_transaction


async def texts(database: Database, community: str = "feicuicheng") -> set[str]:
    async with database.reading(community) as connection:
        return set((await connection.execute(sa.select(notes.c.text))).scalars())


async def subjects_for(database: Database, aggregate_id: object) -> list[tuple[str, int, str]]:
    async with database.reading("feicuicheng") as connection:
        rows = await connection.execute(
            sa.text(
                "SELECT subject, aggregate_version, correlation_id FROM outbox WHERE aggregate_id = :of ORDER BY position"
            ),
            {"of": aggregate_id},
        )
        return [(row[0], row[1], row[2]) for row in rows]


async def test_rows_and_messages_commit_together(begin: Begin, database: Database) -> None:
    note = await write_note(WriteNote("together"), begin())
    assert "together" in await texts(database)
    assert await subjects_for(database, note.id) == [("issues.feicuicheng.issue_accepted.v1", 1, "test-0001")]


async def test_an_error_takes_back_rows_and_messages(begin: Begin, database: Database) -> None:
    note_id = new_id()

    @one_transaction
    async def fails(_command: None, uow: NotesUnitOfWork) -> None:
        await uow.add("taken back", note_id)
        await uow.publish(accepted(note_id))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails(None, begin())
    assert "taken back" not in await texts(database)
    assert await subjects_for(database, note_id) == []


async def test_messages_of_one_thing_are_numbered_in_order(begin: Begin, database: Database) -> None:
    thing = new_id()
    for _ in range(2):
        async with begin() as uow:
            await uow.publish(accepted(thing))
            await uow.publish(accepted(thing))
            await uow.finish(None)
    assert [version for _, version, _ in await subjects_for(database, thing)] == [1, 2, 3, 4]


async def test_no_connection_is_taken_before_it_is_needed(begin: Begin, database: Database) -> None:
    async with begin() as uow:
        assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
        await uow.execute(sa.select(notes))
        assert database.engine.pool.checkedout() == 1  # type: ignore[attr-defined]
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


async def test_a_work_that_touches_nothing_writes_nothing(begin: Begin, database: Database) -> None:
    @one_transaction
    async def idles(_command: None, _uow: UnitOfWork) -> str:
        return "done"

    assert await idles(None, begin()) == "done"
    assert database.engine.pool.checkedin() == 0  # type: ignore[attr-defined]


async def test_the_relay_is_woken_after_the_commit_and_only_when_there_is_news(database: Database) -> None:
    wake = asyncio.Event()
    factory = UnitOfWorkFactory(NotesUnitOfWork, database, wake=wake)

    async with factory("feicuicheng", correlation_id="c-000001") as uow:
        await uow.execute(sa.select(notes))
        await uow.finish(None)
    assert not wake.is_set()

    @one_transaction
    async def publishes_and_fails(_command: None, uow: NotesUnitOfWork) -> None:
        await uow.publish(accepted(new_id()))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await publishes_and_fails(None, factory("feicuicheng", correlation_id="c-000001"))
    assert not wake.is_set()

    async with factory("feicuicheng", correlation_id="c-000001") as uow:
        await uow.publish(accepted(new_id()))
        await uow.finish(None)
        assert not wake.is_set()
    assert wake.is_set()


async def test_a_failed_statement_that_is_passed_over_never_looks_like_a_commit(
    begin: Begin, database: Database
) -> None:
    @one_transaction
    async def passes_over(_command: None, uow: NotesUnitOfWork) -> None:
        await uow.add("lost silently?")
        with suppress(sa.exc.DBAPIError):
            await uow.execute(sa.text("SELECT 1/0"))

    with pytest.raises(RuntimeError, match="passed over"):
        await passes_over(None, begin())
    assert "lost silently?" not in await texts(database)


async def test_a_savepoint_lets_a_part_fail_alone(begin: Begin, database: Database) -> None:
    async def adds_second_and_first_again(uow: NotesUnitOfWork) -> None:
        async with uow.savepoint():
            await uow.add("second")
            async with uow.savepoint():
                await uow.add("first")

    async with begin() as uow:
        await uow.add("first")
        with pytest.raises(sa.exc.IntegrityError) as refused:
            await adds_second_and_first_again(uow)
        assert violated_constraint(refused.value) == "notes_text"
        await uow.add("third")
    found = await texts(database)
    assert {"first", "third"} <= found
    assert "second" not in found


async def test_deadlocked_work_is_done_again_from_its_start(begin: Begin, database: Database) -> None:
    async with begin() as uow:
        left, right = await uow.add("left"), await uow.add("right")
    both_hold_one = asyncio.Barrier(2)
    tries = 0

    @one_transaction
    async def star_both(order: tuple[Note, Note], uow: NotesUnitOfWork) -> None:
        nonlocal tries
        tries += 1
        for number, note in enumerate(order):
            await uow.execute(sa.update(notes).where(notes.c.id == note.id).values(stars=notes.c.stars + 1))
            if number == 0 and tries <= 2:
                await both_hold_one.wait()

    await asyncio.gather(star_both((left, right), begin()), star_both((right, left), begin()))
    assert tries == 3
    async with database.reading("feicuicheng") as connection:
        stars = await connection.execute(sa.select(notes.c.stars).where(notes.c.text.in_(["left", "right"])))
        assert list(stars.scalars()) == [2, 2]


async def test_work_that_never_gets_through_is_given_up_after_three_tries() -> None:
    tries = 0

    class Nothing:
        async def __aenter__(self) -> "Nothing":
            return self

        async def __aexit__(self, *exc: object) -> None:
            return None

        async def finish(self, _result: object) -> None:
            raise AssertionError("it never ends")

    @one_transaction
    async def always_deadlocks(_command: None, _uow: Nothing) -> None:
        nonlocal tries
        tries += 1
        raise TryAgain

    with pytest.raises(Unavailable):
        await always_deadlocks(None, Nothing())
    assert tries == 3


class Claims:
    """A `once` that keeps what it was told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    async def claim(self, uow: UnitOfWork) -> None:
        self.told.append("claimed")
        await uow.execute(sa.text("SELECT 1"))

    async def complete(self, uow: UnitOfWork, result: object) -> None:
        self.told.append(result)
        await uow.execute(sa.text("SELECT 1"))


async def test_once_is_claimed_before_the_first_statement_and_completed_with_the_result(begin: Begin) -> None:
    claims = Claims()

    @one_transaction
    async def says(word: str, uow: UnitOfWork) -> str:
        assert claims.told == []
        await uow.execute(sa.text("SELECT 1"))
        assert claims.told == ["claimed"]
        return word

    await says("hello", begin(once=claims))
    assert claims.told == ["claimed", "hello"]


async def test_once_is_claimed_even_when_the_work_touches_nothing(begin: Begin) -> None:
    claims = Claims()

    @one_transaction
    async def idles(_command: None, _uow: UnitOfWork) -> int:
        return 7

    await idles(None, begin(once=claims))
    assert claims.told == ["claimed", 7]


async def test_a_hot_command_is_one_statement_and_sees_its_community_only(begin: Begin, database: Database) -> None:
    sql = """
        WITH tenant AS MATERIALIZED (SELECT set_config('app.community', $1, true) AS bound),
        written AS (
            INSERT INTO notes (community, id, text, written_at)
            SELECT $1, $2, $3, now() FROM tenant WHERE tenant.bound = $1 RETURNING id
        )
        SELECT id FROM written
    """
    async with begin() as uow:
        row = await uow.in_one_statement(sql, "feicuicheng", new_id(), "hot")
        assert row is not None
        with pytest.raises(RuntimeError, match="one statement"):
            await uow.execute(sa.select(notes))
    assert "hot" in await texts(database)
    async with database.reading("other") as connection:
        assert (await connection.execute(sa.select(notes))).all() == []


async def test_one_statement_cannot_follow_others(begin: Begin) -> None:
    async with begin() as uow:
        await uow.execute(sa.select(notes))
        with pytest.raises(RuntimeError, match="has begun"):
            await uow.in_one_statement("SELECT 1")


async def test_a_unit_of_work_is_not_entered_twice(begin: Begin) -> None:
    async with begin() as uow:
        await uow.execute(sa.select(notes))
        with pytest.raises(RuntimeError, match="already open"):
            async with uow:
                pass


@pytest.mark.parametrize("community", ["", "A", "x", "a'b", "feicui cheng", "a" * 41, "翡翠城", "a\nb", "abc\n"])
async def test_a_unit_of_work_needs_the_key_of_a_community(begin: Begin, community: str) -> None:
    with pytest.raises(ValueError, match="not a community"):
        begin(community)


async def test_reading_cannot_write(database: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError, match="read-only"):
        async with database.reading("feicuicheng") as connection:
            await connection.execute(sa.delete(notes))
