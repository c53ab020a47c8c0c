"""Which network addresses a web hook may reach: public ones, and no way round by an address inside an address."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_NEVER_V4 = tuple(
    IPv4Network(net)
    for net in (
        "0.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "192.0.0.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "198.18.0.0/15",
        "224.0.0.0/4",  # multicast counts as global for Python
        "240.0.0.0/4",
    )
)
_NEVER_V6 = tuple(
    IPv6Network(net)
    for net in (
        "::/96",  # IPv4-compatible, unspecified, loopback
        "::ffff:0:0/96",  # IPv4-mapped
        "::ffff:0:0:0/96",  # IPv4-translated
        "64:ff9b::/96",  # NAT64: leads to an IPv4 address of the receiver's choice
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/32",  # Teredo
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)


def is_public(address: str) -> bool:
    """Whether this literal address lies in the public internet. Anything doubtful does not."""
    try:
        parsed = ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    if "%" in address or not parsed.is_global:
        return False
    if isinstance(parsed, IPv4Address):
        return not any(parsed in net for net in _NEVER_V4)
    return isinstance(parsed, IPv6Address) and not any(parsed in net for net in _NEVER_V6)
