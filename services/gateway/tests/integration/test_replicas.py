"""How the gateway shares requests among the replicas of a service, and what it does when one comes or goes."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import pytest

from services.gateway.front.connection import Connection
from services.gateway.front.fetch import ask, fetch
from services.gateway.front.pool import Pool
from services.gateway.front.refusals import ServiceUnreachable
from shared.errors import Unavailable


class Replicas:
    """Servers on addresses of this machine that answer with their own address, and the name server that lists them."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self.listed: list[str] = list(addresses)
        self.port = 0
        self.asked = 0
        self._servers: dict[str, asyncio.Server] = {}
        self._open: dict[str, set[asyncio.StreamWriter]] = {}

    async def look_up(self, _host: str, _port: int) -> Sequence[str]:
        """The name server."""
        self.asked += 1
        if not self.listed:
            raise OSError("nobody knows this name")
        return list(self.listed)

    async def start(self, address: str) -> None:
        """Start a replica; all listen on the same port."""
        writers = self._open.setdefault(address, set())

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writers.add(writer)
            try:
                while True:
                    await reader.readuntil(b"\r\n\r\n")
                    body = address.encode()
                    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))
            except (asyncio.IncompleteReadError, ConnectionError):
                writer.close()

        self._servers[address] = await asyncio.start_server(answer, address, self.port)
        self.port = self._servers[address].sockets[0].getsockname()[1]

    def stop(self, address: str) -> None:
        """It takes no connections any more and breaks off those it has."""
        self._servers.pop(address).close()
        for writer in self._open.pop(address):
            writer.transport.abort()

    def stop_all(self) -> None:
        """End of the test."""
        for address in list(self._servers):
            self.stop(address)


@asynccontextmanager
async def running(*addresses: str) -> AsyncIterator[tuple[Replicas, Pool]]:
    """Replicas, and a pool that looks their name up at every request."""
    replicas = Replicas(addresses)
    async with AsyncExitStack() as stack:
        stack.callback(replicas.stop_all)
        for address in addresses:
            await replicas.start(address)
        pool = Pool(f"http://issues:{replicas.port}", look_up=replicas.look_up, look_again_seconds=0)
        stack.callback(pool.close)
        yield replicas, pool


def peer_of(connection: Connection) -> str:
    """Address at the other end."""
    assert connection.transport is not None
    return str(connection.transport.get_extra_info("peername")[0])


async def asked(pool: Pool, times: int = 30) -> Counter[str]:
    """Who answered, one request after the other."""
    return Counter([(await fetch(pool, "/", seconds=5))[1].decode() for _ in range(times)])


async def test_requests_one_after_the_other_reach_every_replica_in_turn() -> None:
    async with running("127.0.0.1", "127.0.0.2", "127.0.0.3") as (_, pool):
        assert await asked(pool) == {"127.0.0.1": 10, "127.0.0.2": 10, "127.0.0.3": 10}
        assert pool.open == 3


async def test_requests_at_the_same_time_are_shared() -> None:
    async with running("127.0.0.1", "127.0.0.2", "127.0.0.3") as (_, pool):
        answers = await asyncio.gather(*(asked(pool, 1) for _ in range(30)))
        shares = sum(answers, Counter())
        assert set(shares.values()) == {10}


async def test_a_replica_that_is_slow_gets_fewer() -> None:
    async with running("127.0.0.1", "127.0.0.2") as (_, pool):
        await asked(pool, 2)
        held: list[Connection] = [await pool.take() for _ in range(4)]
        busy, *others = held
        for connection in others:
            pool.give_back(connection)
        assert set(await asked(pool, 10)) == {"127.0.0.1", "127.0.0.2"} - {peer_of(busy)}
        pool.give_back(busy)


async def test_a_new_replica_gets_requests_without_a_restart() -> None:
    async with running("127.0.0.1") as (replicas, pool):
        assert set(await asked(pool, 3)) == {"127.0.0.1"}
        await replicas.start("127.0.0.2")
        replicas.listed.append("127.0.0.2")
        await asked(pool, 2)
        assert set(await asked(pool)) == {"127.0.0.1", "127.0.0.2"}


