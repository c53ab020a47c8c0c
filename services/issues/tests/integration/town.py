"""A community for one test: its own key, the gateway's facts told to it, and people who call the service over HTTP."""

import base64
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg
from fastapi import FastAPI

from services.issues.consumers import (
    give_a_new_community_its_categories,
    remember_a_building,
    remember_a_compound,
    remember_a_grid,
    remember_a_membership,
    remember_an_organisation,
)
from services.issues.main import build
from services.issues.settings import IssuesSettings
from services.issues.tests.builders import (
    BUILDING,
    COMPOUND,
    GRID,
    GRID_WORKER,
    NOW,
    OTHER_GRID,
    PEOPLE,
    PROPERTY,
    UNIT,
)
from shared.clock import FrozenClock
from shared.contracts.gateway import (
    BuildingAdded,
    CommunityCreated,
    CompoundAdded,
    GridDrawn,
    MembershipGranted,
    OrganisationRegistered,
)
from shared.contracts.message import Message
from shared.ids import new_id
from shared.messaging import MessageContext
from shared.messaging.envelope import Envelope
from shared.principal import Principal
from shared.testing.bad_input import RouteCase, good_bodies_of
from shared.testing.client import Answer, Client
from shared.testing.databases import Database
from shared.testing.principals import headers_of, public_pem

NOWHERE = "/dev/null/photos"
"""Where no photo can be written."""
DATA_KEY = base64.b64encode(bytes(range(32))).decode()
DEADLINE = (NOW + timedelta(days=3)).isoformat()


def app_on(
    database: Database, clock: FrozenClock | None = None, nats_url: str = "nats://127.0.0.1:1", photos: str = NOWHERE
) -> FastAPI:
    """The service on this database. Its lifespan (relay, consumers) runs only inside `async with Client(app)`."""
    settings = IssuesSettings(
        service="issues",
        database_url=database.app_url,
        relay_database_url=database.relay_url,
        nats_url=nats_url,
        principal_public_key=public_pem(),
        data_key=DATA_KEY,
        photos=photos,
    )
    return build(settings, clock)


