import asyncio

import pytest

from shared.errors import ConcurrentChange, PreconditionFailed
from shared.ids import new_id
from shared.tests.database.conftest import Begin
from shared.tests.notes import NoteNotFound, StarNote, WriteNote, star_note, write_note


async def test_saving_counts_the_version_up(begin: Begin) -> None:
    note = await write_note(WriteNote("versions"), begin())
    assert (await star_note(StarNote(note.id), begin())).version == 2
    assert (await star_note(StarNote(note.id, expected_version=2), begin())).version == 3


async def test_an_outdated_version_is_a_failed_precondition(begin: Begin) -> None:
    note = await write_note(WriteNote("precondition"), begin())
    await star_note(StarNote(note.id), begin())
    with pytest.raises(PreconditionFailed):
        await star_note(StarNote(note.id, expected_version=1), begin())


async def test_of_two_who_read_the_same_version_one_saves(begin: Begin) -> None:
    note = await write_note(WriteNote("two at once"), begin())
    both_have_read = asyncio.Barrier(2)

    async def star() -> int:
        async with begin() as uow:
            mine = await uow.get(note.id)
            mine.stars += 1
            await both_have_read.wait()
            await uow.save(mine)
            return mine.version

    results = await asyncio.gather(star(), star(), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["ConcurrentChange", "int"]
    async with begin() as uow:
        assert (await uow.get(note.id)).stars == 1


async def test_saving_what_is_gone_is_not_found(begin: Begin) -> None:
    async with begin() as uow:
        note = await uow.add("gone")
        note.id = new_id()
        with pytest.raises(NoteNotFound):
            await uow.save(note)


async def test_a_row_of_another_community_is_not_found(begin: Begin) -> None:
    note = await write_note(WriteNote("ours"), begin("feicuicheng"))
    with pytest.raises(NoteNotFound):
        await star_note(StarNote(note.id), begin("haitang"))
    async with begin("haitang") as uow:
        with pytest.raises(NoteNotFound):
            await uow.save(note)


async def test_a_change_in_between_is_said_as_such(begin: Begin) -> None:
    note = await write_note(WriteNote("in between"), begin())
    await star_note(StarNote(note.id), begin())
    async with begin() as uow:
        with pytest.raises(ConcurrentChange):
            await uow.save(note)
