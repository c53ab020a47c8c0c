"""Free ports for the parts that nobody needs to find by number."""

import random
import socket
from contextlib import suppress

LOWEST, HIGHEST = 20000, 32000
"""Below the range from which systems take the ports of outgoing connections, so that none of those grabs ours meanwhile."""


def free_port() -> int:
    """A port on the loopback address that nothing listens on at this moment."""
    choose = random.SystemRandom()
    for _ in range(200):
        port = choose.randrange(LOWEST, HIGHEST)
        with suppress(OSError):
            refuse_taken_port("127.0.0.1", port)
            return port
    raise OSError(f"no free port between {LOWEST} and {HIGHEST}")


def refuse_taken_port(host: str, port: int) -> None:
    """Raise OSError when something listens on this port already, or when we may not listen on it."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
