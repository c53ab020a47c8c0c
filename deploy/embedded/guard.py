"""The guard: a tiny process that ends the platform's programs when the supervisor is gone, however it went.

It runs alone (`python -I -S guard.py SECONDS_OF_GRACE`), in its own session, and reads lines from a pipe that only the supervisor writes:
`+ PID SIGNAL` a program was started, `- PID` it has ended, `bye` everything was stopped in order. The end of the pipe without
`bye` means that the supervisor was killed. The guard also holds the state folder's lock, so that no new run begins before
the last program of the old one is gone.
"""

import os
import signal
import sys
import time


def main() -> None:
    """Read until the pipe ends, then clean up unless told that nothing is left."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    running: dict[int, int] = {}
    for line in sys.stdin:
        words = line.split()
        if words[0] == "+":
            running[int(words[1])] = int(words[2])
        elif words[0] == "-":
            running.pop(int(words[1]), None)
        elif words[0] == "bye":
            return
    tell(running, None)
    deadline = time.monotonic() + float(sys.argv[1])
    while running and time.monotonic() < deadline:
        time.sleep(0.05)
        tell(running, 0)
    tell(running, signal.SIGKILL)


def tell(running: dict[int, int], number: int | None) -> None:
    """Signal every process group, each with its own stop signal when no number is given; forget those that are gone."""
    for group, own in list(running.items()):
        try:
            os.killpg(group, own if number is None else number)
        except (ProcessLookupError, PermissionError):
            del running[group]


if __name__ == "__main__":
    main()
