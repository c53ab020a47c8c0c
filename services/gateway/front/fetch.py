"""A small request of our own to a service, for documents, health and Open311; over the same connections as everything else."""

import asyncio
from collections.abc import Mapping
from types import MappingProxyType

from services.gateway.front.connection import UpstreamBroke
from services.gateway.front.pool import Pool
from shared.errors import AppError, Unavailable
from shared.http.edge import MEANT_FOR
from shared.http.refusals import Misdirected

LARGEST_DOCUMENT = 8 * 1024 * 1024
"""What is longer is cut off and will not parse."""
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


async def fetch(pool: Pool, path: str, *, seconds: float) -> tuple[int, bytes]:
    """Status and body of a GET. Raises Unavailable (or another AppError) when there is no whole answer in time."""
    return await ask(pool, "GET", path, seconds=seconds)


async def ask(
    pool: Pool,
    method: str,
    path: str,
    *,
    seconds: float,
    headers: Mapping[str, str] = NO_HEADERS,
    body: bytes | None = None,
) -> tuple[int, bytes]:
    """Status and body of a request of our own. Raises Unavailable (or another AppError) when there is no whole answer in time."""
    try:
        async with asyncio.timeout(seconds):
            request = _request(pool, method, path, headers, body)
            status, answer = await _asked(pool, request)
            if status == Misdirected.status:  # another service took over the address and did nothing with the request
                pool.forget_addresses()
                status, answer = await _asked(pool, request)
    except (UpstreamBroke, TimeoutError) as error:
        raise Unavailable() from error
    if status == Misdirected.status:
        raise Unavailable()
    return status, answer


def _request(pool: Pool, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"host: {pool.host_header.decode()}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if pool.service is not None:
        lines.append(f"{MEANT_FOR.decode()}: {pool.service}")
    if body is not None:
        lines += ["content-type: application/json", f"content-length: {len(body)}"]
    head = "\r\n".join(lines)
    if head.count("\n") != len(lines) - 1 or not head.isascii():
        raise ValueError("a header of our own holds what no header may hold")
    return head.encode("ascii") + b"\r\n\r\n" + (body or b"")


async def _asked(pool: Pool, request: bytes) -> tuple[int, bytes]:
    connection = await pool.take()
    try:
        connection.exchange(request, without_body=False)
        status, _ = await connection.head()
        answer = bytearray()
        while len(answer) <= LARGEST_DOCUMENT and (part := await connection.chunk()) is not None:
            answer += part
    except BaseException:
        pool.drop(connection)
        raise
    pool.give_back(connection)
    return status, bytes(answer)


async def is_ready(pool: Pool, *, seconds: float = 1.0) -> bool:
    """Whether the service says that it can do its work."""
    try:
        status, _ = await fetch(pool, "/readyz", seconds=seconds)
    except AppError:
        return False
    return status == 200
