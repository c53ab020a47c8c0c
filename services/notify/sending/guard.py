"""Looks a web hook's host up once, refuses unless every address is public, and hands exactly these addresses to the connection.

Checking a name and then letting the client look it up again would be worth nothing: the second answer may be another one.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable

from aiohttp.abc import AbstractResolver, ResolveResult

from services.notify.domain.addresses import is_public

Lookup = Callable[[str, int], Awaitable[list[str]]]
"""Host and port -> addresses."""


class AddressRefusedError(OSError):
    """The name leads, in part or whole, to an address that web hooks may not reach, or nowhere."""


async def system_lookup(host: str, port: int) -> list[str]:
    """Addresses by the system's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedResolver(AbstractResolver):
    """aiohttp's resolver with our rule. `allowed_hosts` (`host:port`) are the platform's own exceptions."""

    def __init__(self, allowed_hosts: frozenset[str], lookup: Lookup = system_lookup) -> None:
        self._allowed_hosts = allowed_hosts
        self._lookup = lookup

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses to connect to. Raises AddressRefusedError."""
        try:
            addresses = await self._lookup(host, port)
        except (OSError, UnicodeError) as error:
            raise AddressRefusedError("the name cannot be resolved") from error
        if not addresses:
            raise AddressRefusedError("the name has no address")
        if f"{host}:{port}" not in self._allowed_hosts and not all(is_public(address) for address in addresses):
            raise AddressRefusedError("the name leads to an address that is not public")
        wanted = [a for a in addresses if family in (socket.AF_UNSPEC, _family(a))]
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=_family(address),
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in wanted
        ]

    async def close(self) -> None:
        """Nothing is kept."""


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET
