"""Connections to one service, kept open and used again, newest first; shared fairly among its replicas.

A service is a name. Behind it there may be several addresses, and they change while we run: the name is looked up again every
few seconds, and each request goes to the replica that has the fewest of ours.
"""

import asyncio
import socket
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from time import monotonic
from urllib.parse import urlsplit

from services.gateway.front.connection import Connection
from services.gateway.front.refusals import ServiceUnreachable
from shared.errors import Unavailable

IDLE_SECONDS = 20.0
"""The services close after 30 idle seconds: we let go first, so that a request is not sent into a closing door."""
CONNECT_SECONDS = 2.0
MOST_CONNECTIONS = 256
LOOK_AGAIN_SECONDS = 5.0
"""How long a new replica waits for its first request, at most."""
REST_SECONDS = 5.0
"""A replica that took no connection is asked last for so long."""

LookUp = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host and port to addresses; raises OSError when the name is not known."""


async def addresses_of(host: str, port: int) -> Sequence[str]:
    """Every address behind a name, as the system knows it."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class _Replica:
    """One process of the service: its idle connections, newest last, and how many requests of ours it has."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.idle: deque[Connection] = deque()
        self.busy = 0
        self.rests_until = 0.0
        self.is_gone = False


class Pool:
    """Connections to one service at `url` (plain HTTP inside the platform)."""

    def __init__(
        self,
        url: str,
        *,
        service: str | None = None,
        most: int = MOST_CONNECTIONS,
        idle_seconds: float = IDLE_SECONDS,
        look_up: LookUp = addresses_of,
        look_again_seconds: float = LOOK_AGAIN_SECONDS,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname:
            raise ValueError(f"a service address looks like http://127.0.0.1:8001, not {url!r}")
        self.url = url.rstrip("/")
        self.service = service
        """Told with every request, so that another service that got an old address of this one says so."""
        self.host, self.port = parts.hostname, parts.port or 80
        self.host_header = parts.netloc.encode("ascii")
        self._idle_seconds = idle_seconds
        self._most = most
        self.open = 0
        self._replicas: list[_Replica] = []
        self._home: dict[Connection, _Replica] = {}
        self._turn = 0
        self._look_up, self._look_again_seconds = look_up, look_again_seconds
        self._look_again_at = 0.0
        self._looking: asyncio.Task[None] | None = None

    def waiting(self) -> Connection | None:
        """An idle connection at once, where there is nothing to choose or to wait for; None: `take` finds one."""
        if len(self._replicas) != 1 or monotonic() >= self._look_again_at:
            return None
        (replica,) = self._replicas
        connection = self._waiting(replica)
        if connection is not None:
            replica.busy += 1
        return connection

    async def take(self, *, fresh: bool = False) -> Connection:
        """A connection to send a request on; `fresh` when an old one just failed. Give it back or drop it afterwards."""
        if fresh:
            self._drop_idle()
        failed: Exception | None = None
        for replica in await self._in_turn():
            try:
                connection = self._waiting(replica) or await self._connected(replica)
            except (OSError, TimeoutError) as error:
                replica.rests_until = monotonic() + REST_SECONDS
                failed = error
                continue
            replica.busy += 1
            return connection
        raise ServiceUnreachable(retry_after_seconds=2) from failed

    def give_back(self, connection: Connection) -> None:
        """The answer was read to its end: the connection may serve again."""
        replica = self._home[connection]
        if not connection.usable or replica.is_gone:
            self.drop(connection)
            return
        replica.busy -= 1
        connection.idle_since = monotonic()
        replica.idle.append(connection)

    def drop(self, connection: Connection) -> None:
        """Break off a connection that is of no use any more."""
        self._home[connection].busy -= 1
        self._close(connection)

    def forget_addresses(self) -> None:
        """Somebody else answers at an address of ours: look the name up before anything is sent again."""
        gone, self._replicas = self._replicas, []
        self._look_again_at = 0.0
        for replica in gone:
            replica.is_gone = True
            self._drop_idle_of(replica)

    def close(self) -> None:
        """Drop all idle connections."""
        if self._looking is not None:
            self._looking.cancel()
        self._drop_idle()

    async def _in_turn(self) -> Sequence[_Replica]:
        """The replica to ask comes first: the least busy, in turn among equals; those that took no connection come last."""
        if monotonic() >= self._look_again_at:
            await self._look_soon()
        known = self._replicas
        if len(known) == 1:
            return known
        self._turn = (self._turn + 1) % max(1, len(known))
        now = monotonic()
        turned = known[self._turn :] + known[: self._turn]
        return sorted(turned, key=lambda one: (one.rests_until > now, one.busy))

    async def _look_soon(self) -> None:
        """Look the name up: now if we know nothing yet, otherwise beside the request."""
        if not self._replicas:
            try:
                await self._look()
            except OSError as error:
                raise ServiceUnreachable(retry_after_seconds=2) from error
        elif self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_again())

    async def _look_again(self) -> None:
        with suppress(OSError):  # the name server is away: what we knew is still the best we know
            await self._look()
        self._look_again_at = monotonic() + self._look_again_seconds

    async def _look(self) -> None:
        addresses = await self._look_up(self.host, self.port)
        before = {one.address: one for one in self._replicas}
        self._replicas = [before.pop(one) if one in before else _Replica(one) for one in addresses]
        for replica in before.values():
            replica.is_gone = True
            self._drop_idle_of(replica)
        self._look_again_at = monotonic() + self._look_again_seconds

    def _waiting(self, replica: _Replica) -> Connection | None:
        """An idle connection that may still be used."""
        oldest = monotonic() - self._idle_seconds
        while replica.idle:
            connection = replica.idle.pop()
            if connection.usable and connection.idle_since > oldest:
                return connection
            self._close(connection)
        return None

    async def _connected(self, replica: _Replica) -> Connection:
        """A new connection."""
        if self.open >= self._most:
            raise Unavailable(retry_after_seconds=1)
        self.open += 1
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                _, connection = await asyncio.get_running_loop().create_connection(
                    Connection, replica.address, self.port
                )
        except BaseException:
            self.open -= 1
            raise
        self._home[connection] = replica
        return connection

    def _close(self, connection: Connection) -> None:
        del self._home[connection]
        self.open -= 1
        connection.close()

    def _drop_idle(self) -> None:
        for replica in self._replicas:
            self._drop_idle_of(replica)

    def _drop_idle_of(self, replica: _Replica) -> None:
        while replica.idle:
            self._close(replica.idle.pop())
