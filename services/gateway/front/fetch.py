"""A small GET to a service, for documents and health; over the same connections as everything else."""

import asyncio

from services.gateway.front.connection import UpstreamBroke
from services.gateway.front.pool import Pool
from shared.errors import AppError, Unavailable

LARGEST_DOCUMENT = 8 * 1024 * 1024
"""What is longer is cut off and will not parse."""


async def fetch(pool: Pool, path: str, *, seconds: float) -> tuple[int, bytes]:
    """Status and body. Raises Unavailable (or another AppError) when there is no whole answer in time."""
    try:
        async with asyncio.timeout(seconds):
            return await _fetched(pool, path)
    except (UpstreamBroke, TimeoutError) as error:
        raise Unavailable() from error


async def _fetched(pool: Pool, path: str) -> tuple[int, bytes]:
    connection = await pool.take()
    try:
        connection.exchange(
            b"GET %s HTTP/1.1\r\nhost: %s\r\n\r\n" % (path.encode("ascii"), pool.host_header), without_body=False
        )
        status, _ = await connection.head()
        body = bytearray()
        while len(body) <= LARGEST_DOCUMENT and (part := await connection.chunk()) is not None:
            body += part
    except BaseException:
        pool.drop(connection)
        raise
    pool.give_back(connection)
    return status, bytes(body)


async def is_ready(pool: Pool, *, seconds: float = 1.0) -> bool:
    """Whether the service says that it can do its work."""
    try:
        status, _ = await fetch(pool, "/readyz", seconds=seconds)
    except AppError:
        return False
    return status == 200
