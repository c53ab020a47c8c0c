"""Communities see nothing of each other, and what is said about a beneficiary stays sealed."""

import asyncio
from collections.abc import Callable

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from services.volunteers.storage.tables import metadata
from services.volunteers.tests.integration.ledgers import connected, give
from services.volunteers.tests.integration.running import Neighbour, Stores
from shared.database.row_security import tables_without_row_security
from shared.principal import Role
from shared.testing.databases import Database
from shared.testing.principals import COMMUNITY

CANARIES = ("小雨", "12号楼2单元301", "child", "儿童")
"""Parts of what the builders say about a beneficiary."""
NOT_OF_A_COMMUNITY = {"communities_served"}


async def a_full_story(stores: Stores, resident: Neighbour, officer: Neighbour, volunteer: Neighbour) -> str:
    """A row in every table; the wish is lit."""
    wish_id = await resident.wishes()
    await officer.post(f"/wishes/{wish_id}/publish", {})
    await volunteer.post(f"/wishes/{wish_id}/claim")
    await volunteer.get(f"/wishes/{wish_id}/beneficiary", purpose="delivery")
    await stores.enrol(volunteer.person, Role.VOLUNTEER)
    await give(stores, COMMUNITY, volunteer.person, 9)
    await volunteer.post("/points/holds", {"points": 1, "reason": "茶"})
    await volunteer.post(f"/wishes/{wish_id}/deliver", {"proof": "送到"})
    assert (await resident.post(f"/wishes/{wish_id}/confirm", {})).status == 200
    return wish_id


async def test_raw_sql_of_the_serving_role_sees_no_row_of_others(
    stores: Stores, database: Database, resident: Neighbour, officer: Neighbour, volunteer: Neighbour
) -> None:
    await a_full_story(stores, resident, officer, volunteer)
    tables = [*(set(metadata.tables) - NOT_OF_A_COMMUNITY), "outbox", "outbox_aggregates", "idempotency_keys"]
    async with connected(database, database.app_url) as connection:
        for community, sees in ((None, False), ("elsewhere", False), (COMMUNITY, True)):
            for table in tables:
                async with connection.transaction():
                    if community is not None:
                        await connection.execute("SELECT set_config('app.community', $1, true)", community)
                    count = await connection.fetchval(f"SELECT count(*) FROM {table}")
                    assert (count > 0) is sees, (community, table)


async def test_the_serving_role_writes_into_its_own_community_only(database: Database, stores: Stores) -> None:
    async with connected(database, database.app_url) as connection:
        await connection.execute("SELECT set_config('app.community', 'elsewhere', false)")
        assert await connection.execute("UPDATE points_accounts SET balance = 10") == "UPDATE 0"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(
                "INSERT INTO points_accounts (community, id, kind, balance, opened_at)"
                f" VALUES ('{COMMUNITY}', gen_random_uuid(), 'person', 1000, now())"
            )
        outcome = await connection.fetchval(
            "SELECT outcome FROM ledger_move($1, gen_random_uuid(), 'redemption', gen_random_uuid(), -1, 'x', NULL, NULL, NULL, now())",
            COMMUNITY,
        )
        assert outcome == "not_open", "the ledger of another community does not exist"


async def test_no_table_of_a_community_is_without_row_security(database: Database) -> None:
    engine = create_async_engine(database.superuser_url)
    async with engine.connect() as connection:
        assert await tables_without_row_security(connection) == []
    await engine.dispose()


