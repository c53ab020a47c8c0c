"""The real service in this process, on real PostgreSQL and NATS, and neighbours who call it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from services.events.main import build
from services.events.settings import EventsSettings
from services.events.tests.builders import a_draft_body
from shared.clock import Clock
from shared.principal import Role
from shared.testing.client import Answer, Client
from shared.testing.databases import Database
from shared.testing.principals import COMMUNITY, a_principal, headers_of, public_pem

EVENTS = f"/api/v1/communities/{COMMUNITY}/events"


def settings_for(database: Database, nats_of: Callable[[str], str]) -> EventsSettings:
    """Settings of a service on test servers."""
    return EventsSettings(
        service="events",
        database_url=database.app_url,
        relay_database_url=database.relay_url,
        nats_url=nats_of("events"),
        principal_public_key=public_pem(),
    )


@dataclass(slots=True)
class Neighbour:
    """Somebody who calls the service."""

    client: Client
    roles: tuple[Role, ...]
    person: UUID
    community: str = COMMUNITY

    def headers(self, **more: str) -> dict[str, str]:
        """What the gateway would send."""
        principal = a_principal(*self.roles, person=self.person, community=self.community)
        return {**headers_of(principal, service="events"), **more}

    async def get(self, path: str = "", *, events: str = EVENTS, **params: Any) -> Answer:
        """GET below …/events."""
        return await self.client.get(events + path, headers=self.headers(), params=params)

    async def post(self, path: str = "", body: Any = None, *, events: str = EVENTS, **headers: str) -> Answer:
        """POST below …/events."""
        return await self.client.post(events + path, json=body, headers=self.headers(**headers))

    async def patch(self, path: str, body: Any, **headers: str) -> Answer:
        """PATCH below …/events."""
        return await self.client.patch(EVENTS + path, json=body, headers=self.headers(**headers))

    async def publishes(self, **changes: Any) -> str:
        """Draft and publish an event; returns its id."""
        drafted = await self.post("", a_draft_body(**changes))
        assert drafted.status == 201, drafted.body
        event_id = str(drafted.json()["id"])
        published = await self.post(f"/{event_id}/publish")
        assert published.status == 200, published.body
        return event_id

    async def publishes_for_now(self, **changes: Any) -> str:
        """As `publishes`, but it starts in an hour: households can still sign up, and arrivals count already."""
        soon = datetime.now(UTC) + timedelta(hours=1)
        times = {"starts_at": soon.isoformat(), "ends_at": (soon + timedelta(hours=2)).isoformat()}
        return await self.publishes(**{**times, **changes})

    async def registers(self, event_id: str, persons: int = 2, **more: Any) -> Answer:
        """Sign up."""
        return await self.post(f"/{event_id}/registrations", {"persons": persons, **more})


@asynccontextmanager
async def running(settings: EventsSettings, clock: Clock | None = None) -> AsyncIterator[Client]:
    """Start the service, stop it at the end."""
    async with Client(build(settings, clock)) as client:
        yield client
