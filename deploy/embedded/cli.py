"""The commands of `./mulin`. Thin: each says what it does and hands over."""

import asyncio
import importlib
import json
import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict
from typing import Annotated, Any

import typer

from deploy.embedded import developing
from deploy.embedded.environment import service_environment
from deploy.embedded.logins import load_logins, one_per_role
from deploy.embedded.ports import free_port, refuse_taken_port
from deploy.embedded.progress import Progress
from deploy.embedded.running import (
    ports_of,
    record_of_running,
    start_in_background,
    stop_running,
    wait_until_unlocked,
)
from deploy.embedded.state import ROOT, State, chosen_state
from deploy.postgres.roles import SERVICES

PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
NOT_RUNNING = 3

app = typer.Typer(
    name="mulin",
    help="睦邻 Mulin：一条命令启动整个街道平台。One command starts the whole platform.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Host = Annotated[str, typer.Option(envvar="MULIN_HOST", help="网关监听的地址。Address that the gateway listens on.")]
Port = Annotated[
    int, typer.Option(envvar="MULIN_PORT", min=1, max=65535, help="网关端口。Port that the gateway listens on.")
]


@app.command()
def up(
    port: Port = 8000,
    host: Host = "127.0.0.1",
    detach: Annotated[bool, typer.Option("--detach", "-d", help="就绪后返回。Return when all is ready.")] = False,
) -> None:
    """启动整个平台，Ctrl-C 停止。Start the whole platform; Ctrl-C stops it."""
    state, progress = chosen_state(), Progress()
    state.prepare()
    lock = _take_lock(state, progress)
    _refuse_taken(host, port)
    if detach:
        os.close(lock)
        raise typer.Exit(0 if start_in_background(state, host=host, port=port, say=progress.say) else 1)
    from deploy.embedded.up import run_platform  # keeps the other commands quick  # noqa: PLC0415

    raise typer.Exit(asyncio.run(run_platform(state, lock, progress, host=host, port=port)))


@app.command()
def status(
    as_json: Annotated[bool, typer.Option("--json", help="供脚本使用。For scripts.")] = False,
) -> None:
    """进程、地址、示范账号。Processes, addresses and demo logins; exit status 3 when nothing runs."""
    state = chosen_state()
    record = record_of_running(state)
    if as_json:
        logins = [asdict(login) for login in one_per_role(load_logins(state.folder))]
        shown: dict[str, Any] = {"running": record is not None, "state": str(state.folder), **(record or {})}
        typer.echo(json.dumps(shown | {"logins": logins}, indent=2, ensure_ascii=False))
    elif record is None:
        typer.echo(f"没有运行。Nothing runs on {state.folder}. 启动 start: ./mulin up")
    else:
        from deploy.embedded.up import print_status  # keeps the other commands quick  # noqa: PLC0415

        print_status(state, Progress(), record)
    raise typer.Exit(0 if record is not None else NOT_RUNNING)


@app.command()
def down() -> None:
    """停止平台。Stop the platform; returns when nothing is left."""
    state, progress = chosen_state(), Progress()
    if not state.is_locked():
        progress.say(f"没有运行。Nothing runs on {state.folder}.")
        return
    with progress.step("停止 · stopping"):
        stopped = stop_running(state)
    if not stopped:
        progress.say(f"仍在停止中。Still stopping; see {state.logs}/supervisor.log")
        raise typer.Exit(1)


@app.command()
def logs(
    name: Annotated[str, typer.Argument(help="gateway issues volunteers events notify nats postgres supervisor")],
    lines: Annotated[int, typer.Option("--lines", "-n", min=0)] = 50,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="继续显示。Go on as it grows.")] = False,
) -> None:
    """查看一个进程的日志。Show the log of one process."""
    folder = chosen_state().logs
    known = sorted(file.stem for file in folder.glob("*.log"))
    if name not in known:
        raise typer.BadParameter(f"{name} 没有日志 has no log; 有 there are: {' '.join(known) or '–'}")
    with (folder / f"{name}.log").open("rb") as log:
        sys.stdout.buffer.write(b"".join(log.readlines()[-lines:] if lines else []))
        sys.stdout.flush()
        with suppress(KeyboardInterrupt):
            while follow:
                sys.stdout.buffer.write(log.read())
                sys.stdout.flush()
                time.sleep(0.2)


