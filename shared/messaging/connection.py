"""The one connection of a service to NATS, with settings that notice a dead link and never give up silently.

The client's defaults notice a half-open link after four minutes, stop reconnecting after two, and then starve the event
loop. Ours pings every 10 s, reconnects for ever, and ends the process if the client closes the connection all the same.
A refused password is not a fault of the network: it ends a starting service at once, with a clear message.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Any

import nats
from nats.aio.client import Client

from shared.messaging import metrics
from shared.messaging.ending import end
from shared.observability.logging import get_logger

log = get_logger("messaging")

EXIT_STATUS = 70
"""EX_SOFTWARE: the supervisor starts the process again."""

Fatal = Callable[[str], None]


class CredentialsRefused(Exception):
    """NATS does not accept our user and password."""


def exit_process(reason: str) -> None:
    """End the process without ceremony, so that a supervisor starts a sound one."""
    log.critical("messaging.fatal", reason=reason)
    os._exit(EXIT_STATUS)


class Broker:
    """Connection to NATS that lives as long as the service."""

    def __init__(self, url: str, service: str, *, fatal: Fatal = exit_process) -> None:
        self._url = url
        self._service = service
        self._fatal = fatal
        self._client = Client()
        self._refused = asyncio.Event()
        self._stopping = False
        self._connecting: asyncio.Task[None] | None = None
        self.connected = asyncio.Event()
        """Set while the connection stands."""
        self.on_connected: list[Callable[[], Awaitable[None] | None]] = []
        """Called after the first connection and after each reconnect."""
        self.on_error: list[Callable[[Exception], None]] = []
        """Called with each error of the client, such as a refused publish."""
        self.ready: list[Callable[[], Awaitable[None]]] = []
        """Awaited once, after the first connection and before `connected` is set. May raise to refuse the start."""

    @property
    def client(self) -> Client:
        """The NATS client; only useful after the first connection."""
        return self._client

    @property
    def is_connected(self) -> bool:
        """Whether the connection stands just now."""
        return self._client.is_connected

    async def start(self, wait_seconds: float) -> None:
        """Connect. Returns after `wait_seconds` without a server too, and goes on trying; raises `CredentialsRefused`."""
        metrics.NATS_CONNECTED.labels(self._service).set(0)
        self._connecting = asyncio.create_task(self._connect(), name=f"{self._service} connects to NATS")
        done, _ = await asyncio.wait({self._connecting}, timeout=wait_seconds)
        if done:
            self._connecting.result()
        else:
            log.warning("nats.not_there_yet", service=self._service)
            self._connecting.add_done_callback(self._connected_late)

    async def stop(self) -> None:
        """Send what is buffered and close."""
        self._stopping = True
        if self._connecting is not None and not self._connecting.done():
            await end([self._connecting])
        if self._client.is_connected:
            try:
                async with asyncio.timeout(2):
                    await self._client.flush()
            except (nats.errors.Error, TimeoutError, OSError):
                log.warning("nats.not_flushed")
        await self._client.close()
        self.connected.clear()

    async def _connect(self) -> None:
        attempt = asyncio.ensure_future(
            self._client.connect(
                self._url,
                name=self._service,
                connect_timeout=5,
                max_reconnect_attempts=-1,
                reconnect_time_wait=1,
                ping_interval=10,
                max_outstanding_pings=2,
                inbox_prefix=f"_INBOX_{self._service}",
                error_cb=self._report,
                disconnected_cb=self._lost,
                reconnected_cb=self._reconnected,
                closed_cb=self._closed,
            )
        )
        refused = asyncio.ensure_future(self._refused.wait())
        try:
            await asyncio.wait({attempt, refused}, return_when=asyncio.FIRST_COMPLETED)
            if not attempt.done():
                raise CredentialsRefused(f"NATS refuses user and password of {self._service} (MULIN_NATS_URL)")
            attempt.result()
        finally:
            refused.cancel()
            attempt.cancel()
        for check in self.ready:
            await check()
        await self._is_connected()

    def _connected_late(self, task: "asyncio.Task[None]") -> None:
        if not task.cancelled() and task.exception() is not None:
            self._fatal(str(task.exception()))

    async def _is_connected(self) -> None:
        metrics.NATS_CONNECTED.labels(self._service).set(1)
        self.connected.set()
        for tell in self.on_connected:
            told: Any = tell()
            if told is not None:
                await told

    async def _report(self, error: Exception) -> None:
        text = str(error).lower()
        kind = "permissions" if "permissions violation" in text else type(error).__name__
        metrics.NATS_ERRORS.labels(self._service, kind).inc()
        if "authorization violation" in text:
            self._refused.set()
            if self.connected.is_set() or self._was_connected():
                self._fatal(f"NATS refuses user and password of {self._service} now")
        if not self._stopping:
            log.warning("nats.error", reason=str(error) or type(error).__name__)
        for tell in self.on_error:
            tell(error)

    def _was_connected(self) -> bool:
        return self._connecting is not None and self._connecting.done() and not self._connecting.cancelled()

    async def _lost(self) -> None:
        self.connected.clear()
        metrics.NATS_CONNECTED.labels(self._service).set(0)
        if not self._stopping:
            log.warning("nats.lost")

    async def _reconnected(self) -> None:
        metrics.NATS_RECONNECTS.labels(self._service).inc()
        log.info("nats.back")
        await self._is_connected()

    async def _closed(self) -> None:
        if not self._stopping and self._was_connected():
            self._fatal("the NATS client closed the connection and would not open it again")
