"""The real service in this process, on real PostgreSQL and NATS, and people who call it."""

import base64
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fastapi import FastAPI

from services.volunteers.main import build
from services.volunteers.settings import VolunteersSettings
from services.volunteers.storage.unit_of_work import PostgresVolunteersUnitOfWork, VolunteersUnitOfWorkFactory
from services.volunteers.tests.builders import a_wish_body
from services.volunteers.use_cases.open_community import OpenCommunity, open_community
from services.volunteers.use_cases.register_member import RegisterMember, register_member
from shared.clock import Clock, SystemClock
from shared.database.engine import Database as Pool
from shared.database.engine import PoolSettings
from shared.ids import new_id
from shared.principal import Role
from shared.security.sealing import seal_of
from shared.testing.client import Answer, Client
from shared.testing.databases import Database
from shared.testing.principals import COMMUNITY, a_principal, headers_of, public_pem

DATA_KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()


def settings_for(database: Database, nats_of: Callable[[str], str]) -> VolunteersSettings:
    """Settings of a service on test servers."""
    return VolunteersSettings(
        service="volunteers",
        database_url=database.app_url,
        relay_database_url=database.relay_url,
        nats_url=nats_of("volunteers"),
        principal_public_key=public_pem(),
        data_key=DATA_KEY,
    )


def an_app_never_started() -> FastAPI:
    """For reading its OpenAPI document and its routes."""
    nowhere = "postgresql+asyncpg://nobody@127.0.0.1:1/none"
    return build(
        VolunteersSettings(
            service="volunteers",
            database_url=nowhere,
            relay_database_url=nowhere,
            nats_url="nats://127.0.0.1:1",
            principal_public_key=public_pem(),
            data_key=DATA_KEY,
        )
    )


@dataclass(slots=True)
class Neighbour:
    """Somebody who calls the service."""

    client: Client
    roles: tuple[Role, ...]
    person: UUID = field(default_factory=new_id)
    community: str = COMMUNITY

    @property
    def base(self) -> str:
        """Where the resources of the community lie."""
        return f"/api/v1/communities/{self.community}"

    def headers(self, **more: str) -> dict[str, str]:
        """What the gateway would send."""
        principal = a_principal(*self.roles, person=self.person, community=self.community)
        return {**headers_of(principal, service="volunteers"), **more}

    async def get(self, path: str, **params: Any) -> Answer:
        """GET below the community."""
        return await self.client.get(self.base + path, headers=self.headers(), params=params)

    async def post(self, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        """POST below the community."""
        return await self.client.post(self.base + path, json=body, headers=self.headers(**(headers or {})))

    async def wishes(self, **changes: Any) -> str:
        """Submit a wish; returns its id."""
        answer = await self.post("/wishes", a_wish_body(**changes))
        assert answer.status == 201, answer.body
        return str(answer.json()["id"])

    async def points(self) -> dict[str, Any]:
        """My account."""
        found: dict[str, Any] = (await self.get("/points/me")).json()
        return found


@dataclass(slots=True)
class Stores:
    """Units of work on a test database, without HTTP and messages."""

    pool: Pool
    factory: VolunteersUnitOfWorkFactory

    def __call__(self, community: str = COMMUNITY) -> PostgresVolunteersUnitOfWork:
        """A unit of work."""
        return self.factory(community, correlation_id="test")

    async def open(self, community: str = COMMUNITY) -> None:
        """Open a community with its ledger and rules."""
        clock: Clock = self.factory.clock
        await open_community(OpenCommunity(clock.now()), self(community))

    async def enrol(self, person: UUID, role: Role = Role.RESIDENT, community: str = COMMUNITY) -> UUID:
        """Make somebody a member; returns the membership."""
        membership = new_id()
        await register_member(RegisterMember(membership, person, None, role), self(community))
        return membership


@asynccontextmanager
async def stores_on(database: Database, clock: Clock | None = None, *, size: int = 8) -> AsyncIterator[Stores]:
    """Units of work on this database; closed at the end."""
    pool = Pool(database.app_url, application="volunteers-tests", pool=PoolSettings(size=size))
    try:
        yield Stores(pool, VolunteersUnitOfWorkFactory(pool, seal=seal_of(DATA_KEY), clock=clock or SystemClock()))
    finally:
        await pool.close()


@asynccontextmanager
async def running(settings: VolunteersSettings, clock: Clock | None = None) -> AsyncIterator[Client]:
    """Start the service, stop it at the end."""
    async with Client(build(settings, clock)) as client:
        yield client
