"""The receiving process of the latency benchmark: notes when each message enters its handler, prints it all at the end.

`python -m bench.listener ours|raw MESSAGES APP_URL RELAY_URL NATS_URL`; says "ready" when it listens and ends when it has them all.
"""

import asyncio
import json
import sys
import time
from typing import Any

import nats
from nats.aio.msg import Msg
from nats.js.api import DeliverPolicy

from bench.ground import COMMUNITY, member
from shared.contracts.issues import IssueWithdrawn
from shared.messaging import Consumers, MessageContext

RAW_STREAM, RAW_SUBJECT = "EVENTS", f"events.{COMMUNITY}.event_published.v1"
"""Settings as those of ISSUES, and nobody else listens."""
PATIENCE = 20.0
"""Seconds after which the listener stops waiting for what is missing."""


async def listen_as_a_service(messages: int, app_url: str, relay_url: str, nats_url: str) -> dict[str, int]:
    """A service with one handler that does nothing but look at the clock."""
    entered: dict[str, int] = {}
    consumers = Consumers("volunteers")

    @consumers.consumes(IssueWithdrawn)
    async def note_the_time(message: IssueWithdrawn, _: MessageContext[Any]) -> None:
        """The moment in which business code would begin."""
        entered[str(message.issue_id)] = time.monotonic_ns()

    volunteers = member("volunteers", app_url, relay_url, nats_url, consumers)
    async with volunteers.messaging:
        await _until_complete(entered, messages)
    await volunteers.pool.close()
    return entered


async def listen_raw(messages: int, nats_url: str) -> dict[str, int]:
    """The client library alone: a push consumer that acknowledges."""
    entered: dict[str, int] = {}
    client = await nats.connect(nats_url)

    async def note_the_time(message: Msg) -> None:
        entered[message.data[:36].decode()] = time.monotonic_ns()
        await message.ack()

    await client.jetstream().subscribe(
        RAW_SUBJECT, stream=RAW_STREAM, cb=note_the_time, manual_ack=True, deliver_policy=DeliverPolicy.NEW
    )
    await _until_complete(entered, messages)
    await client.close()
    return entered


async def _until_complete(entered: dict[str, int], messages: int) -> None:
    print("ready", flush=True)
    patience = 0.0
    while len(entered) < messages and patience < PATIENCE:
        before = len(entered)
        await asyncio.sleep(0.1)
        patience = 0.0 if before == 0 or len(entered) > before else patience + 0.1


def main() -> None:
    """Listen, then print `{id: nanoseconds}` of the machine's monotonic clock."""
    kind, messages, app_url, relay_url, nats_url = sys.argv[1:]
    if kind == "ours":
        work = listen_as_a_service(int(messages), app_url, relay_url, nats_url)
    else:
        work = listen_raw(int(messages), nats_url)
    print(json.dumps(asyncio.run(work)), flush=True)


if __name__ == "__main__":
    import uvloop

    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    main()