async def test_reviewer_and_current_claimant_read_the_beneficiary_and_nobody_else(
    resident: Neighbour, officer: Neighbour, volunteer: Neighbour, somebody: Callable[..., Neighbour]
) -> None:
    wish_id = await resident.wishes()
    path = f"/wishes/{wish_id}/beneficiary"
    assert (await officer.get(path, purpose="review")).json() == {
        "wish_id": wish_id,
        "group": "child",
        "group_zh": "儿童",
        "note": "小雨，7岁，12号楼2单元301",
    }
    await officer.post(f"/wishes/{wish_id}/publish", {})
    other = somebody(Role.VOLUNTEER)
    for curious in (volunteer, other):
        assert (await curious.get(path, purpose="delivery")).slug == "beneficiary-not-found"
    await volunteer.post(f"/wishes/{wish_id}/claim")
    assert (await volunteer.get(path, purpose="delivery")).status == 200
    assert (await other.get(path, purpose="delivery")).slug == "beneficiary-not-found"
    await volunteer.post(f"/wishes/{wish_id}/release")
    assert (await volunteer.get(path, purpose="delivery")).slug == "beneficiary-not-found"
    assert (await resident.get(path, purpose="review")).slug == "forbidden"


async def test_a_record_that_was_moved_to_another_wish_does_not_open(
    database: Database, resident: Neighbour, officer: Neighbour
) -> None:
    wish_id, other_id = await resident.wishes(), await resident.wishes()
    async with connected(database, database.superuser_url) as connection:
        moved = await connection.fetchval("SELECT sealed FROM wish_beneficiaries WHERE wish_id = $1", other_id)
        await connection.execute("UPDATE wish_beneficiaries SET sealed = $1 WHERE wish_id = $2", moved, wish_id)
        answer = await officer.get(f"/wishes/{wish_id}/beneficiary", purpose="review")
        looks = await connection.fetchval("SELECT count(*) FROM beneficiary_reveals WHERE wish_id = $1", wish_id)
    assert (answer.status, answer.slug, looks) == (503, "seal-unreadable", 0)


async def test_every_look_is_written_down_and_needs_a_purpose(
    database: Database, resident: Neighbour, officer: Neighbour
) -> None:
    wish_id = await resident.wishes()
    path = f"/wishes/{wish_id}/beneficiary"
    unexplained = await officer.get(path)
    assert (unexplained.status, set(unexplained.fields)) == (422, {"purpose"})
    await officer.get(path, purpose="review")
    async with connected(database, database.superuser_url) as connection:
        looks = await connection.fetch("SELECT person, purpose FROM beneficiary_reveals WHERE wish_id = $1", wish_id)
    assert [(look["person"], look["purpose"]) for look in looks] == [(officer.person, "review")]


async def test_who_cannot_be_written_down_sees_nothing(
    database: Database, resident: Neighbour, officer: Neighbour
) -> None:
    wish_id = await resident.wishes()
    async with connected(database, database.superuser_url) as connection:
        await connection.execute("REVOKE INSERT ON beneficiary_reveals FROM volunteers_app")
        try:
            answer = await officer.get(f"/wishes/{wish_id}/beneficiary", purpose="review")
        finally:
            await connection.execute("GRANT INSERT ON beneficiary_reveals TO volunteers_app")
    assert answer.status >= 500
    assert not any(canary in answer.body.decode() for canary in CANARIES)


async def test_the_beneficiary_is_nowhere_in_the_database_in_plain_words(
    stores: Stores, database: Database, resident: Neighbour, officer: Neighbour, volunteer: Neighbour
) -> None:
    await a_full_story(stores, resident, officer, volunteer)
    async with connected(database, database.superuser_url) as connection:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for table in tables:
            name = table["tablename"]
            for row in await connection.fetch(f'SELECT * FROM "{name}"'):
                for column, value in row.items():
                    shown = bytes(value).decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                    assert not any(canary in shown for canary in CANARIES), (name, column)


async def test_nothing_said_about_people_is_logged(
    stores: Stores,
    resident: Neighbour,
    officer: Neighbour,
    volunteer: Neighbour,
    capfd: pytest.CaptureFixture[str],
) -> None:
    wish_id = await a_full_story(stores, resident, officer, volunteer)
    await asyncio.gather(*(volunteer.post(f"/wishes/{wish_id}/claim") for _ in range(3)))
    out, err = capfd.readouterr()
    for secret in (*CANARIES, "书包", str(resident.person)):
        assert secret not in out + err
