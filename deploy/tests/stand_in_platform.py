"""A supervisor with tiny stand-in programs, for the tests that kill it: `python -m deploy.tests.stand_in_platform FOLDER`.

Each stand-in writes its name to FOLDER/stopped when it is told to stop. `stubborn` does not stop, `parent` has a child of its own.
Prints the process ids as one line of JSON when all run.
"""

import asyncio
import json
import signal
import sys
from pathlib import Path

from deploy.embedded.launch import Launch
from deploy.embedded.state import State
from deploy.embedded.supervisor import Supervisor

STAND_IN = "trap 'echo {name} >> \"{folder}/stopped\"; exit 0' {signal}; while :; do sleep 0.05; done"
STUBBORN = "trap '' TERM; while :; do sleep 0.05; done"
PARENT = 'sleep 1000 & echo $! > "{folder}/grandchild"; wait'


def shell(name: str, script: str, stop_signal: signal.Signals = signal.SIGTERM) -> Launch:
    """A stand-in program."""
    return Launch(name, ("/bin/sh", "-c", script), stop_signal=stop_signal, environment={"PATH": "/usr/bin:/bin"})


def stand_in(name: str, folder: Path, stop_signal: signal.Signals = signal.SIGTERM) -> Launch:
    """A program that notes its own end in order."""
    return shell(name, STAND_IN.format(name=name, folder=folder, signal=stop_signal.name[3:]), stop_signal)


async def at_once() -> bool:
    """These programs are ready as soon as they run."""
    return True


async def main(folder: Path) -> None:
    """Run until SIGTERM or SIGINT."""
    state = State(folder)
    state.prepare()
    supervisor = Supervisor(state.logs, lock=state.try_lock(), grace=1.0)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, supervisor.stopping.set)
    await supervisor.start(stand_in("postgres", folder, signal.SIGINT), at_once, wave=2)
    await supervisor.start(stand_in("nats", folder), at_once, wave=1)
    await supervisor.start(stand_in("issues", folder), at_once, wave=0)
    await supervisor.start(shell("stubborn", STUBBORN), at_once, wave=0)
    grandchild = folder / "grandchild"

    async def has_a_child() -> bool:
        return grandchild.exists() and grandchild.read_text().strip() != ""

    await supervisor.start(shell("parent", PARENT.format(folder=folder)), has_a_child, wave=0)
    pids = {name: program.process.pid for name, program in supervisor.programs.items() if program.process}
    pids |= {"guard": supervisor.guard_pid, "grandchild": int(grandchild.read_text())}
    print(json.dumps(pids), flush=True)
    await supervisor.stopping.wait()
    await supervisor.stop()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
