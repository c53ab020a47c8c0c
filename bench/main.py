"""`./mulin bench [submit|relay|latency|search|dashboard …] [--rounds N]`: what we hold ourselves to, measured now, on this machine."""

import argparse
import asyncio
from collections.abc import Sequence

import uvloop
from rich.console import Console
from rich.table import Table

from bench.rounds import Ratio

BENCHMARKS = ("submit", "relay", "latency", "search", "dashboard")


def measure(names: Sequence[str], rounds: int) -> list[Ratio]:
    """Run the chosen benchmarks one after the other; each starts and stops its own servers."""
    from bench import dashboard, ground, latency, relay, search, submit  # noqa: PLC0415 - importing them takes as long as printing help

    ratios: list[Ratio] = []
    if "submit" in names:
        ratios += asyncio.run(
            submit.submit_an_issue(rounds)
        )  # the supervisor starts programs as another user: no uvloop
    if "relay" in names:
        with ground.durable_servers() as servers:
            ratios.append(uvloop.run(relay.relay_of_a_backlog(servers, rounds)))
    if "latency" in names:
        with ground.durable_servers() as servers:
            ratios += uvloop.run(latency.commit_to_handler(servers, rounds))
    if "search" in names:
        ratios += asyncio.run(search.search(rounds))
    if "dashboard" in names:
        ratios += asyncio.run(dashboard.dashboard(rounds))
    return ratios


def show(ratios: Sequence[Ratio]) -> None:
    """Print each ratio with its rounds: the median is what counts, the range says how noisy the machine was."""
    table = Table(title="ours / limit, median of the rounds [least – most]")
    for column in ("what", "beside", "ours", "limit", "ratio", "rounds", "floor", "goal", ""):
        table.add_column(column)
    for ratio in ratios:
        sign = "≤ " if ratio.lower_is_better else "≥ "
        ours, limit = (sorted(side)[len(side) // 2] for side in (ratio.ours, ratio.limit))
        table.add_row(
            ratio.name,
            ratio.limit_name,
            _number(ours),
            _number(limit),
            f"{ratio.value:.2f}",
            f"{min(ratio.each):.2f} – {max(ratio.each):.2f}",
            f"{sign}{ratio.floor:g}",
            f"{sign}{ratio.goal:g}",
            {"goal": "goal reached", "floor": "floor reached", "below": "below the floor"}[ratio.verdict],
        )
    Console(width=160).print(table)


def _number(value: float) -> str:
    return f"{value * 1000:.2f} ms" if value < 1 else f"{value:.0f}/s"


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; always 0: a ratio is a report, not a verdict."""
    parser = argparse.ArgumentParser(prog="mulin bench", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"any of {', '.join(BENCHMARKS)}; all when left out")
    parser.add_argument("--rounds", type=int, default=5, help="rounds per benchmark (default 5)")
    options = parser.parse_args(arguments)
    unknown = set(options.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    show(measure(options.names or BENCHMARKS, max(1, options.rounds)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
