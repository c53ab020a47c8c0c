"""One replica of the test world as a process of its own, to be killed, or to end by itself at a named point.

    python -m shared.tests.messaging.process '{"service": "issues", "publish": 3, "crash": "before-publish", ...}'

It prints `ready` and then one line for each thing a test may wait for.
"""

import asyncio
import json
import os
import signal
import sys
from typing import Any
from uuid import UUID

from shared.contracts.issues import IssueWithdrawn
from shared.contracts.message import Message
from shared.database.unit_of_work import UnitOfWork
from shared.messaging import MessageContext
from shared.messaging.custody import Custody
from shared.messaging.memory import BrokerMemory
from shared.messaging.publishing import Publisher
from shared.messaging.settings import RetrySchedule
from shared.testing.databases import Database
from shared.tests.messaging.world import Reaction, apply_effect, new_service, slower, withdrawn

CRASHED = 99


def crash(*_: object, **__: object) -> Any:
    """End as a power cut would."""
    os._exit(CRASHED)


POINTS: dict[str, tuple[type, str]] = {
    "after-commit": (Publisher, "send"),
    "after-publish": (BrokerMemory, "learn"),
    "after-effect": (Custody, "acknowledge"),
}
"""Where the process ends: before the first publish, after the first acknowledgement, after the first effect."""


async def slow_effect(message: Message, context: MessageContext[UnitOfWork]) -> None:
    """Say that the handler runs, take a moment, and write."""
    print("handling", flush=True)
    await asyncio.sleep(1.0)
    await apply_effect(message, context)


def kills(killer: UUID) -> Reaction:
    """A reaction that ends the process when it meets a certain aggregate."""

    async def react(message: Message, context: MessageContext[UnitOfWork]) -> None:
        if message.aggregate_id == killer:
            crash()
        await apply_effect(message, context)

    return react


async def run(told: dict[str, Any]) -> None:
    """One life of the replica."""
    database = Database(**told["database"])
    if told.get("crash") in POINTS:
        owner, name = POINTS[told["crash"]]
        setattr(owner, name, crash)
    reaction: Reaction = slow_effect if told.get("slow") else apply_effect
    if told.get("killer"):
        reaction = kills(UUID(told["killer"]))
    reactions: dict[type[Message], Reaction] = {IssueWithdrawn: reaction} if database.service == "volunteers" else {}
    numbers = slower(handlers=2, handlers_in_all=2) if told.get("slow") else slower()
    if told.get("killer"):
        numbers = slower(retries=RetrySchedule(suspicious_from=2))
    service = new_service(database, told["nats_url"], reactions=reactions, numbers=numbers)
    service.messaging.broker._fatal = crash
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await service.messaging.start()
    print("ready", flush=True)
    for aggregate in told.get("publish", []):
        if told.get("crash") == "before-commit":
            async with service.unit_of_work(told["community"], correlation_id="crash") as uow:
                await uow.publish(withdrawn(UUID(aggregate)))
                await uow.finish(None)
                crash()
        await service.publish(withdrawn(UUID(aggregate)), community=told["community"])
    print("published", flush=True)
    await stop.wait()
    await service.stop()
    print("stopped", flush=True)


if __name__ == "__main__":
    asyncio.run(run(json.loads(sys.argv[1])))
