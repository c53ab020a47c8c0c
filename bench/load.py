"""A cheap HTTP/1.1 load generator: keep-alive connections that send prepared requests one after the other.

It shares two cores with what it measures, so it does as little as possible per request: httptools parses the answers,
nothing is decoded.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import httptools


@dataclass
class Report:
    """What a round of load saw: answers by status, seconds, and latencies in seconds."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Answers below 400 per second."""
        return sum(n for status, n in self.statuses.items() if status < 400) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Latency in seconds below which `share` of the answers came."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


class _Connection(asyncio.Protocol):
    """One keep-alive connection that sends the next request when an answer is complete."""

    def __init__(self, make_request: Callable[[], bytes], report: Report, until: float) -> None:
        self.make_request, self.report, self.until = make_request, report, until
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport | None = None
        self.sent_at = 0.0
        self.parser = httptools.HttpResponseParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start with the first request."""
        self.transport = transport  # type: ignore[assignment]
        self._send()

    def data_received(self, data: bytes) -> None:
        """Hand bytes to the parser."""
        self.parser.feed_data(data)

    def on_message_complete(self) -> None:
        """Count the answer and send the next request, or stop when time is up."""
        now = time.perf_counter()
        self.report.statuses[self.parser.get_status_code()] += 1
        self.report.latencies.append(now - self.sent_at)
        self.parser = httptools.HttpResponseParser(self)
        if now < self.until:
            asyncio.get_running_loop().call_soon(self._send)
        elif self.transport is not None:
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """The round is over for this connection."""
        if not self.done.done():
            self.done.set_result(None)

    def _send(self) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.sent_at = time.perf_counter()
            self.transport.write(self.make_request())


async def load(
    host: str, port: int, make_request: Callable[[], bytes], *, connections: int = 16, seconds: float = 3.0
) -> Report:
    """Keep `connections` busy for `seconds` and report what came back."""
    loop, report = asyncio.get_running_loop(), Report()
    start = time.perf_counter()
    clients = [
        (await loop.create_connection(lambda: _Connection(make_request, report, start + seconds), host, port))[1]
        for _ in range(connections)
    ]
    await asyncio.gather(*(client.done for client in clients))
    report.seconds = time.perf_counter() - start
    return report
