"""A ledger with some history, and ways to look at it and to tamper with it behind its back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg

from services.volunteers.domain.points import Transfer
from services.volunteers.queries.points import reconcile
from services.volunteers.schemas.reconciliation import ReconciliationView
from services.volunteers.tests.builders import AT
from services.volunteers.tests.integration.running import Stores
from services.volunteers.use_cases.approve_adjustment import ApproveAdjustment, approve_adjustment
from services.volunteers.use_cases.propose_adjustment import ProposeAdjustment, propose_adjustment
from shared.ids import new_id
from shared.testing.databases import Database

OFFICER, SECOND = new_id(), new_id()


def a_community() -> str:
    """A community of its own for one test."""
    return f"c-{str(new_id()).replace('-', '')[-24:]}"


async def give(stores: Stores, community: str, person: UUID, points: int) -> None:
    """Put points on an account, the way two people do it by hand."""
    if not await _belongs(stores, community, person):
        await stores.enrol(person, community=community)
    proposed = await propose_adjustment(ProposeAdjustment(person, points, "历史积分", OFFICER), stores(community))
    await approve_adjustment(ApproveAdjustment(proposed.id, SECOND), stores(community))


async def spend(stores: Stores, community: str, person: UUID, points: int) -> Transfer:
    """Take points, in one transaction."""
    async with stores(community) as uow:
        return await uow.ledger.debit(person, points, reason="茶", by=OFFICER, at=uow.now())


async def books(stores: Stores, community: str) -> ReconciliationView:
    """Check them."""
    async with stores.pool.reading(community) as connection:
        return await reconcile(connection, community, AT)


async def _belongs(stores: Stores, community: str, person: UUID) -> bool:
    async with stores(community) as uow:
        return await uow.people.belongs_here(person)


@asynccontextmanager
async def connected(database: Database, url: str) -> AsyncIterator["asyncpg.Connection[Any]"]:
    """A raw connection."""
    connection = await asyncpg.connect(database.plain(url))
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def tampering(database: Database) -> AsyncIterator["asyncpg.Connection[Any]"]:
    """A superuser who switches the triggers off: what no code of ours can do."""
    async with connected(database, database.superuser_url) as connection:
        await connection.execute("SET session_replication_role = replica")
        yield connection