@app.command("dead-letters", context_settings=PASS_ON)
def dead_letters(context: typer.Context, service: str) -> None:
    """处理失败的消息。Messages that a service could not apply: `dead-letters issues list`, `… replay ID`."""
    if service not in SERVICES:
        raise typer.BadParameter(f"service must be one of {', '.join(SERVICES)}")
    state = chosen_state()
    record = _running(state)
    environment = service_environment(state, ports_of(record), service)
    command = [sys.executable, "-m", f"services.{service}", "dead-letters", *(context.args or ["list"])]
    raise typer.Exit(subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode)


@app.command(context_settings=PASS_ON)
def demo(context: typer.Context) -> None:
    """演示主流程并逐步核对。Play the main job through the gateway and verify every step."""
    _hand_over("deploy.demo.main", context.args)


@app.command("import", context_settings=PASS_ON)
def import_(context: typer.Context) -> None:
    """导入表格数据。Import spreadsheets: `import issues FILE.xlsx --community feicuicheng`."""
    _hand_over("deploy.imports.main", context.args)


@app.command(context_settings=PASS_ON)
def bench(context: typer.Context) -> None:
    """与极限对比的性能测试。Benchmarks, each beside its limit in the same run."""
    _hand_over("bench.main", context.args)


@app.command(context_settings=PASS_ON)
def test(context: typer.Context) -> None:
    """运行测试（不需要 Docker 和浏览器）。All tests that need no Docker and no browser. `--slow`, `--no-e2e`, pytest's own."""
    raise typer.Exit(developing.run_tests(context.args))


@app.command()
def check() -> None:
    """检查代码。ruff, mypy --strict, import rules, layout tests."""
    raise typer.Exit(developing.run_checks())


@app.command("help")
def help_(context: typer.Context) -> None:
    """显示帮助。Show this help."""
    assert context.parent is not None  # noqa: S101 - a command always has a parent
    typer.echo(context.parent.get_help())


def _take_lock(state: State, progress: Progress) -> int:
    """The lock of the state folder. Ends the command, and says where it runs, when a platform runs already."""
    lock = state.try_lock()
    if lock is None and (record := record_of_running(state)) is not None:
        progress.say(f"已经在运行。Already running: {record['address']} (pid {record['pid']}, {record['phase']})")
        progress.say("查看 look: ./mulin status    停止 stop: ./mulin down")
        raise typer.Exit(0)
    if lock is None:  # its supervisor was killed and the guard is still stopping the rest
        with progress.step("等待上次运行结束 · waiting for the last run to end"):
            wait_until_unlocked(state, 30)
        lock = state.try_lock()
    if lock is None:
        progress.say(f"{state.folder} 被占用。The state folder is in use by another process.")
        raise typer.Exit(1)
    return lock


def _refuse_taken(host: str, port: int) -> None:
    try:
        refuse_taken_port(host, port)
    except PermissionError:
        typer.echo(f"没有权限使用端口 {port}。Not allowed to listen on port {port}; choose one above 1023.", err=True)
    except socket.gaierror:
        typer.echo(f"地址无效 {host}。No such address: {host}.", err=True)
    except OSError as problem:
        other = 8000 if port != 8000 and _is_free(host, 8000) else free_port()
        typer.echo(
            f"端口 {port} 已被占用。Port {port} on {host} is taken ({problem.strerror}).\n"
            f"换一个端口 choose another: ./mulin up --port {other}   (或 or MULIN_PORT={other})",
            err=True,
        )
    else:
        return
    raise typer.Exit(1)


def _is_free(host: str, port: int) -> bool:
    try:
        refuse_taken_port(host, port)
    except OSError:
        return False
    return True


def _running(state: State) -> dict[str, Any]:
    record = record_of_running(state)
    if record is None:
        typer.echo(f"没有运行。Nothing runs on {state.folder}. 启动 start: ./mulin up", err=True)
        raise typer.Exit(NOT_RUNNING)
    return record


def _hand_over(module: str, arguments: list[str]) -> None:
    """Call `main(arguments) -> exit status` of another part, loaded only now."""
    raise typer.Exit(importlib.import_module(module).main(arguments))
