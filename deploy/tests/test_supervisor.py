"""Nothing stays behind, what ends comes back, what stops does so in waves. With tiny stand-in programs."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from deploy.embedded.running import is_alive
from deploy.embedded.state import State
from deploy.embedded.supervisor import NotReadyError, Supervisor
from deploy.tests.stand_in_platform import at_once, shell, stand_in
from shared.testing.servers import wait_until

ROOT = Path(__file__).resolve().parents[2]


class RunningPlatform:
    """A stand-in platform in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "deploy.tests.stand_in_platform", str(folder)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        line = self.process.stdout.readline()
        assert line, self.process.stderr.read()
        self.pids: dict[str, int] = json.loads(line)

    def left(self) -> list[str]:
        return [name for name, pid in self.pids.items() if is_running(pid)]

    def close(self) -> None:
        for pid in self.pids.values():
            if is_running(pid):
                os.kill(pid, signal.SIGKILL)
        self.process.kill()
        self.process.communicate()


def is_running(pid: int) -> bool:
    """Whether a process exists and is not just waiting to be collected by its parent."""
    if not is_alive(pid):
        return False
    stat = Path(f"/proc/{pid}/stat")
    try:
        return not stat.parent.parent.joinpath("self").exists() or stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[RunningPlatform]:
    running = RunningPlatform(tmp_path)
    yield running
    running.close()


@pytest.fixture
async def supervisor(tmp_path: Path) -> AsyncIterator[Supervisor]:
    one = Supervisor(tmp_path / "logs", grace=1.0, pulse=0.05)
    yield one
    await one.stop()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_stop_it_stops_in_waves_and_leaves_nothing(platform: RunningPlatform, number: signal.Signals) -> None:
    platform.process.send_signal(number)
    assert platform.process.wait(30) == 0
    wait_until(lambda: platform.left() == [], "something stayed behind")
    assert (platform.folder / "stopped").read_text().split() == ["issues", "nats", "postgres"]
    assert not State(platform.folder).is_locked()


def test_killed_it_leaves_nothing_running(platform: RunningPlatform) -> None:
    platform.process.kill()
    platform.process.wait(30)
    wait_until(lambda: platform.left() == [], f"stayed behind: {platform.left()}")
    assert set((platform.folder / "stopped").read_text().split()) == {"issues", "nats", "postgres"}


def test_the_state_folder_stays_locked_until_the_last_program_of_a_killed_run_is_gone(
    platform: RunningPlatform,
) -> None:
    state = State(platform.folder)
    platform.process.kill()
    platform.process.wait(30)
    while is_running(platform.pids["stubborn"]):
        assert state.is_locked() or not is_running(platform.pids["stubborn"])
        time.sleep(0.02)
    wait_until(lambda: not state.is_locked(), "the guard keeps the lock")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_killed_together_with_its_guard_it_still_ends_its_programs(platform: RunningPlatform) -> None:
    os.kill(platform.pids["guard"], signal.SIGKILL)
    platform.process.kill()
    platform.process.wait(30)
    stay = {"stubborn", "grandchild"}  # one ignores the signal, one is not ours: the guard would have ended them
    wait_until(lambda: set(platform.left()) <= stay, f"stayed behind: {platform.left()}")


async def test_a_program_that_ends_comes_back_with_a_new_process(supervisor: Supervisor, tmp_path: Path) -> None:
    await supervisor.start(stand_in("issues", tmp_path), at_once, wave=0)
    program = supervisor.programs["issues"]
    assert program.process is not None
    first = program.process.pid
    os.kill(first, signal.SIGKILL)
    await until(lambda: program.restarts == 1 and program.state == "ready")
    assert program.process.pid != first


async def test_a_program_that_lives_but_does_not_work_is_started_again(supervisor: Supervisor, tmp_path: Path) -> None:
    asked = 0

    async def works_only_at_first() -> bool:
        nonlocal asked
        asked += 1
        return asked > 4

    await supervisor.start(stand_in("issues", tmp_path), at_once, alive=works_only_at_first, wave=0)
    await until(lambda: supervisor.programs["issues"].restarts == 1)
    assert (tmp_path / "stopped").read_text() == "issues\n"


async def test_what_never_becomes_ready_is_said_with_the_end_of_its_log(supervisor: Supervisor) -> None:
    with pytest.raises(NotReadyError, match=r"(?s)issues ended with status 3.*no such database"):
        await supervisor.start(shell("issues", "echo no such database; exit 3"), never, wave=0)
    with pytest.raises(NotReadyError, match="slow did not become ready in time"):
        await supervisor.start(shell("slow", "sleep 100"), never, wave=0, within=0.1)


async def test_a_step_that_fails_is_said_with_the_end_of_its_log(supervisor: Supervisor) -> None:
    await supervisor.run(shell("fine", "exit 0"))
    with pytest.raises(NotReadyError, match=r"(?s)migrate ended with status 1.*column exists"):
        await supervisor.run(shell("migrate", "echo column exists; exit 1"))


async def test_a_log_does_not_grow_for_ever(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.embedded.supervisor.LARGEST_LOG", 1000)
    await supervisor.start(shell("chatty", "while :; do echo words words words; sleep 0.01; done"), at_once, wave=0)
    trimming = asyncio.create_task(supervisor.trim_logs(every=0.01))
    await until((tmp_path / "logs" / "chatty.log.1").exists)
    trimming.cancel()
    assert (tmp_path / "logs" / "chatty.log").stat().st_size < 5000


async def never() -> bool:
    return False


async def until(true: Callable[[], bool]) -> None:
    for _ in range(1000):
        if true():
            return
        await asyncio.sleep(0.02)
    pytest.fail("it did not come about")
