"""How one program of the embedded run is started and which signal stops it. Used by the supervisor and by the tests.

Every program gets its own session, so that Ctrl-C in the terminal reaches only its parent, and on Linux it asks the kernel
to be stopped when its parent dies: nothing may stay behind, not even after `kill -9` of the parent.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypedDict

PR_SET_PDEATHSIG = 1


class RunAs(TypedDict, total=False):
    """Another user for the child, in the words of `subprocess.Popen`; empty to stay the same user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Launch:
    """A program to start: its command line (never with secrets in it), folder, environment, and how to stop it."""

    name: str
    command: tuple[str, ...]
    stop_signal: signal.Signals = signal.SIGTERM
    cwd: Path = Path("/")
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    run_as: RunAs = field(default_factory=RunAs)

    def popen_arguments(self) -> dict[str, Any]:
        """Everything but the command line and the standard streams, for `subprocess` and `asyncio` alike."""
        arguments: dict[str, Any] = {"cwd": str(self.cwd), "env": dict(self.environment), "start_new_session": True}
        arguments |= self.run_as
        if sys.platform == "linux":
            arguments["preexec_fn"] = die_with_parent(self.stop_signal)
        return arguments


def die_with_parent(stop_signal: signal.Signals) -> Callable[[], None]:
    """A function for the child, between fork and exec: be sent this signal when the parent ends, however it ends.

    It runs after the change of user, which would clear the request. The parent is the thread that starts the child, so
    children must be started from the main thread.
    """
    libc = ctypes.CDLL(None, use_errno=True)  # loaded before the fork: the child may hardly do anything
    parent, number = os.getpid(), int(stop_signal)

    def ask_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:  # the parent ended before the request was made
            os._exit(1)

    return ask_kernel
