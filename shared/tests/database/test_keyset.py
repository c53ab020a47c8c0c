import asyncio
import base64
import contextlib
import json
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from shared.clock import FrozenClock
from shared.database.engine import Database
from shared.database.keyset import CursorRefused, Keyset
from shared.database.unit_of_work import UnitOfWorkFactory
from shared.tests.notes import NotesUnitOfWork, notes

NEWEST = Keyset((notes.c.written_at, notes.c.id), descending=True)
OLDEST = Keyset((notes.c.written_at, notes.c.id))
FULLEST = Keyset((notes.c.stars, notes.c.text, notes.c.id))


async def pages(database: Database, community: str, keyset: Keyset, limit: int) -> list[list[str]]:
    cursor, found = None, []
    async with database.reading(community) as connection:
        while True:
            rows = (await connection.execute(keyset.page(sa.select(notes), limit=limit, cursor=cursor))).all()
            kept, cursor = keyset.cut(rows, limit=limit)
            found.append([row.text for row in kept])
            if cursor is None:
                return found


@pytest.fixture
async def twenty_notes(database: Database) -> str:
    """Twenty notes, four at each moment; returns their community."""
    clock = FrozenClock(datetime(2026, 11, 23, 8, tzinfo=UTC))
    factory = UnitOfWorkFactory(NotesUnitOfWork, database, clock=clock)
    community = f"list-{asyncio.get_running_loop().time():.6f}".replace(".", "-")
    async with factory(community, correlation_id="c-000001") as uow:
        for number in range(20):
            if number % 4 == 0:
                clock.advance(timedelta(hours=1))
            await uow.add(f"{number:02}")
    return community


@pytest.mark.parametrize("limit", [1, 3, 4, 19, 20, 21])
async def test_pages_hold_every_row_once_in_order(database: Database, twenty_notes: str, limit: int) -> None:
    newest = await pages(database, twenty_notes, NEWEST, limit)
    oldest = await pages(database, twenty_notes, OLDEST, limit)
    flat = [text for page in oldest for text in page]
    assert sorted(flat) == [f"{n:02}" for n in range(20)]
    assert [text for page in newest for text in page] == flat[::-1]
    assert all(len(page) == limit for page in oldest[:-1])
    assert 0 < len(oldest[-1]) <= limit


async def test_rows_that_come_in_between_are_neither_lost_nor_shown_twice(
    database: Database, twenty_notes: str
) -> None:
    async with database.reading(twenty_notes) as connection:
        rows = (await connection.execute(OLDEST.page(sa.select(notes), limit=10, cursor=None))).all()
        first, cursor = OLDEST.cut(rows, limit=10)
    earlier = FrozenClock(datetime(2026, 1, 1, tzinfo=UTC))
    async with UnitOfWorkFactory(NotesUnitOfWork, database, clock=earlier)(twenty_notes, correlation_id="c-1") as uow:
        await uow.add("earlier than all")
    async with database.reading(twenty_notes) as connection:
        rest = (await connection.execute(OLDEST.page(sa.select(notes), limit=100, cursor=cursor))).all()
    assert sorted(row.text for row in [*first, *rest]) == [f"{n:02}" for n in range(20)]


async def test_texts_and_numbers_can_be_sorted_by_too(database: Database, twenty_notes: str) -> None:
    assert [text for page in await pages(database, twenty_notes, FULLEST, 7) for text in page] == [
        f"{n:02}" for n in range(20)
    ]


def packed(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


SOME_ID = "019ab1c2-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    "cursor",
    [
        "abc",
        "====",
        "翡翠城",
        "a" * 2_000,
        packed({}),
        packed([]),
        packed([SOME_ID]),
        packed(["2026-11-23T08:00:00+00:00", SOME_ID, 1]),
        packed(["2026-11-23T08:00:00", SOME_ID]),
        packed(["yesterday", SOME_ID]),
        packed([5, SOME_ID]),
        packed(["2026-11-23T08:00:00+00:00", "1 OR 1=1"]),
        packed(["2026-11-23T08:00:00+00:00", None]),
        packed(["2026-11-23T08:00:00+00:00", {"a": 1}]),
    ],
)
def test_a_cursor_that_this_list_did_not_make_is_refused(cursor: str) -> None:
    with pytest.raises(CursorRefused) as refused:
        NEWEST.page(sa.select(notes), limit=10, cursor=cursor)
    assert "cursor" in refused.value.fields


@pytest.mark.parametrize(
    "values", [[2**40, "a", SOME_ID], [True, "a", SOME_ID], [1, "a\x00", SOME_ID], [1.5, "a", SOME_ID]]
)
def test_values_that_the_columns_cannot_hold_are_refused(values: list[object]) -> None:
    with pytest.raises(CursorRefused):
        FULLEST.page(sa.select(notes), limit=10, cursor=packed(values))


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda b: base64.urlsafe_b64encode(b).decode()))
def test_no_made_up_cursor_breaks_anything(cursor: str) -> None:
    with contextlib.suppress(CursorRefused):
        NEWEST.page(sa.select(notes), limit=10, cursor=cursor)
