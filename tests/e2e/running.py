"""The whole platform as the e2e tests see it: an address, logins, and (when it is our own) processes to kill."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.demo.main import read_logins
from deploy.embedded.logins import DemoLogin, load_logins
from deploy.embedded.ports import free_port
from deploy.embedded.state import ROOT

STARTS_WITHIN = 240


@dataclass(frozen=True, slots=True)
class Platform:
    """A running platform."""

    address: str
    logins: Sequence[DemoLogin]
    state: Path | None

    def login(self, role: str, community: str = "feicuicheng", number: int = 0) -> DemoLogin:
        """A demo login of a role."""
        fitting = [one for one in self.logins if one.role == role and one.community == community]
        return fitting[number]

    def mulin(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of the launcher's program on the state folder of this platform."""
        if self.state is None:
            raise RuntimeError("this platform runs elsewhere")
        return mulin(self.state, *arguments)

    def status(self) -> dict[str, Any]:
        """What `./mulin status --json` says."""
        found: dict[str, Any] = json.loads(self.mulin("status", "--json").stdout)
        return found

    def kill(self, process: str) -> None:
        """End one process of the platform as `kill -9` does."""
        os.kill(self.pid_of(process), signal.SIGKILL)

    def pause(self, process: str) -> None:
        """Stop a process from running, without ending it."""
        os.kill(self.pid_of(process), signal.SIGSTOP)

    def resume(self, process: str) -> None:
        """Let it run again."""
        with suppress(ProcessLookupError):
            os.kill(self.pid_of(process), signal.SIGCONT)

    def pid_of(self, process: str) -> int:
        """Process id of a program of the platform."""
        return next(int(one["pid"]) for one in self.status()["processes"] if one["name"] == process)


def mulin(state: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """`./mulin …` without the launcher: everything is installed already."""
    return subprocess.run(
        [sys.executable, "-m", "deploy.embedded", *arguments],
        cwd=ROOT,
        env=environment(state),
        capture_output=True,
        text=True,
        timeout=STARTS_WITHIN,
        check=False,
    )


def environment(state: Path) -> Mapping[str, str]:
    """Where the state is; nothing of the caller's own platform."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("MULIN_")}
    return own | {"MULIN_STATE": str(state), "PYTHONPATH": str(ROOT)}


def start(state: Path) -> Platform:
    """A platform of our own."""
    port = free_port()
    started = mulin(state, "up", "--detach", "--port", str(port))
    if started.returncode != 0:
        raise RuntimeError(f"up failed:\n{started.stdout}{started.stderr}")
    return Platform(f"http://127.0.0.1:{port}", load_logins(state), state)


def elsewhere() -> Platform | None:
    """The platform that MULIN_E2E_GATEWAY and MULIN_E2E_LOGINS name, if they do."""
    address, logins = os.environ.get("MULIN_E2E_GATEWAY"), os.environ.get("MULIN_E2E_LOGINS")
    return Platform(address, read_logins(Path(logins)), None) if address and logins else None


def until(true: Callable[[], bool], otherwise: str, seconds: float = 60.0) -> None:
    """Ask again and again; fail with this text when the time is over."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.1)
