"""Starts programs, watches them, starts them again when they end, and stops them in waves. Knows nothing of Mulin.

Nothing may stay behind: each child asks the kernel to end with its parent (Linux), and the guard process ends every child
when the supervisor is gone without having said so, even after `kill -9`.
"""

import asyncio
import math
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from deploy.embedded import guard as guard_program
from deploy.embedded.launch import Launch

GRACE = 25.0
"""Seconds that a program gets to stop: more than a service takes to finish what runs (20 s)."""
LONGEST_PAUSE = 30.0
CALM = 60.0
"""A program that ran so long counts as healthy: when it ends, it is started again without a pause."""
LARGEST_LOG = 20 * 1024 * 1024

PULSE, MISSED_PULSES = 10.0, 3
"""A program that says three times in a row, ten seconds apart, that it is not alive is stopped and started again."""

Question = Callable[[], Awaitable[bool]]
ProgramState = Literal["starting", "ready", "restarting", "stopped"]


class NotReadyError(RuntimeError):
    """A program ended or did not become ready when it was started for the first time."""


@dataclass(slots=True)
class Program:
    """A supervised program. Lower waves stop first."""

    launch: Launch
    ready: Question
    wave: int
    log: Path
    alive: Question | None = None
    state: ProgramState = "starting"
    restarts: int = 0
    started: float = 0.0
    process: asyncio.subprocess.Process | None = None
    watch: asyncio.Task[None] | None = None


