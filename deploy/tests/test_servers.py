"""The servers of the tests themselves: what is killed comes back with its data, what is removed leaves nothing."""

import shutil
from collections.abc import Callable
from pathlib import Path

import asyncpg
import nats
import pytest
from nats.js.errors import APIError

from deploy.embedded import nats as nats_program
from deploy.embedded import postgres as postgres_program
from shared.testing.databases import Database, Databases
from shared.testing.servers import ADMIN, Servers

OwnServers = Callable[[], Servers]


def one_table(database: Database) -> None:
    """A stand-in for the migrations of a service."""


async def test_postgres_keeps_committed_rows_over_a_kill(own_servers: OwnServers) -> None:
    servers = own_servers()
    database = Databases(servers.postgres).create("issues", one_table)
    address = database.plain(database.owner_url)
    connection = await asyncpg.connect(address)
    await connection.execute("CREATE TABLE kept (id int)")
    await connection.execute("INSERT INTO kept VALUES (1)")
    open_transaction = connection.transaction()
    await open_transaction.start()
    await connection.execute("INSERT INTO kept VALUES (2)")

    servers.kill_postgres()
    servers.start_postgres()

    connection = await asyncpg.connect(address)
    assert [row["id"] for row in await connection.fetch("SELECT id FROM kept")] == [1]
    await connection.close()


async def test_nats_keeps_messages_over_a_kill_and_forgets_them_when_an_older_store_is_put_back(
    own_servers: OwnServers, tmp_path: Path
) -> None:
    servers = own_servers()
    servers.stop_nats()
    shutil.copytree(servers.nats.store, tmp_path / "older")
    servers.start_nats()
    assert await publish(servers) == 1

    servers.kill_nats()
    servers.start_nats()
    assert await messages(servers) == 1

    servers.stop_nats()
    shutil.rmtree(servers.nats.store)
    shutil.copytree(tmp_path / "older", servers.nats.store)
    servers.start_nats()
    assert await messages(servers) == 0


async def test_removed_servers_leave_no_process(own_servers: OwnServers) -> None:
    servers = own_servers()
    servers.postgres.remove()
    servers.nats.remove()
    assert not postgres_program.is_ready(servers.postgres.port)
    assert not nats_program.is_ready(servers.nats.monitor_url)


async def test_a_database_of_a_module_is_the_same_at_every_call_and_a_fresh_one_is_not(
    database_of: Callable[..., Database], fresh_database_of: Callable[..., Database]
) -> None:
    assert database_of("events", one_table) == database_of("events", one_table)
    assert fresh_database_of("events", one_table) != fresh_database_of("events", one_table)


async def publish(servers: Servers) -> int:
    connection = await nats.connect(servers.nats.url(ADMIN))
    answer = await connection.jetstream().publish("issues.feicuicheng.something.v1", b"{}", stream="ISSUES")
    await connection.close()
    return answer.seq


async def messages(servers: Servers) -> int:
    connection = await nats.connect(servers.nats.url(ADMIN))
    found = (await connection.jetstream().stream_info("ISSUES")).state.messages
    await connection.close()
    return found


async def test_streams_cannot_be_purged_even_by_the_all_powerful(own_servers: OwnServers) -> None:
    servers = own_servers()
    connection = await nats.connect(servers.nats.url(ADMIN))
    with pytest.raises(APIError):
        await connection.jetstream().purge_stream("ISSUES")
    await connection.close()
