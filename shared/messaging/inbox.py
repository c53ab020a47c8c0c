"""The proof that a consumer applied a message once, in the order of its aggregate: part of the effect's own transaction."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.database.failures import raise_refusal
from shared.messaging.envelope import Envelope
from shared.messaging.outbox import Transaction

if TYPE_CHECKING:
    import asyncpg


class AlreadyProcessed(Exception):
    """This consumer applied this message before, or is beyond its version: acknowledge and do nothing."""


class OutOfOrder(Exception):
    """An earlier message of the same aggregate has not come yet: wait and try again."""


CLAIM = """
WITH claimed AS (
    INSERT INTO inbox (consumer, message_id, community, processed_at)
    VALUES ($1::text, $2::uuid, $3::text, $7::timestamptz)
    ON CONFLICT DO NOTHING
    RETURNING 1
),
moved AS (
    INSERT INTO consumer_positions AS known (consumer, aggregate_id, community, version, updated_at)
    SELECT $1::text, $4::uuid, $3::text, $5::int, $7::timestamptz
    FROM claimed
    WHERE $6::int = 0 OR EXISTS (
        SELECT 1 FROM consumer_positions AS stored WHERE stored.consumer = $1::text AND stored.aggregate_id = $4::uuid)
    ON CONFLICT (consumer, aggregate_id) DO UPDATE SET version = excluded.version, updated_at = excluded.updated_at
    WHERE known.version = $6::int
    RETURNING 1
)
SELECT EXISTS (SELECT 1 FROM claimed), EXISTS (SELECT 1 FROM moved)"""
"""Consumer, message id, community, aggregate id, version, the version before, now."""

REPLAY_CLAIM = """
WITH claimed AS (
    INSERT INTO inbox (consumer, message_id, community, processed_at)
    VALUES ($1::text, $2::uuid, $3::text, $4::timestamptz)
    ON CONFLICT DO NOTHING
    RETURNING 1
)
SELECT EXISTS (SELECT 1 FROM claimed)"""

POSITION = "SELECT version FROM consumer_positions WHERE consumer = $1 AND aggregate_id = $2"


@dataclass(slots=True)
class InboxClaim:
    """The `once` of a unit of work that applies a message. Claims inbox row and position before the first effect.

    `ordered=False` is for replays of dead letters, whose position was moved when they were given up.
    """

    consumer: str
    envelope: Envelope
    now: datetime
    ordered: bool = True
    finished: bool = field(default=False, init=False)
    """True once the effect was written; it still has to be committed."""

    async def claim(self, uow: Transaction) -> None:
        """Take the inbox row and move the position. Raises `AlreadyProcessed` or `OutOfOrder` before anything happened."""
        driver = await uow.driver()
        try:
            claimed, moved = await (self._claim(driver) if self.ordered else self._claim_replay(driver))
            stored = None if moved else await driver.fetchval(POSITION, self.consumer, self.envelope.aggregate_id)
        except Exception as error:
            raise_refusal(error)
        if not claimed:
            if self.finished:
                raise RuntimeError("a message gets one use case: this unit of work has committed its effect already")
            raise AlreadyProcessed
        if not moved:
            if stored is not None and stored >= self.envelope.aggregate_version:
                raise AlreadyProcessed
            raise OutOfOrder

    async def complete(self, uow: Transaction, result: object) -> None:  # noqa: ARG002 - the shape of `once`
        """Nothing more to write: the claim is the proof."""
        self.finished = True

    async def _claim(self, driver: "asyncpg.Connection[Any]") -> tuple[bool, bool]:
        envelope = self.envelope
        row = await driver.fetchrow(
            CLAIM,
            self.consumer,
            envelope.id,
            envelope.community,
            envelope.aggregate_id,
            envelope.aggregate_version,
            envelope.aggregate_version - 1,
            self.now,
        )
        return (row[0], row[1]) if row is not None else (False, False)

    async def _claim_replay(self, driver: "asyncpg.Connection[Any]") -> tuple[bool, bool]:
        envelope = self.envelope
        claimed = await driver.fetchval(REPLAY_CLAIM, self.consumer, envelope.id, envelope.community, self.now)
        return bool(claimed), True
