"""A person's or program's way to the gateway: login, reading, commands with an idempotency key."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import UUID

import aiohttp

from deploy.embedded.logins import DemoLogin
from shared.ids import new_id

PATIENCE = 30.0
"""Seconds that the demo waits for something that comes by message."""


Found = TypeVar("Found")


class RefusedError(Exception):
    """The gateway answered with a problem document."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{status} {problem.get('type')}: {problem.get('detail')} {problem.get('errors') or ''}")
        self.status, self.problem = status, problem

    @property
    def slug(self) -> str:
        """Stable name of the refusal."""
        return str(self.problem.get("type", "")).rsplit("/", 1)[-1]


class NotSeenError(Exception):
    """What a step should have brought about could not be read back."""


class Person:
    """Somebody who is logged in at the gateway, in one community."""

    def __init__(self, http: aiohttp.ClientSession, community: str, login: DemoLogin) -> None:
        self._http = http
        self.headers: dict[str, str] = {}
        self.community = community
        self.name_zh, self.name_en, self.role = login.name_zh, login.name_en, login.role
        self._login = login
        self.id = UUID(int=0)

    async def log_in(self) -> Self:
        """Get an access token, and learn who one is."""
        session = await self._request(
            "POST", "/api/v1/sessions", {"login": self._login.login, "password": self._login.password}
        )
        self.headers = {"Authorization": f"Bearer {session['access_token']}"}
        me = await self._request("GET", "/api/v1/me", None)
        self.id = UUID(me["person"]["id"])
        return self

    async def get(self, path: str) -> Any:
        """Read something of the community."""
        return await self._request("GET", f"/api/v1/communities/{self.community}{path}", None)

    async def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Do something in the community."""
        return await self._request("POST", f"/api/v1/communities/{self.community}{path}", {} if body is None else body)

    async def refused(self, path: str, body: dict[str, Any] | None = None) -> RefusedError:
        """Try something that must be refused, and say how it was."""
        try:
            await self.post(path, body)
        except RefusedError as refusal:
            return refusal
        raise NotSeenError(f"POST {path} should have been refused, but was accepted")

    async def delete(self, path: str) -> None:
        """Remove something of the community."""
        await self._request("DELETE", f"/api/v1/communities/{self.community}{path}", None)

    async def _request(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        headers = dict(self.headers) | {"Accept-Language": "zh"}
        if method in ("POST", "DELETE"):
            headers["Idempotency-Key"] = str(new_id())
        async with self._http.request(method, path, json=body, headers=headers) as answer:
            content = await answer.json(content_type=None) if answer.content_length != 0 else None
            if answer.status >= 400:
                raise RefusedError(answer.status, content or {})
            return content


class Gateway:
    """The front door. An async context manager that closes its connections."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._http = aiohttp.ClientSession(address, timeout=aiohttp.ClientTimeout(total=30))

    async def person(self, login: DemoLogin, community: str) -> Person:
        """Log somebody in."""
        return await Person(self._http, community, login).log_in()

    async def __aenter__(self) -> Self:
        """Nothing to open; connections are made when they are needed."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        await self._http.close()


def check(true: object, otherwise: str) -> None:
    """What was read back must be so."""
    if not true:
        raise NotSeenError(otherwise)


async def seen(look: Callable[[], Awaitable[Found | None]], what: str) -> Found:
    """Look again and again until something is there; raise when patience ends."""
    deadline = time.monotonic() + PATIENCE
    while True:
        found = await look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise NotSeenError(f"{what}: not there after {PATIENCE:.0f} s")
        await asyncio.sleep(0.1)
