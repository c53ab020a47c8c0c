"""The command line of every service: `python -m services.<name> serve | migrate | dead-letters list|replay ID… | parked list|release ID…`."""

import argparse
import asyncio
import importlib
import signal
from collections.abc import Callable, Sequence
from typing import TypeVar

import uvicorn
from fastapi import FastAPI

from shared.database.migrations import migrate
from shared.observability.logging import configure_logging
from shared.settings import ServiceSettings, owner_url

GRACE_SECONDS = 20
"""Time for running requests after SIGTERM; the supervisor waits longer."""
S = TypeVar("S", bound=ServiceSettings)


def serve_main(
    service: str, build: Callable[[S], FastAPI], settings: type[S], arguments: Sequence[str] | None = None
) -> int:
    """Entry point of `services/<name>/__main__.py`: `raise SystemExit(serve_main("issues", build, IssuesSettings))`."""
    asked = _parser(service).parse_args(arguments)
    if asked.command == "migrate":
        print(asyncio.run(migrate(owner_url(), service, asked.revision)))
        return 0
    given = settings.from_environment(service)
    if asked.command == "serve":
        serve(build, given)
        return 0
    messaging = importlib.import_module("shared.messaging.commands")  # only these commands need it
    status: int = asyncio.run(messaging.run_command(given, build, asked.command, asked.what, asked.ids))
    return status


def serve(build: Callable[[S], FastAPI], settings: S) -> None:
    """Serve until SIGTERM or SIGINT, then finish what is running."""
    configure_logging(settings.service, settings.log_level)
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn stops in order and then raises the signal once more; having been asked to stop is no failure.
        signal.signal(number, lambda *_: None)
    uvicorn.run(
        build(settings),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=GRACE_SECONDS,
        ws="none",
    )


def _parser(service: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m services.{service}")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="serve HTTP, relay and consumers")
    migration = commands.add_parser("migrate", help="bring the database to the newest shape")
    migration.add_argument("revision", nargs="?", default="head")
    letters = commands.add_parser("dead-letters", help="look at messages that were given up, or replay them")
    what = letters.add_subparsers(dest="what", required=True)
    what.add_parser("list").set_defaults(ids=[])
    what.add_parser("replay").add_argument("ids", nargs="+", metavar="ID")
    parked = commands.add_parser("parked", help="look at messages that NATS refused, or let them try again")
    what = parked.add_subparsers(dest="what", required=True)
    what.add_parser("list").set_defaults(ids=[])
    what.add_parser("release").add_argument("ids", nargs="+", metavar="ID")
    return parser