class Town:
    """One community of the service under test."""

    def __init__(self, app: FastAPI, database: Database, clock: FrozenClock) -> None:
        self.app = app
        self.database = database
        self.clock = clock
        self.community = f"town-{new_id().hex[-12:]}"
        self.client = Client(app)

    async def tell(self, handler: Any, message: Message) -> None:
        """Give one of the gateway's facts to its consumer."""
        envelope = Envelope(
            new_id(), message.message_type, self.community, message.aggregate_id, 1, NOW, message.model_dump()
        )
        uow = self.app.state.unit_of_work(self.community, correlation_id="test")
        await handler(message, MessageContext(uow, envelope))

    async def found(self) -> None:
        """Tell it everything a community starts with."""
        await self.tell(
            give_a_new_community_its_categories,
            CommunityCreated(
                community_id=new_id(),
                community=self.community,
                code="FCC",
                name="翡翠城社区",
                template="standard",
                households=5196,
                residents=8225,
                figures_as_of=date(2023, 12, 31),
            ),
        )
        for organisation, kind, name in ((PROPERTY, "property", "翡翠物业"), (UNIT, "unit", "水集供电所")):
            await self.tell(
                remember_an_organisation, OrganisationRegistered(organisation_id=organisation, kind=kind, name=name)
            )
        await self.tell(remember_a_compound, CompoundAdded(compound_id=COMPOUND, name="翡翠城"))
        for grid, name in ((GRID, "第一网格"), (OTHER_GRID, "第二网格")):
            await self.tell(remember_a_grid, GridDrawn(grid_id=grid, name=name, worker_id=GRID_WORKER.person))
        await self.tell(
            remember_a_building,
            BuildingAdded(building_id=BUILDING, compound_id=COMPOUND, grid_id=GRID, name="12号楼"),
        )
        for who in PEOPLE:
            for grant in who.grants:
                await self.tell(
                    remember_a_membership,
                    MembershipGranted(
                        membership_id=new_id(),
                        person_id=who.person,
                        organisation_id=grant.organisation,
                        role=grant.role,
                    ),
                )

    async def ring(self) -> int:
        """Let every timer ring that is due by now; returns how many."""
        rung: int = await self.app.state.timers.sweep()
        return rung

    def path(self, path: str) -> str:
        """The full path of a resource of this community."""
        return f"/api/v1/communities/{self.community}{path}"

    def headers(self, who: Principal, key: str | None = None) -> dict[str, str]:
        """What the gateway would send for this person here."""
        return headers_of(replace(who, community=self.community), service="issues", key=key)

    async def post(
        self, path: str, who: Principal, body: Any = None, *, key: str | None = None, **headers: str
    ) -> Answer:
        """POST as this person. `if_match="1"` becomes the header If-Match."""
        more = {
            name.replace("_", "-"): f'"{value}"' if name == "if_match" else value for name, value in headers.items()
        }
        return await self.client.post(
            self.path(path), json={} if body is None else body, headers={**self.headers(who, key), **more}
        )

    async def get(self, path: str, who: Principal, **params: Any) -> Answer:
        """GET as this person."""
        return await self.client.get(self.path(path), params=params, headers=self.headers(who))

    async def client_get(self, link: str, who: Principal) -> Answer:
        """GET a link that an answer gave."""
        return await self.client.get(link, headers=self.headers(who))

    async def report(self, who: Principal, text: str = "12号楼北侧路灯不亮", **more: Any) -> Any:
        """A reported issue."""
        body = {"category": "street_light", "place": {"building_id": str(BUILDING)}, "text": text, **more}
        return done(await self.post("/issues", who, body), 201)

    async def accepted(self, reporter: Principal, officer: Principal, **more: Any) -> Any:
        """An accepted issue."""
        issue = await self.report(reporter, **more)
        return done(await self.post(f"/issues/{issue['id']}/accept", officer, {"tier": "general"}))

    async def meeting(
        self, who: Principal, *, days: int = 1, kind: str = "roundtable", participants: Sequence[Any] = ()
    ) -> Any:
        """A convened meeting."""
        body = {
            "kind": kind,
            "starts_at": (self.clock.now() + timedelta(days=days)).isoformat(),
            "place": "社区会议室",
            "participants": list(participants),
        }
        return done(await self.post("/meetings", who, body), 201)

    async def rows(self, sql: str, *arguments: object) -> Any:
        """Look into the database past every wall."""
        connection = await asyncpg.connect(self.database.plain(self.database.superuser_url))
        try:
            return await connection.fetch(sql, *arguments)
        finally:
            await connection.close()

    async def published(self, aggregate_id: str | UUID | None = None) -> list[str]:
        """Facts that this community's outbox holds, in order."""
        rows = await self.rows(
            "SELECT type FROM outbox WHERE community = $1 AND ($2::uuid IS NULL OR aggregate_id = $2) ORDER BY position",
            self.community,
            UUID(str(aggregate_id)) if aggregate_id else None,
        )
        return [row["type"].split(".")[1] for row in rows]


async def call(town: Town, route: str, who: Principal | None, *, if_match: str = "*", **known: str) -> Answer:
    """Call a route with a valid body and ids that exist nowhere unless given."""
    method, template = route.split(" ", 1)
    bodies = [case for case in good_bodies_of(town.app.openapi()) if f"{case.method} {case.template}" == route]
    case = bodies[0] if bodies else None
    known = {"position": "1", **known}
    path = RouteCase(method, template, case.body if case else None).path(community=town.community, **known)  # type: ignore[arg-type]
    headers = headers_of(who, service="issues") if who else {}
    content = case.content if case else None
    return await town.client.request(
        method, path, content=content, headers={"content-type": "application/json", "if-match": if_match, **headers}
    )


def done(answer: Answer, status: int = 200) -> Any:
    """The body of an answer that must have succeeded."""
    assert answer.status == status, (answer.status, answer.body.decode())
    return answer.json()


def refused(answer: Answer, status: int, slug: str) -> Answer:
    """An answer that must be this refusal."""
    assert (answer.status, answer.slug) == (status, slug), (answer.status, answer.body.decode())
    return answer


def without_instance(answer: Answer) -> dict[str, Any]:
    """A problem without the request id: what two refusals must share to look the same."""
    return {key: value for key, value in answer.json().items() if key != "instance"}
