"""The supervisor's run: bring the platform up, say where it is, wait for the end, stop everything."""

import asyncio
import signal
import traceback
from typing import Any

from rich.table import Table

from deploy.embedded.bring_up import Platform
from deploy.embedded.logins import load_logins, one_per_role
from deploy.embedded.progress import Progress
from deploy.embedded.state import State
from deploy.embedded.supervisor import NotReadyError, Supervisor


async def run_platform(state: State, lock: int, progress: Progress, *, host: str, port: int) -> int:
    """Run until Ctrl-C, SIGTERM or a failed start. Returns the exit status of the command."""
    platform: Platform | None = None

    def changed() -> None:
        if platform is not None:
            platform.write_record()

    supervisor = Supervisor(state.logs, lock=lock, changed=changed)
    platform = Platform(state, supervisor, progress, host=host, port=port)
    platform.write_record()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, supervisor.stopping.set)
    trimming = asyncio.create_task(supervisor.trim_logs())
    status = 0
    try:
        if await _came_up(platform, supervisor):
            print_summary(state, progress, platform.address)
            await supervisor.stopping.wait()
    except NotReadyError as problem:
        progress.say(f"启动失败。Start failed: {problem}")
        status = 1
    except Exception as problem:  # whatever it is, what was started is stopped in order, and the reader gets one line
        (state.logs / "start-failure.log").write_text(traceback.format_exc(), encoding="utf-8")
        progress.say(f"启动失败。Start failed: {type(problem).__name__}: {problem}")
        progress.say(f"详情 · details: {state.logs}/start-failure.log")
        status = 1
    finally:
        trimming.cancel()
        platform.phase = "stopping"
        with progress.step("停止 · stopping"):
            await supervisor.stop()
        platform.phase = "stopped"
        platform.write_record()
    return status


async def _came_up(platform: Platform, supervisor: Supervisor) -> bool:
    """Whether the platform became ready before somebody asked it to stop."""
    coming_up = asyncio.create_task(platform.bring_up())
    asked_to_stop = asyncio.create_task(supervisor.stopping.wait())
    await asyncio.wait({coming_up, asked_to_stop}, return_when=asyncio.FIRST_COMPLETED)
    asked_to_stop.cancel()
    if not coming_up.done():
        coming_up.cancel()
        await asyncio.gather(coming_up, return_exceptions=True)
        return False
    await coming_up
    return True


def print_summary(state: State, progress: Progress, address: str) -> None:
    """Where the platform is, how to try it, how to stop it."""
    progress.say()
    progress.say(f"睦邻已就绪 · Mulin is ready: {address}")
    print_logins(state, progress)
    progress.say(f"状态目录 · state: {state.folder}    日志 · logs: {state.logs}")
    progress.say("停止 · stop: Ctrl-C 或 or ./mulin down")


def print_logins(state: State, progress: Progress) -> None:
    """One demo login for each role."""
    logins = one_per_role(load_logins(state.folder))
    if not logins:
        return
    progress.say("示范账号 · demo logins")
    table = Table(box=None, pad_edge=False)
    for heading in ("角色 · role", "社区 · community", "账号 · login", "密码 · password"):
        table.add_column(heading, overflow="fold", min_width=len(heading))
    for login in logins:
        table.add_row(f"{login.name_zh} · {login.name_en}", login.community or "–", login.login, login.password)
    progress.console.print(table)


def print_status(state: State, progress: Progress, record: dict[str, Any]) -> None:
    """Processes and addresses of the running platform."""
    progress.say(f"{record['phase']}  {record['address']}  (pid {record['pid']}, {record['started']})")
    table = Table(box=None, pad_edge=False)
    for heading in ("进程 · process", "状态 · state", "pid", "地址 · address", "重启 · restarts"):
        table.add_column(heading, overflow="fold", min_width=len(heading))
    for process in record["processes"]:
        table.add_row(
            process["name"], process["state"], str(process["pid"]), process["address"] or "", str(process["restarts"])
        )
    progress.console.print(table)
    print_logins(state, progress)
