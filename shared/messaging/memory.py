"""Notices that the broker forgot messages it had acknowledged, and puts them on the way again.

JetStream acknowledges before everything is safe, and a disk can be replaced by an older copy. We know the sequence of every
message we published in the last days. If a stream is another one than before, ends below what we stored, or gives a sequence a
second time, it has lost what came after, and those rows become unpublished again. Message ids and inboxes make the
repetition harmless.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import asyncpg
from nats.js import JetStreamContext

from shared.messaging import metrics
from shared.messaging.publishing import Row
from shared.observability.logging import get_logger

log = get_logger("messaging")

FORGET = """
UPDATE outbox SET published_at = NULL, stream_seq = NULL
WHERE id IN (SELECT id FROM outbox WHERE stream = $1 AND stream_seq >= $2 ORDER BY stream_seq LIMIT $3)
"""
COLLISIONS = """
SELECT min(known.stream_seq) FROM unnest($2::uuid[], $3::bigint[]) AS stored (id, seq)
JOIN outbox AS known ON known.stream = $1 AND known.stream_seq = stored.seq AND known.id <> stored.id
"""
REMEMBER = """
INSERT INTO relay_state (stream, stream_created, checked_at) VALUES ($1, $2, $3)
ON CONFLICT (stream) DO UPDATE SET stream_created = excluded.stream_created, checked_at = excluded.checked_at
"""


class BrokerMemory:
    """What a service knows about the streams that it publishes to."""

    def __init__(self, service: str, streams: Sequence[str], chunk: int) -> None:
        self._service = service
        self._streams = streams
        self._chunk = chunk
        self._highest: dict[str, int] = {}

    async def check(self, connection: "asyncpg.Connection[Any]", js: JetStreamContext) -> None:
        """Compare every stream with what we stored. To be done before publishing, after each connection to NATS."""
        for stream in self._streams:
            info = await js.stream_info(stream)
            created, last_seq = info.created or datetime.fromtimestamp(0, UTC), info.state.last_seq
            if created.tzinfo is None:
                created = created.replace(tzinfo=UTC)
            before = await connection.fetchval("SELECT stream_created FROM relay_state WHERE stream = $1", stream)
            highest = await connection.fetchval("SELECT max(stream_seq) FROM outbox WHERE stream = $1", stream) or 0
            if before is not None and before != created:
                await self._publish_again(connection, stream, 0, "it was made anew")
                highest = 0
            elif last_seq < highest:
                await self._publish_again(connection, stream, last_seq + 1, f"it ends at {last_seq}, we know {highest}")
                highest = last_seq
            await connection.execute(REMEMBER, stream, created, datetime.now(UTC))
            self._highest[stream] = highest

    async def learn(self, connection: "asyncpg.Connection[Any]", stored: Sequence[tuple[Row, int]]) -> None:
        """Look at the sequences of a window before they are stored: one that another row has proves a loss."""
        for stream in {row.stream for row, _ in stored}:
            seqs = [(row.id, seq) for row, seq in stored if row.stream == stream]
            highest = self._highest.get(stream, 0)
            low = [(row_id, seq) for row_id, seq in seqs if seq <= highest]
            if low:
                ids, numbers = [row_id for row_id, _ in low], [seq for _, seq in low]
                twice = await connection.fetchval(COLLISIONS, stream, ids, numbers)
                if twice is not None:
                    await self._publish_again(connection, stream, twice, f"it gave sequence {twice} a second time")
            self._highest[stream] = max(highest, *(seq for _, seq in seqs))

    async def _publish_again(self, connection: "asyncpg.Connection[Any]", stream: str, first: int, why: str) -> None:
        count = 0
        while True:
            changed = int((await connection.execute(FORGET, stream, first, self._chunk)).rsplit(" ", 1)[1])
            count += changed
            if changed < self._chunk:
                break
        metrics.OUTBOX_REPUBLISHED.labels(self._service, stream).inc(count)
        log.error("relay.stream_lost_messages", stream=stream, reason=why, count=count)
