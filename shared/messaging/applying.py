"""Run one handler on one message, with the inbox row in the transaction of its effect. For deliveries and replays alike."""

import asyncio
import time
from datetime import datetime
from typing import Any, Protocol

from pydantic import ValidationError

from shared.contracts.message import Message
from shared.messaging import metrics
from shared.messaging.consumers import Handler, MessageContext
from shared.messaging.envelope import Envelope
from shared.messaging.failures import BrokenContract, UnknownType
from shared.messaging.inbox import InboxClaim


class UnitsOfWork(Protocol):
    """Builds units of work: shared.database's `UnitOfWorkFactory`."""

    def __call__(
        self, community: str, *, correlation_id: str, causation_id: str | None = None, once: Any = None
    ) -> Any:
        """A unit of work for one community and one message."""
        ...


async def apply(
    unit_of_work: UnitsOfWork,
    consumer: str,
    handler: Handler,
    envelope: Envelope,
    *,
    now: datetime,
    attempt: int,
    seconds: float,
    ordered: bool = True,
) -> bool:
    """Run a handler on a message, with the inbox row in the transaction of its effect. False: it had nothing to do.

    Raises `AlreadyProcessed`, `OutOfOrder`, `UnknownType`, `BrokenContract`, or what the handler raised.
    """
    contract = Message.registry.get(envelope.type)
    if contract is None:
        raise UnknownType(envelope.type)
    try:
        message = contract.model_validate(envelope.data)
    except ValidationError as error:
        raise BrokenContract(envelope.type, error) from None
    claim = InboxClaim(consumer, envelope, now, ordered=ordered)
    uow = unit_of_work(
        envelope.community,
        correlation_id=envelope.correlation_id or str(envelope.id),
        causation_id=str(envelope.id),
        once=claim,
    )
    entered = time.perf_counter()
    async with asyncio.timeout(seconds):
        await handler(message, MessageContext(uow, envelope, attempt))
    metrics.HANDLER_SECONDS.labels(consumer, envelope.type).observe(time.perf_counter() - entered)
    return claim.finished
