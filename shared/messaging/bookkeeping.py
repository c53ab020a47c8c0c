"""What a consumer writes beside the effects: positions of messages without handler, and dead letters. Role: relay.

Each function is one statement, so it happens as a whole or not at all.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import text

from shared.database.engine import Database
from shared.errors import Unavailable
from shared.ids import new_id
from shared.messaging.autocommit import autocommit
from shared.messaging.envelope import Envelope
from shared.messaging.pull import Delivery
from shared.observability.logging import get_logger

log = get_logger("messaging")

T = TypeVar("T")

ADVANCE = text("""
WITH run AS (
    SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:communities AS text[]), CAST(:firsts AS int[]), CAST(:lasts AS int[]))
    AS run (aggregate_id, community, first, last)
),
locked AS (
    SELECT stored.aggregate_id, stored.version FROM consumer_positions AS stored JOIN run USING (aggregate_id)
    WHERE stored.consumer = :consumer ORDER BY stored.aggregate_id FOR UPDATE OF stored
),
moved AS (
    UPDATE consumer_positions AS stored SET version = run.last, updated_at = :now
    FROM run JOIN locked USING (aggregate_id)
    WHERE stored.consumer = :consumer AND stored.aggregate_id = run.aggregate_id
      AND locked.version >= run.first - 1 AND locked.version < run.last
    RETURNING stored.aggregate_id, stored.version
),
begun AS (
    INSERT INTO consumer_positions (consumer, aggregate_id, community, version, updated_at)
    SELECT :consumer, aggregate_id, community, last, :now FROM run
    WHERE first = 1 AND aggregate_id NOT IN (SELECT aggregate_id FROM locked)
    ON CONFLICT DO NOTHING
    RETURNING aggregate_id, version
)
SELECT run.aggregate_id, coalesce(moved.version, begun.version, locked.version, 0) AS version
FROM run LEFT JOIN moved USING (aggregate_id) LEFT JOIN begun USING (aggregate_id) LEFT JOIN locked USING (aggregate_id)
""")

BURY = text("""
WITH buried AS (
    INSERT INTO dead_letters AS kept (id, consumer, message_id, community, type, subject, stream_seq, body, reason, error,
                              attempts, first_seen_at, dead_at)
    VALUES (:id, :consumer, CAST(:message_id AS uuid), CAST(:community AS text), :type, :subject, :stream_seq, :body,
            :reason, :error, :attempts, :first_seen_at, :dead_at)
    ON CONFLICT (consumer, stream_seq, subject, md5(body))
    DO UPDATE SET reason = excluded.reason, error = excluded.error, attempts = excluded.attempts,
                  dead_at = excluded.dead_at, replayed_at = NULL
    WHERE kept.reason = 'on-trial'
    RETURNING 1
),
moved AS (
    INSERT INTO consumer_positions AS stored (consumer, aggregate_id, community, version, updated_at)
    SELECT :consumer, CAST(:aggregate_id AS uuid), CAST(:community AS text), CAST(:version AS int), :dead_at
    WHERE CAST(:aggregate_id AS uuid) IS NOT NULL
    ON CONFLICT (consumer, aggregate_id)
    DO UPDATE SET version = excluded.version, updated_at = excluded.updated_at WHERE stored.version < excluded.version
    RETURNING 1
)
SELECT EXISTS (SELECT 1 FROM buried)
""")

TRY = text("""
INSERT INTO dead_letters AS kept (id, consumer, message_id, community, type, subject, stream_seq, body, reason, error,
                                  attempts, first_seen_at, dead_at, replayed_at)
VALUES (:id, :consumer, CAST(:message_id AS uuid), CAST(:community AS text), :type, :subject, :stream_seq, :body,
        'on-trial', '', 1, :first_seen_at, :dead_at, :dead_at)
