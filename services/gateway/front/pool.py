"""Connections to one service, kept open and used again, newest first."""

import asyncio
from collections import deque
from time import monotonic
from urllib.parse import urlsplit

from services.gateway.front.connection import Connection
from services.gateway.front.refusals import ServiceUnreachable
from shared.errors import Unavailable

IDLE_SECONDS = 20.0
"""The services close after 30 idle seconds: we let go first, so that a request is not sent into a closing door."""
CONNECT_SECONDS = 2.0
MOST_CONNECTIONS = 256


class Pool:
    """Connections to one service at `url` (plain HTTP inside the platform)."""

    def __init__(self, url: str, *, most: int = MOST_CONNECTIONS, idle_seconds: float = IDLE_SECONDS) -> None:
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname:
            raise ValueError(f"a service address looks like http://127.0.0.1:8001, not {url!r}")
        self.url = url.rstrip("/")
        self.host, self.port = parts.hostname, parts.port or 80
        self.host_header = parts.netloc.encode("ascii")
        self._idle: deque[Connection] = deque()
        self._idle_seconds = idle_seconds
        self._most = most
        self.open = 0

    async def take(self, *, fresh: bool = False) -> Connection:
        """A connection to send a request on; `fresh` when an old one just failed. Give it back or drop it afterwards."""
        if fresh:
            self._drop_idle()
        oldest = monotonic() - self._idle_seconds
        while self._idle:
            connection = self._idle.pop()
            if connection.usable and connection.idle_since > oldest:
                return connection
            self.drop(connection)
        if self.open >= self._most:
            raise Unavailable(retry_after_seconds=1)
        self.open += 1
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                _, connection = await asyncio.get_running_loop().create_connection(Connection, self.host, self.port)
        except (OSError, TimeoutError) as error:
            self.open -= 1
            raise ServiceUnreachable(retry_after_seconds=2) from error
        except BaseException:
            self.open -= 1
            raise
        return connection

    def give_back(self, connection: Connection) -> None:
        """The answer was read to its end: the connection may serve again."""
        if connection.usable:
            connection.idle_since = monotonic()
            self._idle.append(connection)
        else:
            self.drop(connection)

    def drop(self, connection: Connection) -> None:
        """Break off a connection that is of no use any more."""
        self.open -= 1
        connection.close()

    def close(self) -> None:
        """Drop all idle connections."""
        self._drop_idle()

    def _drop_idle(self) -> None:
        while self._idle:
            self.drop(self._idle.pop())
