"""Make or update the streams and consumers of the topology. Nobody else does: a service that finds drift refuses to start.

    python -m deploy.nats.provision            make what is missing, update what differs
    python -m deploy.nats.provision --check    change nothing, name every field that differs, end with status 1 if any does

The server is taken from MULIN_NATS_URL (or the file MULIN_NATS_URL_FILE), with the provisioner's user and password.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import nats
from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    ReplayPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import NotFoundError

from deploy.nats.config import PROVISIONER, inbox_prefix
from deploy.nats.topology import CONSUMERS, STREAMS, Consumer, Stream

SET_AT_CREATION = {"storage", "retention", "deny_delete", "deny_purge", "deliver_policy", "ack_policy", "replay_policy"}
"""Fields that the server never changes on an existing stream or consumer."""


@dataclass(frozen=True, slots=True)
class Drift:
    """One field of a stream or consumer that is not as the topology says."""

    where: str
    field: str
    found: object
    wanted: object

    def __str__(self) -> str:
        if self.field == "":
            return f"{self.where}: missing"
        return f"{self.where}.{self.field}: is {self.found!r}, must be {self.wanted!r}"


class ProvisioningError(RuntimeError):
    """Something exists in a form that cannot be changed in place; a person has to decide."""


async def provision(
    url: str, *, streams: Sequence[Stream] = STREAMS, consumers: Sequence[Consumer] = CONSUMERS, change: bool = True
) -> list[Drift]:
    """Compare the server with the topology and, if `change`, mend it. Returns what was found different."""
    connection = await nats.connect(
        url,
        name="provision",
        inbox_prefix=inbox_prefix(PROVISIONER).encode(),
        connect_timeout=5,
        allow_reconnect=False,
        error_cb=_report,
    )
    try:
        js = connection.jetstream(timeout=10)
        found = [drift for stream in streams for drift in await _stream(js, stream, change=change)]
        return found + [drift for consumer in consumers for drift in await _consumer(js, consumer, change=change)]
    finally:
        await connection.close()


async def _report(error: Exception) -> None:
    """A refused request is only a timeout for its caller; the reason arrives here."""
    print(f"nats: {error}", file=sys.stderr)


async def _stream(js: JetStreamContext, stream: Stream, *, change: bool) -> list[Drift]:
    wanted = stream_config(stream)
    try:
        found = (await js.stream_info(stream.name)).config
    except NotFoundError:
        if change:
            await js.add_stream(wanted)
        return [Drift(stream.name, "", None, None)]
    drifts = _differences(stream.name, asdict(stream), found)
    if drifts and change:
        _refuse_the_impossible(drifts)
        await js.update_stream(wanted)
    return drifts


async def _consumer(js: JetStreamContext, consumer: Consumer, *, change: bool) -> list[Drift]:
    where = f"{consumer.stream}/{consumer.durable}"
    wanted = consumer_config(consumer)
    try:
        found = (await js.consumer_info(consumer.stream, consumer.durable)).config
    except NotFoundError:
        if change:
            await js.add_consumer(consumer.stream, wanted)
        return [Drift(where, "", None, None)]
    fields = {name: value for name, value in asdict(consumer).items() if name not in ("stream", "durable", "service")}
    drifts = _differences(where, fields, found)
    if drifts and change:
        _refuse_the_impossible(drifts)
        await js.add_consumer(consumer.stream, wanted)
    return drifts


def _refuse_the_impossible(drifts: list[Drift]) -> None:
    fixed = [drift for drift in drifts if drift.field in SET_AT_CREATION]
    if fixed:
        raise ProvisioningError("cannot be changed in place: " + "; ".join(map(str, fixed)))


def _differences(where: str, wanted: dict[str, object], found: object) -> list[Drift]:
    return [
        Drift(where, field, is_now, must_be)
        for field, must_be in wanted.items()
        if field != "name" and (is_now := _plain(getattr(found, field))) != _plain(must_be)
    ]


def _plain(value: Any) -> object:
    """Values of the server and of the topology in one form: enumerations as text, lists as tuples, absent flags as false."""
    if value is None:
        return False
    if isinstance(value, list | tuple):
        return tuple(value)
    return getattr(value, "value", value)


def stream_config(stream: Stream) -> StreamConfig:
    """A stream in the words of the client library."""
    return StreamConfig(
        name=stream.name,
        description=stream.description,
        subjects=list(stream.subjects),
        retention=RetentionPolicy(stream.retention),
        max_bytes=stream.max_bytes,
        max_age=stream.max_age,
        discard=DiscardPolicy(stream.discard),
        storage=StorageType(stream.storage),
        num_replicas=stream.num_replicas,
        duplicate_window=stream.duplicate_window,
        deny_delete=stream.deny_delete,
        deny_purge=stream.deny_purge,
        allow_direct=stream.allow_direct,
    )


def consumer_config(consumer: Consumer) -> ConsumerConfig:
    """A consumer in the words of the client library."""
    return ConsumerConfig(
        name=consumer.durable,
        durable_name=consumer.durable,
        filter_subject=consumer.filter_subject,
        ack_policy=AckPolicy(consumer.ack_policy),
        deliver_policy=DeliverPolicy(consumer.deliver_policy),
        replay_policy=ReplayPolicy(consumer.replay_policy),
        ack_wait=consumer.ack_wait,
        max_deliver=consumer.max_deliver,
        max_ack_pending=consumer.max_ack_pending,
    )


def _url() -> str:
    file = os.environ.get("MULIN_NATS_URL_FILE")
    url = Path(file).read_text().strip() if file else os.environ.get("MULIN_NATS_URL", "")
    if not url:
        raise SystemExit("MULIN_NATS_URL (or MULIN_NATS_URL_FILE) must name the server, as user provisioner")
    return url


def main() -> int:
    """Command line: see the module's text."""
    parser = argparse.ArgumentParser(prog="python -m deploy.nats.provision", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--check", action="store_true", help="change nothing, report what differs")
    check: bool = parser.parse_args().check
    drifts = asyncio.run(provision(_url(), change=not check))
    for drift in drifts:
        print(drift if check else f"mended: {drift}")
    print(f"{len(STREAMS)} streams, {len(CONSUMERS)} consumers, {len(drifts)} differences")
    return 1 if check and drifts else 0


if __name__ == "__main__":
    sys.exit(main())
