"""A partner unit subscribes by web hook and by NATS, and receives what it subscribed to, signed, and nothing else."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import nats
from aiohttp import web
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.errors import TimeoutError as NatsTimeoutError
from standardwebhooks import Webhook

from deploy.demo.client import Person, check, seen
from deploy.demo.telling import Teller

TYPES = ["issues.issue_assigned.v1", "issues.issue_resolved.v1"]


class Receiver:
    """The partner's own server: takes web hooks, refuses what is not signed with its secret."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.secret = ""
        self.received: list[dict[str, Any]] = []
        self.refused = 0

    @property
    def url(self) -> str:
        """Where the platform delivers to."""
        return f"http://{self.host}:{self.port}/mulin"

    async def take(self, request: web.Request) -> web.Response:
        """Verify by the Standard Webhooks library and keep."""
        body = await request.read()
        try:
            Webhook(self.secret).verify(body, dict(request.headers))
        except Exception:  # the library raises several kinds, each means: not from the platform
            self.refused += 1
            return web.Response(status=401)
        self.received.append(json.loads(body))
        return web.Response(status=204)


@asynccontextmanager
async def receiving(host: str, port: int) -> AsyncIterator[Receiver]:
    """The partner's server, for the length of the block."""
    receiver = Receiver(host, port)
    app = web.Application()
    app.router.add_post("/mulin", receiver.take)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "0.0.0.0" if host != "127.0.0.1" else host, port).start()  # noqa: S104
        yield receiver
    finally:
        await runner.cleanup()


class Subscriptions:
    """The partner's two subscriptions."""

    def __init__(self, partner: Person, receiver: Receiver, nats_address: str) -> None:
        self._partner, self._receiver, self._nats = partner, receiver, nats_address
        self._by_hook: dict[str, Any] = {}
        self._by_nats: dict[str, Any] = {}

    async def make(self, teller: Teller) -> None:
        """Subscribe by both ways."""
        partner = self._partner
        teller.chapter("零、共建单位订阅消息", "A partner unit subscribes")
        wanted = {"types": TYPES}
        self._by_hook = await partner.post(
            "/subscriptions",
            {"name": "演示回调", "channel": "webhook", "url": self._receiver.url, "filters": wanted},
        )
        self._receiver.secret = self._by_hook["secret"]
        self._by_nats = await partner.post(
            "/subscriptions", {"name": "演示消息流", "channel": "nats", "filters": wanted}
        )
        listed = {one["id"] for one in (await partner.get("/subscriptions?limit=100"))["items"]}
        check({self._by_hook["id"], self._by_nats["id"]} <= listed, "the subscriptions are not there")
        check("secret" not in str(await partner.get(f"/subscriptions/{self._by_hook['id']}")).replace(
            "old_secret_valid_until", ""), "the secret is shown a second time")  # fmt: skip
        teller.step(
            partner.name_zh,
            partner.name_en,
            "订阅诉求的派单与办结：网络回调一条、NATS 一条，密钥各显示一次",
            "subscribes to assigned and resolved issues by web hook and by NATS; each secret is shown once",
        )

    async def verify(self, issue_id: str, teller: Teller) -> None:
        """Everything came, by both ways, and nothing else did."""
        partner, receiver = self._partner, self._receiver
        teller.chapter("七、共建单位收到消息", "What the partner unit received")

        async def hooked() -> list[dict[str, Any]] | None:
            mine = [one for one in receiver.received if one["subject"] == issue_id]
            return mine if len(mine) >= len(TYPES) else None

        messages = await seen(hooked, "two web hooks")
        self._check_messages(messages, receiver.received)
        check(receiver.refused == 0, "a delivery was not signed with our secret")
        deliveries = (await partner.get(f"/subscriptions/{self._by_hook['id']}/deliveries"))["items"]
        check(
            len([one for one in deliveries if one["state"] == "delivered"]) >= len(TYPES), "the log shows no delivery"
        )
        teller.step(
            partner.name_zh,
            partner.name_en,
            f"网络回调收到 {len(receiver.received)} 条，签名有效，序号连续",
            f"received {len(receiver.received)} web hooks, signatures valid, numbers without a gap",
        )
        pulled = await self._pull(issue_id)
        teller.step(
            partner.name_zh,
            partner.name_en,
            f"用自己的 NATS 凭据拉到 {pulled} 条；查看别的流、别的主题都被拒绝",
            f"pulled {pulled} messages with its own NATS credentials; other streams and subjects are refused",
        )

    async def remove(self) -> None:
        """Leave nothing behind."""
        for subscription in (self._by_hook, self._by_nats):
            if subscription:
                await self._partner.delete(f"/subscriptions/{subscription['id']}")

    async def _pull(self, issue_id: str) -> int:
        access, errors = self._by_nats["nats"], list[Exception]()

        async def note(error: Exception) -> None:
            errors.append(error)

        client = await nats.connect(
            self._nats, user=access["user"], password=self._by_nats["secret"], inbox_prefix=access["inbox_prefix"].encode(),
            error_cb=note, allow_reconnect=False,
        )  # fmt: skip
        try:
            subscription = await client.jetstream().pull_subscribe_bind(access["consumer"], stream=access["stream"])
            messages: list[dict[str, Any]] = []

            async def enough() -> bool:
                with suppress(NatsTimeoutError, TimeoutError):
                    for message in await subscription.fetch(10, timeout=1):
                        messages.append(json.loads(message.data))
                        await message.ack()
                return len([one for one in messages if one["subject"] == issue_id]) >= len(TYPES)

            await seen(enough, "two messages on NATS")
            self._check_messages([one for one in messages if one["subject"] == issue_id], messages)
            await self._try_what_is_forbidden(client, errors)
            return len(messages)
        finally:
            await client.close()

    def _check_messages(self, mine: list[dict[str, Any]], everything: list[dict[str, Any]]) -> None:
        wanted = {f"cn.mulin.{name}" for name in TYPES}
        check({one["type"] for one in mine} == wanted, f"not what was subscribed to: {mine}")
        check(all(one["type"] in wanted for one in everything), "something came that nobody subscribed to")
        numbers = sorted(int(one["sequence"]) for one in everything)
        check(numbers == list(range(1, len(numbers) + 1)), f"the numbers have a gap: {numbers}")

    async def _try_what_is_forbidden(self, client: Client, errors: list[Exception]) -> None:
        before = len(errors)
        listener = await client.subscribe("issues.>")
        await client.flush()

        async def refused() -> bool:
            return len(errors) > before

        await seen(refused, "the refusal of a foreign subject")
        with suppress(NatsError):
            await listener.unsubscribe()
        try:
            await client.request("$JS.API.STREAM.NAMES", b"", timeout=1)
        except (TimeoutError, NatsTimeoutError, NatsError):
            return
        check(False, "the partner could list the streams")
