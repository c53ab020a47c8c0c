"""合作单位用自己的 NATS 凭证拉取消息的示例（pip install nats-py）。 A partner pulls its messages from NATS.

    MULIN_NATS=nats://host:4222 MULIN_USER=partner-… MULIN_SECRET=… python puller.py

凭证只能拉取并确认自己的消费者。处理完再确认；断线后重新连接，从未确认的第一条继续。
The credentials can pull from one consumer and acknowledge, nothing else. Acknowledge when done; after a break it goes on
with the first message that was not acknowledged.
"""

import asyncio
import json
import os

import nats
import nats.errors

STREAM = "PARTNERS"


async def pull(user: str, secret: str, server: str) -> None:
    """Pull until the connection ends; the server ends it at least once a day and after a rotation of the secret."""
    client = await nats.connect(
        server, user=user, password=secret, inbox_prefix=f"_INBOX_{user}", allow_reconnect=False, error_cb=report
    )
    try:
        subscription = await client.jetstream().pull_subscribe_bind(user, STREAM)
        while not client.is_closed:
            try:
                messages = await subscription.fetch(50, timeout=5)
            except nats.errors.TimeoutError:
                continue
            for message in messages:
                event = json.loads(message.data)
                data = json.dumps(event["data"], ensure_ascii=False)
                print(event["sequence"], event["type"], data, flush=True)
                await message.ack()
    finally:
        await client.close()


async def report(error: Exception) -> None:
    """A refused request is only a time-out for its caller; the reason arrives here."""
    print(f"NATS: {error}", flush=True)


async def main() -> None:
    """Pull for ever."""
    while True:
        try:
            await pull(os.environ["MULIN_USER"], os.environ["MULIN_SECRET"], os.environ["MULIN_NATS"])
        except (nats.errors.Error, OSError) as error:
            print(f"连接中断，重试 connection lost, trying again: {error}", flush=True)
        await asyncio.sleep(1)


if __name__ == "__main__":
    asyncio.run(main())
