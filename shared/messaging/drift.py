"""Compares streams and consumers on the server with the topology. A service that finds a difference refuses to start.

An existing durable keeps its own settings whatever a client asks for, so a wrong one would win silently for ever.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from shared.messaging.topology import Consumer, Stream
from shared.observability.logging import get_logger

log = get_logger("messaging")


@dataclass(frozen=True, slots=True)
class Drift:
    """One field of a stream or consumer that is not as the topology says; without a field, the whole thing is missing."""

    where: str
    field: str
    found: object
    wanted: object

    def __str__(self) -> str:
        if self.field == "":
            return f"{self.where}: missing"
        return f"{self.where}.{self.field}: is {self.found!r}, must be {self.wanted!r}"


class ConfigurationDrift(Exception):
    """The server differs from the topology; running on would break promises quietly."""

    def __init__(self, drifts: Iterable[Drift]) -> None:
        self.drifts = tuple(drifts)
        super().__init__(
            "NATS is not configured as this release needs it (run the provisioning step): "
            + "; ".join(map(str, self.drifts))
        )


def differences(where: str, wanted: Mapping[str, object], found: object) -> list[Drift]:
    """Fields of a configuration of the client library that differ from the wanted values."""
    return [
        Drift(where, field, is_now, must_be)
        for field, must_be in wanted.items()
        if (is_now := _plain(getattr(found, field))) != _plain(must_be)
    ]


def stream_fields(stream: Stream) -> dict[str, object]:
    """What is compared of a stream."""
    return {name: value for name, value in asdict(stream).items() if name != "name"}


def consumer_fields(consumer: Consumer) -> dict[str, object]:
    """What is compared of a consumer."""
    return {name: value for name, value in asdict(consumer).items() if name not in ("stream", "durable", "service")}


async def refuse_drift(js: JetStreamContext, streams: Iterable[Stream], consumers: Iterable[Consumer]) -> None:
    """Raise `ConfigurationDrift` naming every field that differs. Waits while the server is there but does not answer yet."""
    drifts: list[Drift] = []
    for stream in streams:
        config = await _config_of(js.stream_info, stream.name)
        where = stream.name
        drifts += (
            [Drift(where, "", None, None)] if config is None else differences(where, stream_fields(stream), config)
        )
    for consumer in consumers:
        config = await _config_of(js.consumer_info, consumer.stream, consumer.durable)
        where = f"{consumer.stream}/{consumer.durable}"
        drifts += (
            [Drift(where, "", None, None)] if config is None else differences(where, consumer_fields(consumer), config)
        )
    if drifts:
        raise ConfigurationDrift(drifts)


async def _config_of(ask: Any, *names: str) -> object | None:
    """The configuration of a stream or consumer, `None` if it does not exist."""
    while True:
        try:
            config: object = (await ask(*names)).config
        except NotFoundError:
            return None
        except (NatsError, TimeoutError) as error:
            log.warning("nats.not_ready", stream=names[0], reason=str(error) or type(error).__name__)
            await asyncio.sleep(0.5)
        else:
            return config


def _plain(value: Any) -> object:
    """Values of the server and of the topology in one form: enumerations as text, lists as tuples, absent flags as false."""
    if value is None:
        return False
    if isinstance(value, list | tuple):
        return tuple(value)
    return getattr(value, "value", value)
