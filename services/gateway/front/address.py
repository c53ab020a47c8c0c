"""Where a request comes from. `X-Forwarded-For` counts only when a proxy that we were told of added it."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.types import Scope

from shared.http.context import header_values

Network = IPv4Network | IPv6Network
IPV6_SITE_BITS = 64
"""One subscriber usually has a whole /64, so an address means that network."""


def networks(text: str) -> tuple[Network, ...]:
    """`10.0.0.0/8, 127.0.0.1` as networks."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def address_of(scope: Scope, trusted: Sequence[Network] = ()) -> str:
    """The client's address: the last one in the chain that is no proxy of ours."""
    client = scope.get("client")
    peer: str = client[0] if client else ""
    if not trusted or not _within(peer, trusted):
        return _site(peer)
    chain = [part.strip() for value in header_values(scope, b"x-forwarded-for") for part in value.split(",")]
    for hop in reversed(chain):
        if not _within(hop, trusted):
            return _site(hop)
    return _site(peer)


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _within(text: str, trusted: Sequence[Network]) -> bool:
    parsed = _parsed(text)
    return parsed is not None and any(parsed.version == network.version and parsed in network for network in trusted)


def _site(text: str) -> str:
    if ":" not in text:
        return text[:45]
    parsed = _parsed(text)
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, IPV6_SITE_BITS), strict=False))
    return "unknown"
