"""History cannot be changed by us, and a change by somebody mightier is found at the exact row."""

from uuid import UUID

import asyncpg
import pytest

from services.volunteers.domain.chain import ChainedEntry, ChainedTransfer, genesis, link
from services.volunteers.tests.integration.ledgers import (
    OFFICER,
    a_community,
    books,
    connected,
    give,
    spend,
    tampering,
)
from services.volunteers.tests.integration.running import Stores
from shared.ids import new_id
from shared.testing.databases import Database

HISTORY = ("points_transfers", "points_entries")
CHANGES = {
    "update": "UPDATE {0} SET sequence = sequence",
    "delete": "DELETE FROM {0}",
    "truncate": "TRUNCATE {0} CASCADE",
}


@pytest.fixture
async def community(stores: Stores) -> str:
    """A community with five transfers of one person: three credits and two debits."""
    key, person = a_community(), new_id()
    await stores.open(key)
    for points in (50, 20, 5):
        await give(stores, key, person, points)
    for points in (10, 3):
        await spend(stores, key, person, points)
    return key


@pytest.mark.parametrize("table", HISTORY)
@pytest.mark.parametrize("change", CHANGES)
async def test_the_service_cannot_change_history(
    stores: Stores, database: Database, community: str, table: str, change: str
) -> None:
    async with connected(database, database.app_url) as connection:
        await connection.execute("SELECT set_config('app.community', $1, false)", community)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(CHANGES[change].format(table))
    assert (await books(stores, community)).transfers == 5


@pytest.mark.parametrize("table", HISTORY)
@pytest.mark.parametrize("change", CHANGES)
async def test_not_even_the_owner_changes_history(
    stores: Stores, database: Database, community: str, table: str, change: str
) -> None:
    async with connected(database, database.owner_url) as connection:
        await connection.execute("SELECT set_config('app.community', $1, false)", community)
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
            await connection.execute(CHANGES[change].format(table))
    assert (await books(stores, community)).transfers == 5


async def test_entries_that_do_not_balance_are_refused_whoever_writes_them(database: Database, community: str) -> None:
    async with connected(database, database.app_url) as connection:
        await connection.execute("SELECT set_config('app.community', $1, false)", community)
        account = await connection.fetchval("SELECT id FROM points_accounts WHERE kind = 'person'")
        with pytest.raises(asyncpg.CheckViolationError, match="add up to nothing"):
            await connection.execute(
                "INSERT INTO points_entries (community, sequence, position, account_id, amount, balance_after)"
                " VALUES ($1, 1, 9, $2, 1000, 1000)",
                community,
                account,
            )


async def test_no_balance_falls_below_zero_whoever_writes_it(database: Database, community: str) -> None:
    async with connected(database, database.app_url) as connection:
        await connection.execute("SELECT set_config('app.community', $1, false)", community)
        with pytest.raises(asyncpg.CheckViolationError, match="never_negative"):
            await connection.execute("UPDATE points_accounts SET balance = -1 WHERE kind = 'person'")


async def test_a_version_of_a_rule_is_approved_but_never_rewritten(database: Database, community: str) -> None:
    async with connected(database, database.app_url) as connection:
        await connection.execute("SELECT set_config('app.community', $1, false)", community)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("UPDATE points_rules SET points = 1000")


TAMPERED = {
    "the points of a transfer": ("UPDATE points_transfers SET points = 99 WHERE {0}", "altered"),
    "its reason": ("UPDATE points_transfers SET reason = '另一个原因' WHERE {0}", "altered"),
    "its author": (f"UPDATE points_transfers SET made_by = '{new_id()}' WHERE {{0}}", "altered"),
    "its moment": ("UPDATE points_transfers SET made_at = made_at + interval '1 microsecond' WHERE {0}", "altered"),
    "the amount of an entry": ("UPDATE points_entries SET amount = amount * 2 WHERE {0}", "altered"),
    "the account of an entry": (
        f"UPDATE points_entries SET account_id = '{new_id()}' WHERE {{0}} AND position = 1",
        "altered",
    ),
    "an entry taken away": ("DELETE FROM points_entries WHERE {0} AND position = 1", "altered"),
    "a transfer taken away": ("DELETE FROM points_transfers WHERE {0}", "missing"),
}


@pytest.mark.parametrize("sequence", [1, 3, 5])
@pytest.mark.parametrize("what", TAMPERED)
async def test_tampering_is_found_at_the_exact_row(
    stores: Stores, database: Database, community: str, what: str, sequence: int
) -> None:
    statement, problem = TAMPERED[what]
    async with tampering(database) as connection:
        await connection.execute(statement.format(f"community = '{community}' AND sequence = {sequence}"))
    found = await books(stores, community)
    assert not found.sound
    assert [(link.sequence, link.problem) for link in found.broken_links] == [(sequence, problem)]


@pytest.mark.parametrize("sequence", [1, 3, 5])
async def test_a_transfer_rewritten_together_with_its_hash_is_found_by_its_successor(
    stores: Stores, database: Database, community: str, sequence: int
) -> None:
    async with tampering(database) as connection:
        where = f"community = '{community}' AND sequence = {sequence}"
        await connection.execute(f"UPDATE points_transfers SET reason = '改写' WHERE {where}")
        await connection.execute(
            f"""
            UPDATE points_transfers t SET hash = ledger_hash(t, (
                SELECT string_agg(ledger_entry_text(e.position, e.account_id, e.amount, e.balance_after, e.expires_at),
                                  ',' ORDER BY e.position)
                FROM points_entries e WHERE e.community = t.community AND e.sequence = t.sequence)) WHERE {where}
            """
        )
    found = await books(stores, community)
    assert [(link.sequence, link.problem) for link in found.broken_links] == [(sequence, "rewritten")]


async def test_a_transfer_slipped_in_behind_the_head_is_found(
    stores: Stores, database: Database, community: str
) -> None:
    async with tampering(database) as connection:
        await connection.execute(
            "UPDATE points_heads SET sequence = 4,"
            " hash = (SELECT hash FROM points_transfers WHERE community = $1 AND sequence = 4) WHERE community = $1",
            community,
        )
    found = await books(stores, community)
    assert [(link.sequence, link.problem) for link in found.broken_links] == [(5, "unknown")]


async def test_a_corrupt_balance_is_found_by_name(stores: Stores, database: Database, community: str) -> None:
    async with tampering(database) as connection:
        person: UUID = await connection.fetchval(
            "UPDATE points_accounts SET balance = balance + 7 WHERE community = $1 AND kind = 'person' RETURNING id",
            community,
        )
    found = await books(stores, community)
    assert [(d.finding, d.subject, d.expected, d.found) for d in found.differences] == [
        ("balance_is_sum_of_entries", person, 62, 69)
    ]


async def test_a_hold_without_held_points_is_found(stores: Stores, database: Database, community: str) -> None:
    async with tampering(database) as connection:
        person: UUID = await connection.fetchval(
            "UPDATE points_accounts SET held = 5 WHERE community = $1 AND kind = 'person' RETURNING id", community
        )
    found = await books(stores, community)
    assert [(d.finding, d.subject, d.expected, d.found) for d in found.differences] == [
        ("held_is_sum_of_holds", person, 0, 5)
    ]


async def test_sound_books_raise_no_false_alarm(stores: Stores, community: str) -> None:
    found = await books(stores, community)
    assert found.sound
    assert (found.transfers, found.entries, found.issued, found.on_accounts, found.head_sequence) == (5, 10, 62, 62, 5)


async def test_whoever_has_an_export_can_check_the_chain_without_the_database(
    stores: Stores, database: Database, community: str
) -> None:
    person = new_id()
    async with stores(community) as uow:  # a row with an expiry, one with a hold, one reversed into debt
        await stores.enrol(person, community=community)
    await give(stores, community, person, 8)
    async with stores(community) as uow:
        at = uow.now()
        hold = await uow.ledger.hold(person, 5, reason="伞|茶", by=OFFICER, at=at, expires_at=at.replace(year=2100))
        captured = await uow.ledger.capture(hold.id, by=OFFICER, at=at)
        await uow.ledger.reverse(captured.id, reason="错", by=OFFICER, at=at)
    async with connected(database, database.superuser_url) as connection:
        transfers = await connection.fetch(
            "SELECT * FROM points_transfers WHERE community = $1 ORDER BY sequence", community
        )
        entries = await connection.fetch("SELECT * FROM points_entries WHERE community = $1", community)
    previous = genesis(community)
    for row in transfers:
        legs = [
            ChainedEntry(e["position"], e["account_id"], e["amount"], e["balance_after"], e["expires_at"])
            for e in entries
            if e["sequence"] == row["sequence"]
        ]
        previous = link(
            previous,
            ChainedTransfer(
                community=community,
                sequence=row["sequence"],
                id=row["id"],
                kind=row["kind"],
                person=row["person"],
                points=row["points"],
                rule=row["rule"],
                rule_version=row["rule_version"],
                reason=row["reason"],
                deed_kind=row["deed_kind"],
                deed_id=row["deed_id"],
                reverses=row["reverses"],
                hold=row["hold_id"],
                adjustment=row["adjustment_id"],
                made_by=row["made_by"],
                approved_by=row["approved_by"],
                at=row["made_at"],
                entries=legs,
            ),
        )
        assert previous == row["hash"]
    assert previous.hex() == (await books(stores, community)).head_hash
