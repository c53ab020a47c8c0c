"""The real service in this process on real servers, the other services as publishers, partners as receivers."""

import asyncio
import base64
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import nats
from aiohttp import web
from nats.aio.client import Client as NatsClient

from services.notify.domain.retry import RetrySchedule
from services.notify.main import build
from services.notify.settings import NotifySettings
from shared.clock import Clock
from shared.contracts.message import Message
from shared.ids import new_id
from shared.messaging.envelope import compose
from shared.principal import Role
from shared.testing.client import Answer, Client
from shared.testing.databases import Database
from shared.testing.principals import COMMUNITY, a_principal, headers_of, public_pem
from shared.testing.servers import Nats

HOME = f"/api/v1/communities/{COMMUNITY}"
KEY = base64.b64encode(bytes(range(32))).decode()
IMPATIENT = RetrySchedule(tuple(timedelta(seconds=s) for s in (0, 0.05, 0.1, 0.1, 0.2)), lambda: 0.5)
"""The schedule of the specification, in the time that a test has."""
PATIENT_SECONDS = 30.0


def settings_for(database: Database, server: Nats, allowed_hosts: frozenset[str] = frozenset()) -> NotifySettings:
    """Settings of the service on test servers."""
    return NotifySettings(
        service="notify",
        database_url=database.app_url,
        relay_database_url=database.relay_url,
        nats_url=server.url("notify"),
        principal_public_key=public_pem(),
        data_key=KEY,
        nats_issuer_seed=server.issuer.seed,
        webhook_allowed_hosts=allowed_hosts,
    )


@asynccontextmanager
async def running(
    settings: NotifySettings, schedule: RetrySchedule = IMPATIENT, clock: Clock | None = None
) -> AsyncIterator[Client]:
    """Start the service, stop it at the end."""
    async with Client(build(settings, clock, schedule)) as client:
        yield client


@dataclass(slots=True)
class Caller:
    """Somebody who calls the service."""

    client: Client
    roles: tuple[Role, ...] = ()
    person: UUID = field(default_factory=new_id)
    organisation: UUID | None = None
    community: str = COMMUNITY

    def headers(self, **more: str) -> dict[str, str]:
        """What the gateway would send."""
        principal = a_principal(
            *self.roles, person=self.person, community=self.community, organisation=self.organisation
        )
        return {**headers_of(principal, service="notify"), **more}

    async def get(self, path: str, **params: Any) -> Answer:
        """GET below the community."""
        return await self.client.get(HOME + path, headers=self.headers(), params=params)

    async def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        """POST below the community."""
        return await self.client.post(HOME + path, json=body, headers=self.headers(**headers))

    async def delete(self, path: str, **headers: str) -> Answer:
        """DELETE below the community."""
        return await self.client.delete(HOME + path, headers=self.headers(**headers))

    async def inbox(self, **params: Any) -> list[dict[str, Any]]:
        """Own notifications, newest first."""
        answer = await self.get("/notifications", **params)
        assert answer.status == 200, answer.body
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def subscribes(
        self, url: str | None = None, channel: str = "webhook", **filters: list[str]
    ) -> dict[str, Any]:
        """Create a subscription; returns it with its secret."""
        body: dict[str, Any] = {"name": "测试订阅", "channel": channel, "filters": filters}
        if url is not None:
            body["url"] = url
        answer = await self.post("/subscriptions", body)
        assert answer.status == 201, answer.body
        made: dict[str, Any] = answer.json()
        return made


class Town:
    """The other services: publishes their facts as their relays would, with ids and versions."""

    def __init__(self, client: NatsClient) -> None:
        self._client = client
        self._versions: Counter[UUID] = Counter()

    async def says(self, message: Message, community: str = COMMUNITY) -> UUID:
        """Publish a fact; returns its message id."""
        self._versions[message.aggregate_id] += 1
        return await self.repeats(message, new_id(), self._versions[message.aggregate_id], community)

    async def repeats(self, message: Message, message_id: UUID, version: int, community: str = COMMUNITY) -> UUID:
        """Publish with a given id and version, without the server's own protection against doubles."""
        body = compose(
            id=message_id,
            message_type=message.message_type,
            community=community,
            aggregate_id=message.aggregate_id,
            aggregate_version=version,
            time=datetime.now(UTC),
            data=message.model_dump_json().encode(),
            correlation_id=None,
            causation_id=None,
        )
        stream = message.publisher.upper()
        await self._client.jetstream().publish(message.subject(community), body, stream=stream)
        return message_id


@asynccontextmanager
async def the_town(server: Nats) -> AsyncIterator[Town]:
    """Connect as the all-powerful test user."""
    client = await nats.connect(server.url("admin"))
    try:
        yield Town(client)
    finally:
        await client.close()


@dataclass(slots=True)
class Call:
    """One request that a receiver got."""

    headers: dict[str, str]
    body: bytes
    answered: int

    @property
    def id(self) -> str:
        """The webhook-id."""
        return self.headers["webhook-id"]

    @property
    def document(self) -> dict[str, Any]:
        """The CloudEvents document."""
        document: dict[str, Any] = json.loads(self.body)
        return document

    @property
    def sequence(self) -> int:
        """Its number in the subscription."""
        return int(self.document["sequence"])


Answering = Callable[[int, web.Request], Awaitable[web.Response]]


async def always_ok(_: int, __: web.Request) -> web.Response:
    """A sound receiver."""
    return web.Response(status=204)


class Receiver:
    """A partner's web hook on this machine. `answer(n, request)` says what the n-th call gets."""

    def __init__(self, answer: Answering = always_ok) -> None:
        self.answer = answer
        self.calls: list[Call] = []
        self.port = 0
        self._count = 0

    @property
    def host(self) -> str:
        """For MULIN_WEBHOOK_ALLOWED_HOSTS."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{self.host}/hook"

    @property
    def delivered(self) -> list[Call]:
        """Calls that were answered with 2xx."""
        return [call for call in self.calls if 200 <= call.answered < 300]

    async def handle(self, request: web.Request) -> web.Response:
        """One call."""
        self._count += 1
        body = await request.read()
        response = await self.answer(self._count, request)
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.calls.append(Call(headers, body, response.status))
        return response


@asynccontextmanager
async def receiving(answer: Answering = always_ok) -> AsyncIterator[Receiver]:
    """Run a receiver on a free port."""
    receiver = Receiver(answer)
    app = web.Application()
    app.router.add_post("/hook", receiver.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver.port = runner.addresses[0][1]
    try:
        yield receiver
    finally:
        await runner.cleanup()


async def until(true: Callable[[], Any], seconds: float = PATIENT_SECONDS) -> Any:
    """Ask again and again; `true` may be a coroutine function. Returns what was true."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while True:
        found = true()
        if asyncio.iscoroutine(found):
            found = await found
        if found:
            return found
        if loop.time() > deadline:
            raise AssertionError(f"not true within {seconds:g} s")
        await asyncio.sleep(0.02)
