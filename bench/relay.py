"""How fast a backlog leaves the outbox, beside `publish_async` with message ids into a stream of the same settings."""

import asyncio
import time

import asyncpg
import nats
from nats.js.api import PubAck

from bench.ground import COMMUNITY, Ground, member
from bench.rounds import Ratio, alternate
from shared.ids import new_id

BACKLOG = 5_000
WINDOW = 500

WAITING = "SELECT EXISTS (SELECT FROM outbox WHERE published_at IS NULL)"

FILL = """
WITH fresh AS (SELECT gen_random_uuid() AS id, gen_random_uuid() AS aggregate FROM generate_series(1, $1::int))
INSERT INTO outbox (id, community, aggregate_id, aggregate_version, type, stream, subject, data, occurred_at)
SELECT id, $2, aggregate, 1, 'issues.issue_withdrawn.v1', 'ISSUES', 'issues.' || $2 || '.issue_withdrawn.v1',
       jsonb_build_object('issue_id', aggregate, 'number', 'FCC-2026-000001', 'category', 'street_lamp',
                          'withdrawn_by', aggregate), now()
FROM fresh
"""


async def relay_of_a_backlog(ground: Ground, rounds: int) -> Ratio:
    """Messages per second of the relay and of the client library alone, in turn."""
    admin = await asyncpg.connect(ground.publisher.plain(ground.publisher.superuser_url))
    client = await nats.connect(ground.nats.url("admin"))
    try:

        async def ours() -> float:
            await admin.execute(FILL, BACKLOG, COMMUNITY)
            issues = member("issues", ground.publisher.app_url, ground.publisher.relay_url, ground.nats.url("issues"))
            started = time.perf_counter()
            async with issues.messaging:
                while await admin.fetchval(WAITING):  # noqa: ASYNC110 - another connection does the work
                    await asyncio.sleep(0.01)
                seconds = time.perf_counter() - started
            await issues.pool.close()
            return BACKLOG / seconds

        async def limit() -> float:
            stream, body = client.jetstream(publish_async_max_pending=WINDOW), b"x" * 450
            started = time.perf_counter()
            waiting: list[asyncio.Future[PubAck]] = []
            for _ in range(BACKLOG):
                headers = {"Nats-Msg-Id": str(new_id())}
                subject = f"events.{COMMUNITY}.event_published.v1"
                waiting.append(await stream.publish_async(subject, body, headers=headers))
            await asyncio.gather(*waiting)
            return BACKLOG / (time.perf_counter() - started)

        measured = await alternate(ours, limit, rounds)
        return Ratio("relay of a backlog", "publish_async with message ids", *measured, floor=0.5, goal=0.8)
    finally:
        await client.close()
        await admin.close()
