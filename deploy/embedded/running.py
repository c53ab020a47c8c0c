"""The platform as seen from outside its supervisor: does it run, where, start it in the background, stop it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from deploy.embedded.environment import Ports, common_environment
from deploy.embedded.state import ROOT, State
from deploy.embedded.supervisor import GRACE

STARTS_WITHIN = 180.0
STOPS_WITHIN = 3 * GRACE + 10
Say = Callable[[str], None]


def record_of_running(state: State) -> dict[str, Any] | None:
    """What the running supervisor wrote down, or None when no platform runs on this folder."""
    record = state.record()
    return record if record is not None and state.is_locked() and is_alive(int(record["pid"])) else None


def ports_of(record: dict[str, Any]) -> Ports:
    """The ports of a running platform."""
    return Ports(**record["ports"])


def start_in_background(state: State, *, host: str, port: int, say: Say) -> bool:
    """Start a supervisor of its own session and wait until the platform is ready, passing on what it says."""
    log = state.logs / "supervisor.log"
    with log.open("ab") as output:
        begin = output.tell()
        process = subprocess.Popen(
            [sys.executable, "-m", "deploy.embedded", "up", "--host", host, "--port", str(port)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd=ROOT,
            env=common_environment() | {"MULIN_STATE": str(state.folder)},
        )
    deadline = time.monotonic() + STARTS_WITHIN
    try:
        while process.poll() is None and time.monotonic() < deadline:
            begin = _pass_on(log, begin, say)
            record = state.record()
            if record and record["pid"] == process.pid and record["phase"] == "ready":
                _pass_on(log, begin, say)
                return True
            time.sleep(0.1)
    except KeyboardInterrupt:
        process.send_signal(signal.SIGTERM)
        process.wait(STOPS_WITHIN)
    _pass_on(log, begin, say)
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    return False


def stop_running(state: State) -> bool:
    """Ask the supervisor to stop and wait until nothing is left. False when it did not within the time."""
    record = record_of_running(state)
    if record is not None:
        with suppress(ProcessLookupError):
            os.kill(int(record["pid"]), signal.SIGTERM)
    return wait_until_unlocked(state, STOPS_WITHIN)


def wait_until_unlocked(state: State, within: float) -> bool:
    """Wait until neither a supervisor nor its guard holds the folder."""
    deadline = time.monotonic() + within
    while state.is_locked():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def is_alive(pid: int) -> bool:
    """Whether a process with this number exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _pass_on(log: Path, begin: int, say: Say) -> int:
    """Say the whole lines that were added to the log since `begin`; returns where to go on."""
    with log.open("rb") as added:
        added.seek(begin)
        text = added.read()
    whole = text[: text.rfind(b"\n") + 1]
    for line in whole.decode(errors="replace").splitlines():
        say(line)
    return begin + len(whole)
