"""Writes down who tells whom what: docs/messages.md for people, reactions.json for programs.

    python -m shared.messaging.describe            write both
    python -m shared.messaging.describe --check    change nothing; status 1 if one of them is stale

A running service has only its own code, so the document of the whole platform reads the reactions of all services from the
file that lies beside this one.
"""

import argparse
import importlib
import inspect
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from shared.contracts.catalogue import all_messages
from shared.contracts.message import Message
from shared.messaging.consumers import Consumers
from shared.messaging.topology import PUBLISHERS, SUBSCRIPTIONS

REACTIONS = Path(__file__).with_name("reactions.json")
PAGE = Path(__file__).resolve().parents[2] / "docs" / "messages.md"


@dataclass(frozen=True, slots=True)
class Reaction:
    """What one consumer does when a message of one type comes."""

    consumer: str
    service: str
    message_type: str
    handler: str
    summary: str


def reactions_of_services() -> list[Reaction]:
    """From the `Consumers` objects of all services that listen to something."""
    all_messages()
    return [reaction for service in SUBSCRIPTIONS for reaction in reactions_of(_consumers(service))]


def reactions_of(consumers: Consumers) -> list[Reaction]:
    """The reactions of one service."""
    return [
        Reaction(
            durable.name,
            durable.service,
            message_type,
            getattr(handler, "__name__", "?"),
            (inspect.getdoc(handler) or "").split("\n\n", 1)[0].replace("\n", " "),
        )
        for durable, message_type, handler in consumers.reactions()
    ]


def written_reactions() -> list[Reaction]:
    """The reactions as they were written down last."""
    return [Reaction(**item) for item in json.loads(REACTIONS.read_text(encoding="utf-8"))]


def as_json(reactions: list[Reaction]) -> str:
    """Content of reactions.json."""
    return json.dumps([asdict(reaction) for reaction in reactions], ensure_ascii=False, indent=1) + "\n"


def as_page(reactions: list[Reaction]) -> str:
    """Content of docs/messages.md."""
    messages = all_messages()
    lines = [
        "# Messages",
        "",
        "What the services tell each other. Written by `python -m shared.messaging.describe` from `shared/contracts` and from",
        "the services' `consumers.py`; a test fails when it is stale. Every message travels as a CloudEvents 1.0 JSON document",
        "on the subject `<publisher>.<community>.<fact>.v<version>` of its publisher's stream.",
    ]
    for publisher in PUBLISHERS:
        own = [message for message in messages.values() if message.publisher == publisher]
        if own:
            lines += ["", f"## {publisher}", ""]
            for message in own:
                lines += _section(message, [r for r in reactions if r.message_type == message.message_type])
    return "\n".join(lines).rstrip() + "\n"


def _section(message: type[Message], reactions: list[Reaction]) -> list[str]:
    fields = ", ".join(
        f"`{name}`" if field.is_required() else f"`{name}`?" for name, field in message.model_fields.items()
    )
    lines = [
        f"### {message.message_type}",
        "",
        " ".join((inspect.getdoc(message) or "").split()),
        "",
        f"- class `{message.__name__}`, ordered by `{message.aggregate}`",
        f"- data: {fields}",
    ]
    lines += [f"- **{reaction.consumer}** `{reaction.handler}`: {reaction.summary}" for reaction in reactions]
    if not reactions:
        lines.append("- nobody reacts to it yet")
    return [*lines, ""]


def _consumers(service: str) -> Consumers:
    found: Consumers = importlib.import_module(f"services.{service}.consumers").consumers
    return found


def main(arguments: list[str] | None = None) -> int:
    """Command line: see the module's text."""
    parser = argparse.ArgumentParser(prog="python -m shared.messaging.describe")
    parser.add_argument("--check", action="store_true", help="change nothing, end with status 1 if something is stale")
    check: bool = parser.parse_args(arguments).check
    reactions = reactions_of_services()
    stale = 0
    for path, content in ((REACTIONS, as_json(reactions)), (PAGE, as_page(reactions))):
        if path.exists() and path.read_text(encoding="utf-8") == content:
            continue
        stale += 1
        if check:
            print(f"stale: {path.name}; run python -m shared.messaging.describe")
        else:
            path.write_text(content, encoding="utf-8")
            print(f"written: {path.name}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