ON CONFLICT (consumer, stream_seq, subject, md5(body)) DO UPDATE SET attempts = kept.attempts + 1
WHERE kept.reason = 'on-trial'
RETURNING attempts
""")

ACQUIT = text("""
DELETE FROM dead_letters
WHERE consumer = :consumer AND stream_seq = :stream_seq AND subject = :subject AND reason = 'on-trial'
""")

ON_TRIAL = "on-trial"
"""Reason of a letter that is none yet: the message may have killed the process, and is being tried alone."""


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive versions of one aggregate that need no handler."""

    aggregate_id: UUID
    community: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that a consumer gives up. Its aggregate is known unless the body could not be read at all."""

    consumer: str
    message_id: UUID | None
    community: str | None
    type: str
    subject: str
    stream_seq: int
    body: bytes
    reason: str
    error: str
    attempts: int
    first_seen_at: datetime
    dead_at: datetime
    aggregate_id: UUID | None
    version: int | None

    @classmethod
    def of(
        cls, consumer: str, delivery: Delivery, envelope: Envelope | None, *, reason: str, error: str, now: datetime
    ) -> "DeadLetter":
        """From a delivery and as much of its envelope as could be read."""
        return cls(
            consumer=consumer,
            message_id=envelope.id if envelope else None,
            community=envelope.community if envelope else None,
            type=envelope.type if envelope else "",
            subject=delivery.subject,
            stream_seq=delivery.stream_seq,
            body=delivery.body,
            reason=reason,
            error=error.replace("\x00", ""),  # no text column takes it
            attempts=delivery.attempt,
            first_seen_at=delivery.stored_at,
            dead_at=now,
            aggregate_id=envelope.aggregate_id if envelope else None,
            version=envelope.aggregate_version if envelope else None,
        )


TRIAL_FIELDS = set(DeadLetter.__dataclass_fields__) - {"reason", "error", "attempts", "aggregate_id", "version"}


class Bookkeeping:
    """Positions and dead letters of a service's consumers, across communities."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def advance(self, consumer: str, runs: Sequence[Run], now: datetime) -> dict[UUID, int]:
        """Note that these runs need nothing done. Returns the stored version per aggregate: below a run's last one means a gap."""
        async with autocommit(self._database) as connection:
            rows = await connection.execute(
                ADVANCE,
                {
                    "consumer": consumer,
                    "ids": [run.aggregate_id for run in runs],
                    "communities": [run.community for run in runs],
                    "firsts": [run.first for run in runs],
                    "lasts": [run.last for run in runs],
                    "now": now,
                },
            )
            return {row.aggregate_id: row.version for row in rows}

    async def bury(self, letter: DeadLetter) -> bool:
        """Keep a message for a person to look at and let the others of its aggregate pass. False if it was kept before."""
        async with autocommit(self._database) as connection:
            given = {name: getattr(letter, name) for name in DeadLetter.__dataclass_fields__}
            return bool((await connection.execute(BURY, {"id": new_id(), **given})).scalar_one())

    async def put_on_trial(self, letter: DeadLetter) -> int:
        """Note that a suspicious message is about to be worked on. Returns its number of trials with this one: those before
        ended the process, or they would have been taken back. 0 if it is a dead letter already.
        """
        async with autocommit(self._database) as connection:
            given = {name: getattr(letter, name) for name in TRIAL_FIELDS}
            return (await connection.execute(TRY, {"id": new_id(), **given})).scalar() or 0

    async def acquit(self, letter: DeadLetter) -> None:
        """The process survived: the message does not kill."""
        async with autocommit(self._database) as connection:
            await connection.execute(
                ACQUIT, {"consumer": letter.consumer, "stream_seq": letter.stream_seq, "subject": letter.subject}
            )

    async def wait_for_database(self) -> bool:
        """Return False at once when the database answers; otherwise wait until it does and return True."""
        pause, waited = 0.1, False
        while True:
            try:
                await self._database.answers()
            except Unavailable:
                waited = True
                await asyncio.sleep(pause)
                pause = min(2.0, pause * 2)
            else:
                return waited

    async def insist(self, write: Callable[[], Awaitable[T]]) -> T:
        """Do one of our own writes until the database takes it."""
        pause = 0.05
        while True:
            try:
                return await write()
            except Exception as error:
                if not await self.wait_for_database():
                    log.warning("bookkeeping.failed", seconds=pause, exc_info=error)
                    await asyncio.sleep(pause)
                    pause = min(5.0, pause * 2)
