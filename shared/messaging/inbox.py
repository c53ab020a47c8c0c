"""The proof that a consumer applied a message once, in the order of its aggregate: part of the effect's own transaction."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import TextClause, text

from shared.messaging.envelope import Envelope
from shared.messaging.outbox import Transaction


class AlreadyProcessed(Exception):
    """This consumer applied this message before, or is beyond its version: acknowledge and do nothing."""


class OutOfOrder(Exception):
    """An earlier message of the same aggregate has not come yet: wait and try again."""


CLAIM: TextClause = text("""
WITH given AS (
    SELECT CAST(:inbox_consumer AS text) AS consumer, CAST(:inbox_message AS uuid) AS message_id,
           CAST(:inbox_community AS text) AS community, CAST(:inbox_aggregate AS uuid) AS aggregate_id,
           CAST(:inbox_version AS int) AS version, CAST(:inbox_after AS int) AS after,
           CAST(:inbox_now AS timestamptz) AS now
),
claimed AS (
    INSERT INTO inbox (consumer, message_id, community, processed_at)
    SELECT consumer, message_id, community, now FROM given
    ON CONFLICT DO NOTHING
    RETURNING 1
),
moved AS (
    INSERT INTO consumer_positions AS known (consumer, aggregate_id, community, version, updated_at)
    SELECT given.consumer, given.aggregate_id, given.community, given.version, given.now
    FROM given CROSS JOIN claimed
    WHERE given.after = 0 OR EXISTS (
        SELECT 1 FROM consumer_positions AS stored
        WHERE stored.consumer = given.consumer AND stored.aggregate_id = given.aggregate_id)
    ON CONFLICT (consumer, aggregate_id) DO UPDATE SET version = excluded.version, updated_at = excluded.updated_at
    WHERE known.version = CAST(:inbox_after AS int)
    RETURNING 1
)
SELECT EXISTS (SELECT 1 FROM claimed), EXISTS (SELECT 1 FROM moved)""")

REPLAY_CLAIM: TextClause = text("""
WITH claimed AS (
    INSERT INTO inbox (consumer, message_id, community, processed_at)
    VALUES (:inbox_consumer, :inbox_message, :inbox_community, :inbox_now)
    ON CONFLICT DO NOTHING
    RETURNING 1
)
SELECT EXISTS (SELECT 1 FROM claimed), true""")

POSITION: TextClause = text(
    "SELECT version FROM consumer_positions WHERE consumer = :inbox_consumer AND aggregate_id = :inbox_aggregate"
)


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
        given = self._parameters()
        claimed, moved = (await uow.execute(CLAIM if self.ordered else REPLAY_CLAIM, given)).one()
        if not claimed:
            if self.finished:
                raise RuntimeError("a message gets one use case: this unit of work has committed its effect already")
            raise AlreadyProcessed
        if not moved:
            stored = (await uow.execute(POSITION, given)).scalar()
            if stored is not None and stored >= self.envelope.aggregate_version:
                raise AlreadyProcessed
            raise OutOfOrder

    async def complete(self, uow: Transaction, result: object) -> None:  # noqa: ARG002 - the shape of `once`
        """Nothing more to write: the claim is the proof."""
        self.finished = True

    def _parameters(self) -> dict[str, Any]:
        envelope = self.envelope
        return {
            "inbox_consumer": self.consumer,
            "inbox_message": envelope.id,
            "inbox_community": envelope.community,
            "inbox_aggregate": envelope.aggregate_id,
            "inbox_version": envelope.aggregate_version,
            "inbox_after": envelope.aggregate_version - 1,
            "inbox_now": self.now,
        }