async def test_a_replica_that_died_costs_no_request_while_its_name_is_still_listed() -> None:
    async with running("127.0.0.1", "127.0.0.2") as (replicas, pool):
        held = [await pool.take() for _ in range(2)]
        for connection in held:
            pool.give_back(connection)
        replicas.stop("127.0.0.2")
        for _ in range(1_000):
            await asyncio.sleep(0.001)
            if not all(connection.usable for connection in held):  # the news is here
                break
        assert set(await asked(pool)) == {"127.0.0.1"}


async def test_the_connections_of_a_replica_that_left_are_closed() -> None:
    async with running("127.0.0.1", "127.0.0.2") as (replicas, pool):
        await asked(pool, 4)
        held = [await pool.take() for _ in range(2)]
        replicas.listed.remove("127.0.0.2")
        await asked(pool, 3)
        for connection in held:
            pool.give_back(connection)
        assert set(await asked(pool, 6)) == {"127.0.0.1"}
        assert pool.open == 2


async def test_a_name_server_that_is_away_changes_nothing() -> None:
    async with running("127.0.0.1", "127.0.0.2") as (replicas, pool):
        await asked(pool, 2)
        replicas.listed.clear()
        before = replicas.asked
        assert len(await asked(pool)) == 2
        assert replicas.asked > before


async def test_a_name_that_nobody_knows_is_an_unreachable_service() -> None:
    async with running("127.0.0.1") as (replicas, pool):
        replicas.listed.clear()
        with pytest.raises(ServiceUnreachable):
            await pool.take()
        assert pool.open == 0


class Building:
    """Addresses of this machine where processes of several services answer, as they do in containers."""

    def __init__(self) -> None:
        self.at: dict[str, str] = {}
        self.port = 0
        self.served: list[tuple[str, bytes]] = []

    async def look_up(self, service: str, _port: int) -> Sequence[str]:
        """The name server."""
        return [address for address, here in self.at.items() if here == service]

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """What `Edge` does: refuse what is meant for another service."""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                here = self.at[writer.get_extra_info("sockname")[0]]
                if f"x-mulin-service: {here}\r\n".encode() in head:
                    self.served.append((here, await reader.readexactly(int(b"content-length: 2" in head) * 2)))
                    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(here), here.encode()))
                else:
                    await reader.readexactly(int(b"content-length: 2" in head) * 2)
                    writer.write(b"HTTP/1.1 421 Misdirected Request\r\ncontent-length: 0\r\n\r\n")
        writer.close()


@pytest.fixture
async def building() -> AsyncIterator[Building]:
    """Two addresses: issues at the first, notify at the second."""
    made = Building()
    made.at = {"127.0.0.1": "issues", "127.0.0.2": "notify"}
    async with AsyncExitStack() as stack:
        for address in made.at:
            server = await stack.enter_async_context(await asyncio.start_server(made.answer, address, made.port))
            made.port = server.sockets[0].getsockname()[1]
        yield made


async def test_two_services_that_change_addresses_are_never_taken_for_each_other(building: Building) -> None:
    pools = {
        name: Pool(f"http://{name}:{building.port}", service=name, look_up=building.look_up, look_again_seconds=3600)
        for name in ("issues", "notify")
    }
    for name, pool in pools.items():
        assert await fetch(pool, "/", seconds=5) == (200, name.encode())
    building.at = {"127.0.0.1": "notify", "127.0.0.2": "issues"}
    for name, pool in pools.items():
        assert await ask(pool, "POST", "/", seconds=5, body=b"{}") == (200, name.encode())
        assert building.served[-1] == (name, b"{}")
        pool.close()


async def test_an_address_that_belongs_to_somebody_else_for_good_is_no_answer(building: Building) -> None:
    pool = Pool(f"http://127.0.0.2:{building.port}", service="issues")
    with pytest.raises(Unavailable):
        await fetch(pool, "/", seconds=5)
    assert building.served == []
    pool.close()
