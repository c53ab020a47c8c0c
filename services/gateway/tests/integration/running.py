"""The real gateway in this process, on real PostgreSQL and NATS, and people who call it."""

import base64
import string
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from secrets import choice
from typing import Any

from services.gateway.main import build
from services.gateway.settings import GatewaySettings
from services.gateway.tests.builders import PASSWORD, a_community, a_person, a_subdistrict
from shared.clock import Clock
from shared.ids import new_id
from shared.testing.client import Answer, Client
from shared.testing.databases import Database
from shared.testing.principals import private_pem, public_pem

API = "/api/v1"
OPERATOR, OPERATOR_PASSWORD = "first-operator", "an-operator-of-the-test"


def settings_for(database: Database, nats_of: Callable[[str], str], **changes: Any) -> GatewaySettings:
    """Settings of a gateway on test servers, without services behind it unless a test names some."""
    settings = GatewaySettings(
        service="gateway",
        database_url=database.app_url,
        relay_database_url=database.relay_url,
        nats_url=nats_of("gateway"),
        principal_public_key=public_pem(),
        identity_database_url=database.identity_url,
        principal_private_key=private_pem(),
        data_key=base64.b64encode(bytes(range(32))).decode(),
        bootstrap_login=OPERATOR,
        bootstrap_password=OPERATOR_PASSWORD,
        logins_per_minute_of_address=10_000,
    )
    return replace(settings, **changes)


@asynccontextmanager
async def running(settings: GatewaySettings, clock: Clock | None = None) -> AsyncIterator[Client]:
    """Start the gateway, stop it at the end."""
    async with Client(build(settings, clock)) as client:
        yield client


@dataclass(slots=True)
class Somebody:
    """Somebody who calls the gateway: logged in with a token, or a stranger."""

    client: Client
    token: str | None = None
    id: str = ""

    def headers(self, **more: str) -> dict[str, str]:
        """The token, if there is one, and what is added (`if_match="…"`)."""
        shown = {"authorization": f"Bearer {self.token}"} if self.token else {}
        return {**shown, **{name.replace("_", "-"): value for name, value in more.items()}}

    async def get(self, path: str, **params: Any) -> Answer:
        """GET below /api/v1."""
        return await self.client.get(API + path, params=params, headers=self.headers())

    async def post(self, path: str, body: Any = None, *, key: str | None = None, **headers: str) -> Answer:
        """POST below /api/v1 with a new idempotency key."""
        given = self.headers(idempotency_key=key or str(new_id()), **headers)
        return await self.client.post(API + path, json=body, headers=given)

    async def put(self, path: str, body: Any) -> Answer:
        """PUT below /api/v1."""
        return await self.client.put(API + path, json=body, headers=self.headers())

    async def delete(self, path: str) -> Answer:
        """DELETE below /api/v1."""
        return await self.client.delete(API + path, headers=self.headers())

    async def made(self, path: str, body: Any) -> dict[str, Any]:
        """POST that must succeed; its answer."""
        answer = await self.post(path, body)
        assert answer.status == 201, answer.body.decode()
        result: dict[str, Any] = answer.json()
        return result


async def log_in(client: Client, login: str, password: str = PASSWORD) -> Somebody:
    """Somebody with a session."""
    answer = await client.post(API + "/sessions", json={"login": login, "password": password})
    assert answer.status == 201, answer.body.decode()
    body = answer.json()
    return Somebody(client, body["access_token"], body["person"]["id"])


@dataclass(slots=True)
class Town:
    """A community of its own for a test, with an operator who runs it."""

    client: Client
    operator: Somebody
    slug: str
    community: dict[str, Any]
    subdistrict: dict[str, Any]

    @property
    def path(self) -> str:
        """Below /api/v1."""
        return f"/communities/{self.slug}"

    async def somebody(self, *roles: str, organisation: str | None = None, **changes: Any) -> Somebody:
        """A new person with these roles here, logged in."""
        login = f"p{new_id().hex[-12:]}"
        body = a_person(login, *roles, **changes)
        if organisation:
            for role in body["roles"]:
                role["organisation_id"] = organisation
        await self.operator.made(f"{self.path}/persons", body)
        return await log_in(self.client, login)


async def a_town(client: Client, operator: Somebody, subdistrict: dict[str, Any] | None = None) -> Town:
    """A new community in a new subdistrict (or the one given)."""
    letters = "".join(choice(string.ascii_lowercase) for _ in range(10))
    subdistrict = subdistrict or await operator.made("/subdistricts", a_subdistrict(f"s{letters}"))
    body = a_community(subdistrict["id"], f"c{letters}", letters[:6].upper())
    community = await operator.made("/communities", body)
    return Town(client, operator, community["slug"], community, subdistrict)
