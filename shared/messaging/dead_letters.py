"""Messages that were given up: look at them, and replay them once their cause is gone.

A replay runs the handler as a delivery does, with the inbox row in the transaction of the effect, so it applies exactly once
however often and however many at a time ask for it. It does not look at the order of its aggregate: that went on without it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, select, update

from shared.clock import Clock
from shared.database.engine import Database
from shared.database.keyset import Keyset
from shared.errors import NotFound
from shared.messaging.applying import UnitsOfWork, apply
from shared.messaging.autocommit import autocommit
from shared.messaging.bookkeeping import ON_TRIAL
from shared.messaging.consumers import Consumers
from shared.messaging.envelope import Undecodable, parse
from shared.messaging.failures import reason_of, text_of
from shared.messaging.inbox import AlreadyProcessed
from shared.messaging.settings import ConsumerSettings
from shared.messaging.tables import dead_letters
from shared.observability.logging import get_logger

log = get_logger("messaging")

ORDER = Keyset((dead_letters.c.dead_at, dead_letters.c.id), descending=True)


class DeadLetterNotFound(NotFound):
    """There is no dead letter of this id."""

    slug = "dead-letter-not-found"
    title_zh = "没有这条死信"
    title_en = "There is no dead letter of this id"


class Outcome(StrEnum):
    """What a replay came to."""

    APPLIED = "applied"
    ALREADY_APPLIED = "already-applied"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Replay:
    """The result of replaying one dead letter."""

    id: UUID
    outcome: Outcome
    reason: str = ""
    error: str = ""


class DeadLetters:
    """The dead letters of one service, across communities. Role: relay for the letters, app for the effects."""

    def __init__(
        self,
        database: Database,
        consumers: Consumers,
        unit_of_work: UnitsOfWork,
        *,
        clock: Clock,
        settings: ConsumerSettings,
    ) -> None:
        self._database = database
        self._consumers = consumers
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._settings = settings

    async def page(
        self, *, consumer: str | None = None, replayed: bool = False, limit: int = 50, cursor: str | None = None
    ) -> tuple[Sequence[RowMapping], str | None]:
        """A page of letters, newest first, and the cursor of the next page. `replayed=False`: only those that wait."""
        wanted = select(*(column for column in dead_letters.c if column.name != "body"))
        wanted = wanted.where(dead_letters.c.reason != ON_TRIAL)
        if consumer is not None:
            wanted = wanted.where(dead_letters.c.consumer == consumer)
        if not replayed:
            wanted = wanted.where(dead_letters.c.replayed_at.is_(None))
        rows = await self._rows(ORDER.page(wanted, limit=limit, cursor=cursor))
        kept, following = ORDER.cut(rows, limit=limit)
        return [row._mapping for row in kept], following

    async def replay(self, letter_id: UUID) -> Replay:
        """Apply one letter, once. Raises `DeadLetterNotFound`; a failing handler is an answer, not an error."""
        found = await self._rows(select(dead_letters).where(dead_letters.c.id == letter_id))
        if not found:
            raise DeadLetterNotFound
        letter = found[0]
        try:
            await self._apply(letter)
        except AlreadyProcessed:
            result = Replay(letter_id, Outcome.ALREADY_APPLIED)
        except Exception as error:
            log.warning(
                "dead_letter.replay_failed", consumer=letter.consumer, message_id=letter.message_id, exc_info=error
            )
            return Replay(letter_id, Outcome.FAILED, reason_of(error), text_of(error))
        else:
            result = Replay(letter_id, Outcome.APPLIED)
        await self._mark(letter_id)
        log.info("dead_letter.replayed", consumer=letter.consumer, message_id=letter.message_id, kind=result.outcome)
        return result

    async def replay_all(self, consumer: str | None = None) -> list[Replay]:
        """Replay every letter that waits (of one consumer), oldest first, so that the order of each aggregate is kept."""
        waiting = select(dead_letters.c.id).where(dead_letters.c.replayed_at.is_(None))
        if consumer is not None:
            waiting = waiting.where(dead_letters.c.consumer == consumer)
        ids = [row.id for row in await self._rows(waiting.order_by(dead_letters.c.consumer, dead_letters.c.stream_seq))]
        return [await self.replay(letter_id) for letter_id in ids]

    async def _apply(self, letter: Any) -> None:
        durable = self._consumers.durable(letter.consumer)
        envelope = parse(letter.body)
        handler = durable.handler(envelope.type) if durable is not None else None
        if handler is None:
            raise Undecodable("no-handler", f"{letter.consumer} has no handler for {envelope.type} in this release")
        await apply(
            self._unit_of_work,
            letter.consumer,
            handler,
            envelope,
            now=self._clock.now(),
            attempt=letter.attempts + 1,
            seconds=self._settings.handler_seconds,
            ordered=False,
        )

    async def _mark(self, letter_id: UUID) -> None:
        mark = (
            update(dead_letters)
            .where(dead_letters.c.id == letter_id, dead_letters.c.replayed_at.is_(None))
            .values(replayed_at=self._clock.now())
        )
        async with autocommit(self._database) as connection:
            await connection.execute(mark)

    async def _rows(self, statement: Any) -> Sequence[Any]:
        async with autocommit(self._database) as connection:
            return (await connection.execute(statement)).all()