class Supervisor:
    """One per platform. `changed` is called whenever the state of a program changes; `lock` stays held by the guard."""

    def __init__(
        self,
        logs: Path,
        *,
        lock: int | None = None,
        changed: Callable[[], None] = lambda: None,
        grace: float = GRACE,
        pulse: float = PULSE,
    ) -> None:
        self.programs: dict[str, Program] = {}
        self.stopping = asyncio.Event()
        self._logs = logs
        self._changed = changed
        self._grace, self._pulse = grace, pulse
        logs.mkdir(parents=True, exist_ok=True)
        self._guard = subprocess.Popen(
            [sys.executable, "-I", "-S", guard_program.__file__, str(grace)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
            pass_fds=() if lock is None else (lock,),
        )

    @property
    def guard_pid(self) -> int:
        """Process id of the guard."""
        return self._guard.pid

    async def start(
        self, launch: Launch, ready: Question, *, wave: int, alive: Question | None = None, within: float = 60.0
    ) -> None:
        """Start a program and wait until it is ready. From then on it is started again whenever it ends.

        `alive` tells whether a running program still works; one that does not is stopped, and so started again.
        """
        program = Program(launch, ready, wave, self._logs / f"{launch.name}.log", alive)
        self.programs[launch.name] = program
        await self._spawn(program)
        if not await self._becomes_ready(program, within):
            if self.stopping.is_set():
                raise asyncio.CancelledError
            raise NotReadyError(_why_not_ready(program))
        program.watch = asyncio.create_task(self._keep_running(program), name=f"watch {launch.name}")

    async def run(self, launch: Launch) -> None:
        """Run a program to its end, guarded like all others; raise NotReadyError when it ends with an error."""
        program = Program(launch, _never, 0, self._logs / f"{launch.name}.log")
        self.programs[launch.name] = program
        process = await self._spawn(program)
        try:
            if await process.wait() != 0:
                raise NotReadyError(_why_not_ready(program))
        finally:
            if process.returncode is not None:
                self._gone(process.pid)
                del self.programs[launch.name]

    async def stop(self) -> None:
        """Stop everything in waves: services first, then what they use. What outlives the grace is killed."""
        self.stopping.set()
        watches = [program.watch for program in self.programs.values() if program.watch is not None]
        for watch in watches:
            watch.cancel()
        await asyncio.gather(*watches, return_exceptions=True)
        for wave in sorted({program.wave for program in self.programs.values()}):
            await asyncio.gather(*(self._end(program) for program in self.programs.values() if program.wave == wave))
        self._tell_guard("bye")
        self._close_guard()

    async def trim_logs(self, every: float = 30.0) -> None:
        """Keep every log below its limit, with one older copy; runs until cancelled."""
        while True:
            await asyncio.sleep(every)
            for program in self.programs.values():
                with suppress(OSError):
                    if program.log.stat().st_size > LARGEST_LOG:
                        shutil.copyfile(program.log, program.log.with_suffix(".log.1"))
                        os.truncate(program.log, 0)  # programs append, so they go on at the new end

    async def _spawn(self, program: Program) -> asyncio.subprocess.Process:
        with program.log.open("ab") as output:
            program.process = process = await asyncio.create_subprocess_exec(
                *program.launch.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=asyncio.subprocess.STDOUT,
                **program.launch.popen_arguments(),
            )
        self._tell_guard(f"+ {process.pid} {int(program.launch.stop_signal)}")
        program.started = time.monotonic()
        self._changed()
        return process

    async def _becomes_ready(self, program: Program, within: float) -> bool:
        deadline = time.monotonic() + within
        process = program.process
        while process is not None and process.returncode is None and time.monotonic() < deadline:
            if self.stopping.is_set():
                return False
            if await program.ready():
                self._set(program, "ready")
                return True
            await asyncio.sleep(0.05)
        return False

    async def _keep_running(self, program: Program) -> None:
        """Wait for the end of the program and start it again, after a pause that grows while it keeps failing."""
        pause = 0.0
        while program.process is not None:
            await self._until_it_ends(program, program.process)
            self._gone(program.process.pid)
            pause = 0.2 if time.monotonic() - program.started > CALM else min(LONGEST_PAUSE, max(0.5, 2 * pause))
            self._set(program, "restarting")
            await asyncio.sleep(pause)
            program.restarts += 1
            await self._spawn(program)
            await self._becomes_ready(program, math.inf)

    async def _until_it_ends(self, program: Program, process: asyncio.subprocess.Process) -> None:
        """Wait for the end of a program; bring it about when it no longer says that it is alive."""
        missed = 0
        while process.returncode is None:
            try:
                async with asyncio.timeout(self._pulse):
                    await process.wait()
            except TimeoutError:
                missed = missed + 1 if program.alive is not None and not await program.alive() else 0
                if missed >= MISSED_PULSES:
                    await self._stop(process, program.launch.stop_signal)

    async def _end(self, program: Program) -> None:
        if program.process is not None:
            await self._stop(program.process, program.launch.stop_signal)
            self._gone(program.process.pid)
        self._set(program, "stopped")

    async def _stop(self, process: asyncio.subprocess.Process, stop_signal: signal.Signals) -> None:
        """Ask a program to stop; kill it when its grace is over."""
        if process.returncode is not None:
            return
        _signal_group(process.pid, stop_signal)
        try:
            async with asyncio.timeout(self._grace):
                await process.wait()
        except TimeoutError:
            _signal_group(process.pid, signal.SIGKILL)
            await process.wait()

    def _gone(self, pid: int) -> None:
        """A program has ended: end what it may have left in its process group, and tell the guard."""
        _signal_group(pid, signal.SIGKILL)
        self._tell_guard(f"- {pid}")

    def _set(self, program: Program, state: ProgramState) -> None:
        program.state = state
        self._changed()

    def _tell_guard(self, line: str) -> None:
        if self._guard.stdin is not None:
            with suppress(OSError):  # without its guard the platform still works
                self._guard.stdin.write(line.encode() + b"\n")
                self._guard.stdin.flush()

    def _close_guard(self) -> None:
        if self._guard.stdin is not None:
            with suppress(OSError):
                self._guard.stdin.close()
        self._guard.wait(self._grace + 5)


async def _never() -> bool:
    return False


def _signal_group(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def _why_not_ready(program: Program) -> str:
    code = program.process.returncode if program.process else None
    end = "did not become ready in time" if code is None else f"ended with status {code}"
    lines = program.log.read_text(errors="replace").splitlines()[-15:]
    return f"{program.launch.name} {end}. Its log, {program.log}, ends with:\n" + "\n".join(
        f"    {line}" for line in lines
    )
