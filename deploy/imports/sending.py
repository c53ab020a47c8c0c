"""Sends checked rows through the gateway in batches. A batch that is sent twice has one effect."""

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import aiohttp

from deploy.imports.checking import GoodRow, RowError
from deploy.imports.mapping import codes_by_name
from shared.ids import new_id

ROWS = 100
BYTES = 600_000
"""Limits of one batch; the service takes 100 rows and one MiB."""
ATTEMPTS = 5
TEMPORARY = (429, 502, 503, 504)


class Refused(Exception):
    """The gateway or the service said no, to `batch` if rows were sent."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{status} {problem.get('title', '')}: {problem.get('detail', '')}")
        self.status = status
        self.slug = str(problem.get("type", "")).rsplit("/", 1)[-1]
        self.batch: Sequence[GoodRow] = ()
        self.fields: dict[str, str] = {e["field"]: e["message"] for e in problem.get("errors") or ()}


@dataclass(slots=True)
class Tally:
    """How many rows are new and how many came in before."""

    created: int = 0
    already_there: int = 0


class Desk:
    """The community's desk at the gateway, with somebody logged in."""

    def __init__(self, address: str, community: str) -> None:
        self._http = aiohttp.ClientSession(address, timeout=aiohttp.ClientTimeout(total=60))
        self._community = community
        self._token: str | None = None

    async def log_in(self, login: str, password: str) -> None:
        """Get an access token. Raises Refused."""
        session = await self._call("POST", "/api/v1/sessions", {"login": login, "password": password})
        self._token = session["access_token"]

    async def categories(self) -> dict[str, str]:
        """Names, paths and codes of the community's categories -> codes."""
        found = await self._call("GET", f"/api/v1/communities/{self._community}/categories")
        return codes_by_name(found["items"])

    async def bring_in(
        self, source: str, rows: Sequence[GoodRow], *, dry_run: bool, progress: Callable[[int], None]
    ) -> Tally:
        """Send all rows; `progress` hears how many are done. Raises Refused."""
        tally = Tally()
        for batch in batches(rows):
            body = {"source": source, "rows": [row.body for row in batch], "dry_run": dry_run}
            try:
                answer = await self._call("POST", f"/api/v1/communities/{self._community}/issues/imports", body)
            except Refused as refused:
                refused.batch = batch
                raise
            tally.created += answer["created"]
            tally.already_there += answer["already_there"]
            progress(len(batch))
        return tally

    async def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """One request; what is busy or away for a moment is asked again, with the same key."""
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        headers = {"Idempotency-Key": str(new_id()), "Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        for attempt in range(1, ATTEMPTS):
            try:
                return await self._once(method, path, content, headers)
            except Refused as refused:
                if refused.status not in TEMPORARY and refused.slug != "request-in-progress":
                    raise
            except aiohttp.ClientConnectionError:
                pass  # the last attempt below tells it
            await asyncio.sleep(attempt)
        return await self._once(method, path, content, headers)

    async def _once(self, method: str, path: str, content: bytes | None, headers: dict[str, str]) -> Any:
        async with self._http.request(method, path, data=content, headers=headers) as answer:
            if answer.status < 400:
                return await answer.json(content_type=None)
            raise Refused(answer.status, await _problem(answer))

    async def __aenter__(self) -> Self:
        """Connections are made when they are needed."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        await self._http.close()


def batches(rows: Sequence[GoodRow]) -> Iterator[list[GoodRow]]:
    """Rows in their order, at most 100 and at most 600 kB together."""
    batch: list[GoodRow] = []
    size = 0
    for row in rows:
        length = len(json.dumps(row.body, ensure_ascii=False).encode())
        if batch and (len(batch) == ROWS or size + length > BYTES):
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += length
    if batch:
        yield batch


def placed(refused: Refused, columns: dict[str, str]) -> list[RowError]:
    """The service's objections, at the rows and columns of the file."""
    found = []
    for field, message in refused.fields.items():
        parts = field.replace("[", ".").replace("]", "").split(".")
        if len(parts) >= 3 and parts[0] == "rows" and parts[1].isdigit() and int(parts[1]) < len(refused.batch):
            found.append(RowError(refused.batch[int(parts[1])].number, columns.get(parts[2], parts[2]), message))
    return found


async def _problem(answer: aiohttp.ClientResponse) -> dict[str, Any]:
    try:
        content = await answer.json(content_type=None)
    except ValueError:
        content = None
    return content if isinstance(content, dict) else {"title": answer.reason or ""}
