"""`./mulin import issues FILE`: citizens' messages become issues, every row once, or nothing at all if a row is wrong."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from deploy.embedded.logins import load_logins
from deploy.embedded.running import record_of_running
from deploy.embedded.state import chosen_state
from deploy.imports.checking import Checker, Defaults, GoodRow, RowError
from deploy.imports.mapping import COLUMNS, MappingRefused, mapping_of
from deploy.imports.sending import Desk, Refused, Tally, placed
from deploy.imports.sheets import SheetUnreadable, read_sheet
from shared.principal import Role

SHOWN_ERRORS = 50
NO_PLACE = "地点见留言内容"
"""Issues need a place; the message board has no column for it."""
OK, ROWS_ARE_WRONG, USAGE = 0, 1, 2


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns the exit status."""
    asked = _parser().parse_args(arguments)
    console = Console(stderr=True)
    try:
        return asyncio.run(_import_issues(asked, console))
    except (SheetUnreadable, MappingRefused, NoDesk) as error:
        console.print(f"[red]{escape(str(error))}[/red]")
        return USAGE
    except Refused as refused:
        console.print(f"[red]{escape(str(refused))}[/red]")
        return ROWS_ARE_WRONG
    except aiohttp.ClientError as error:
        console.print(f"[red]网关没有回应 the gateway does not answer: {escape(str(error))}[/red]")
        return ROWS_ARE_WRONG


class NoDesk(Exception):
    """There is no platform to send to, or nobody to log in as."""


async def _import_issues(asked: argparse.Namespace, console: Console) -> int:
    columns = mapping_of(asked.mapping)
    rows = read_sheet(asked.file, columns.needed(*(("category",) if asked.category else ())))
    address, login, password = _whom_to_ask(asked)
    async with Desk(address, asked.community) as desk:
        await desk.log_in(login, password)
        defaults = Defaults(asked.place, asked.category)
        checker = Checker(columns, await desk.categories(), defaults, datetime.now(UTC))
        good, errors = checker.check(rows)
        if errors:
            _show_errors(errors, console)
            if not asked.skip_bad:
                console.print(
                    f"[red]{_bad_rows(errors)} 行有误，一行也没有导入。{_bad_rows(errors)} rows are wrong; nothing was imported.[/red] "
                    "改正后重试，或加 --skip-bad 跳过 correct them, or skip them with --skip-bad"
                )
                return ROWS_ARE_WRONG
        try:
            tally = await _send(desk, asked, good, console)
        except Refused as refused:
            _show_errors(placed(refused, dict(columns.columns)), console)
            raise
    _tell(asked, len(rows), tally, _bad_rows(errors))
    return OK


async def _send(desk: Desk, asked: argparse.Namespace, good: Sequence[GoodRow], console: Console) -> Tally:
    """With a progress bar; first all batches as a dry run, so that a refusal comes before anything is kept."""
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    )
    with bar:
        checking = bar.add_task("核对 checking", total=len(good))
        tally = await desk.bring_in(asked.source, good, dry_run=True, progress=lambda done: bar.advance(checking, done))
        if not asked.dry_run:
            sending = bar.add_task("导入 importing", total=len(good))
            tally = await desk.bring_in(
                asked.source, good, dry_run=False, progress=lambda done: bar.advance(sending, done)
            )
    return tally


def _tell(asked: argparse.Namespace, rows: int, tally: Tally, skipped: int) -> None:
    if asked.dry_run:
        print(
            f"试运行，没有写入：{rows} 行，将新增 {tally.created}，已存在 {tally.already_there}，跳过 {skipped}\n"
            f"dry run, nothing was kept: {rows} rows, {tally.created} would be new, {tally.already_there} are there, {skipped} skipped"
        )
    else:
        print(
            f"完成：{rows} 行，新增 {tally.created}，已存在 {tally.already_there}，跳过 {skipped}\n"
            f"done: {rows} rows, {tally.created} new, {tally.already_there} were there, {skipped} skipped"
        )


def _show_errors(errors: Sequence[RowError], console: Console) -> None:
    if not errors:
        return
    table = Table("行 row", "列 column", "问题 problem")
    for error in errors[:SHOWN_ERRORS]:
        table.add_row(str(error.row), escape(error.column), escape(error.problem))
    console.print(table)
    if len(errors) > SHOWN_ERRORS:
        console.print(f"……还有 {len(errors) - SHOWN_ERRORS} 处 and {len(errors) - SHOWN_ERRORS} more")


def _bad_rows(errors: Sequence[RowError]) -> int:
    return len({error.row for error in errors})


def _whom_to_ask(asked: argparse.Namespace) -> tuple[str, str, str]:
    """Address, login and password: as given, else of the platform that runs here and its demo logins."""
    state = chosen_state()
    record = record_of_running(state)
    address = asked.gateway or (record and record["address"])
    if not address:
        raise NoDesk(
            "平台没有运行：先 ./mulin up，或用 --gateway 指定地址。The platform is not running: start it, or give --gateway"
        )
    if asked.login and asked.password:
        return str(address), asked.login, asked.password
    wanted = (Role.COMMUNITY_ADMIN.value, Role.DUTY_OFFICER.value)
    fitting = [one for one in load_logins(state.folder) if one.community == asked.community and one.role in wanted]
    if not fitting:
        raise NoDesk(
            f"没有可用的登录：用 --login 和 --password 指定社区管理员或值班人员。No login for {asked.community}: give --login and --password"
        )
    best = min(fitting, key=lambda one: wanted.index(one.role))
    return str(address), best.login, best.password


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./mulin import", description="导入表格数据。Import spreadsheets.")
    what = parser.add_subparsers(dest="what", required=True)
    issues = what.add_parser(
        "issues",
        help="居民留言 citizens' messages",
        description="把居民留言导入为诉求；重复运行不会重复导入。Citizens' messages become issues; running it twice imports nothing twice.",
    )
    issues.add_argument("file", type=Path, help="FILE.xlsx 或 or FILE.csv")
    issues.add_argument("--community", required=True, help="社区代号 key of the community, e.g. feicuicheng")
    issues.add_argument(
        "--mapping",
        help=f"列对应：“列=field,…”或 JSON 文件 columns, “列=field,…” or a JSON file; 缺省 default: "
        f"{','.join(f'{column}={name}' for column, name in COLUMNS.items())}",
    )
    issues.add_argument("--dry-run", action="store_true", help="只核对，不写入 check everything, keep nothing")
    issues.add_argument("--skip-bad", action="store_true", help="跳过有误的行 leave out rows that are wrong")
    issues.add_argument(
        "--source",
        default="message-board",
        help="来源，编号在同一来源内唯一 where the ids come from; each is imported once (default: %(default)s)",
    )
    issues.add_argument("--place", default=NO_PLACE, help="没有地点列时的地点 place for rows without one (%(default)s)")
    issues.add_argument("--category", help="没有分类列或为空时的分类 category for rows without one, name or code")
    issues.add_argument("--gateway", help="网关地址 address of the gateway (default: the platform that runs here)")
    issues.add_argument("--login", help="社区管理员或值班人员 a community administrator or duty officer")
    issues.add_argument("--password")
    return parser


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
