"""Seeds a fresh platform through the gateway's public API, as an office would: nothing here touches a database.

Safe to run again after an interruption: it looks at what is there and adds what is missing. Passwords are made once for an
installation and kept with its secrets before the account exists.
"""

import asyncio
import secrets
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import NAMESPACE_URL, uuid5

import aiohttp

from deploy.embedded.logins import DemoLogin
from deploy.embedded.seed_town import (
    COMMUNITIES,
    SUBDISTRICT,
    SUBDISTRICT_PERSONS,
    Community,
    Person,
    households_of,
)
from deploy.embedded.state import State

API = "/api/v1"
TEMPLATE = "urban_community"
WHOLE_SUBDISTRICT = "all"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike when read from a screen."""
ENOUGH_SECONDS = 30


class SeedRefused(Exception):
    """The gateway refused a step; the text says which and why."""


async def seed(gateway_url: str, state: Path, say: Callable[[str], None]) -> list[DemoLogin]:
    """Make 水集街道 with its communities and people; returns the demo logins, one or more for each role."""
    kept = State(state)
    operator = DemoLogin(
        role="operator",
        name_zh="系统运维",
        name_en="Operator",
        login=kept.secret("bootstrap_login"),
        password=kept.secret("bootstrap_password"),
        community="",
    )
    async with _Office(gateway_url, kept) as office:
        await office.log_in(operator.login, operator.password)
        subdistrict = await office.subdistrict()
        say(f"{SUBDISTRICT['name']} · {SUBDISTRICT['name_en']}")
        logins = await asyncio.gather(*(office.community(town, subdistrict, say) for town in COMMUNITIES))
        above = await office.persons(WHOLE_SUBDISTRICT, SUBDISTRICT_PERSONS, {}, {})
    return [*(login for town in logins for login in town), *above, operator]


class _Office:
    """Somebody who types it all in, quickly."""

    def __init__(self, gateway_url: str, state: State) -> None:
        self._state = state
        self._session = aiohttp.ClientSession(
            gateway_url, timeout=aiohttp.ClientTimeout(total=ENOUGH_SECONDS), headers={"Accept-Language": "en"}
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def log_in(self, login: str, password: str) -> None:
        """Everything after this is done as that person."""
        _, answer = await self._send("POST", "/sessions", {"login": login, "password": password})
        self._session.headers["Authorization"] = f"Bearer {answer['access_token']}"

    async def subdistrict(self) -> str:
        """Id of the subdistrict."""
        for known in await self._all("/subdistricts"):
            if known["slug"] == SUBDISTRICT["slug"]:
                return str(known["id"])
        _, made = await self._send("POST", "/subdistricts", SUBDISTRICT)
        return str(made["id"])

    async def community(self, town: Community, subdistrict: str, say: Callable[[str], None]) -> list[DemoLogin]:
        """A community with everything in it; returns its demo logins."""
        path = f"/communities/{town.slug}"
        await self._send("POST", "/communities", _community(town, subdistrict), but="community-exists")
        organisations = await self._named(
            f"{path}/organisations",
            [{"kind": kind, "name": name, "name_en": name_en} for kind, name, name_en in town.organisations],
        )
        compounds = await self._named(f"{path}/compounds", [{"name": name} for name in town.compounds])
        grids = await self._named(f"{path}/grids", [{"name": _grid(n)} for n in range(1, town.grids + 1)])
        buildings = await self._named(f"{path}/buildings", _buildings(town, compounds, grids))
        logins = await self.persons(town.slug, town.persons, organisations, grids)
        await self._settle(path, town, buildings, grids)
        figures = town.figures
        say(f"{town.name} · {town.name_en}: {figures.households} 户 households, {len(buildings)} 楼 buildings")
        return logins

    async def persons(
        self, community: str, persons: tuple[Person, ...], organisations: dict[str, str], grids: dict[str, str]
    ) -> list[DemoLogin]:
        """Accounts with their roles, made all together or not at all."""
        logins, items = [], []
        for person in persons:
            password = self._state.secret(f"demo_{person.login}", _password)
            scope = {"grid": grids[_grid(person.grid)]} if person.grid else {}
            through = organisations[person.organisation] if person.organisation else None
            roles = [{"role": role, "organisation_id": through, "scope": scope} for role in person.roles]
            items.append({"login": person.login, "name": person.name, "password": password, "roles": roles})
            slug = "" if community == WHOLE_SUBDISTRICT else community
            logins += [
                DemoLogin(role, person.name, person.name_en, person.login, password, slug) for role in person.roles
            ]
        await self._send("POST", f"/communities/{community}/persons/batch", {"items": items}, but="login-taken")
        return logins

    async def _settle(self, path: str, town: Community, buildings: dict[str, str], grids: dict[str, str]) -> None:
        """Give grids their workers and households their doors and members."""
        for held in await self._all(f"{path}/memberships?role=grid_worker"):
            grid = held["scope"].get("grid")
            if grid in grids.values():
                await self._send("POST", f"{path}/grids/{grid}/appoint", {"worker_id": held["person_id"]})
        living = await self._residents(path, town)
        items = [
            {
                "building_id": buildings[building],
                "unit": unit,
                "room": room,
                "person_ids": living.get((building, unit, room), []),
            }
            for building, unit, room in households_of(town)
        ]
        await self._send("POST", f"{path}/households/batch", {"items": items}, but="name-taken")

    async def _residents(self, path: str, town: Community) -> dict[tuple[str, str, str], list[str]]:
        """Door -> persons who live there. Memberships stand in the order in which their persons were made."""
        order: list[str] = []
        for held in await self._all(f"{path}/memberships"):
            if held["person_id"] not in order:
                order.append(held["person_id"])
        living: dict[tuple[str, str, str], list[str]] = {}
        for person, person_id in zip(town.persons, order, strict=False):
            if person.home:
                living.setdefault(person.home, []).append(person_id)
        return living

    async def _named(self, path: str, wanted: list[dict[str, Any]]) -> dict[str, str]:
        """Make those whose name is not there yet; returns name -> id of all."""
        known = {_name(item): str(item["id"]) for item in await self._all(path)}
        missing = [item for item in wanted if item["name"] not in known]
        if missing:
            _, made = await self._send("POST", f"{path}/batch", {"items": missing})
            known |= {_name(item): str(item["id"]) for item in made["items"]}
        return known

    async def _all(self, path: str) -> list[dict[str, Any]]:
        """A whole list, page by page."""
        items: list[dict[str, Any]] = []
        params = {} if path == "/subdistricts" else {"limit": "100"}
        while True:
            _, page = await self._send("GET", path, params=params)
            items += page["items"]
            if page["next_cursor"] is None:
                return items
            params = {**params, "cursor": page["next_cursor"]}

    async def _send(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        params: dict[str, str] | None = None,
        but: str | None = None,
    ) -> tuple[int, Any]:
        """One request; a refusal ends the seed, except the one named by `but`, which means that it was done before."""
        headers = {"Idempotency-Key": str(uuid5(NAMESPACE_URL, f"{method} {path} {body}"))}
        async with self._session.request(method, API + path, json=body, params=params, headers=headers) as answer:
            content = await answer.json(content_type=None)
            if answer.status < 400 or (but is not None and content.get("type") == f"/problems/{but}"):
                return answer.status, content
        raise SeedRefused(
            f"{method} {path}: {content.get('title')} ({content.get('detail')}) {content.get('errors', '')}"
        )


def _community(town: Community, subdistrict: str) -> dict[str, Any]:
    figures = town.figures
    return {
        "slug": town.slug,
        "code": town.code,
        "name": town.name,
        "name_en": town.name_en,
        "subdistrict_id": subdistrict,
        "template": TEMPLATE,
        "profile": {
            "as_of": figures.as_of,
            "area_km2": figures.area_km2,
            "households": figures.households,
            "residents": figures.residents,
            "party_members": figures.own + figures.on_duty,
            "party_members_own": figures.own,
            "party_members_on_duty": figures.on_duty,
            "sample": figures.sample,
        },
    }


def _buildings(town: Community, compounds: dict[str, str], grids: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "name": f"{number}号楼",
            "compound_id": compounds[town.compounds[number % len(town.compounds)]],
            "grid_id": grids[_grid((number - 1) * town.grids // town.buildings + 1)],
            "units": town.units,
            "floors": town.floors,
        }
        for number in range(1, town.buildings + 1)
    ]


def _grid(number: int | None) -> str:
    return f"第{'一二三四五六七八九'[(number or 1) - 1]}网格"


def _name(item: dict[str, Any]) -> str:
    name = item["name"]
    return str(name["zh"] if isinstance(name, dict) else name)


def _password() -> str:
    """Four groups that can be read out: 78 random bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))
