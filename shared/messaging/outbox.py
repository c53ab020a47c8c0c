"""Write messages to the outbox inside the caller's transaction, numbered per aggregate, in one statement.

The counter rows are taken in sorted order, so that two transactions never wait for each other in a circle, and they stay
locked until commit, so that version 2 of an aggregate can never be committed before version 1.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

import orjson

from shared.contracts.message import CLOUDEVENTS_PREFIX, Message
from shared.database.failures import raise_refusal
from shared.ids import new_id

if TYPE_CHECKING:
    import asyncpg


class Transaction(Protocol):
    """What messaging needs of a unit of work."""

    @property
    def community(self) -> str:
        """The community it is bound to."""
        ...

    @property
    def correlation_id(self) -> str:
        """What the whole chain of work began with."""
        ...

    @property
    def causation_id(self) -> str | None:
        """The message that caused this work, if one did."""
        ...

    def now(self) -> datetime:
        """The present moment, UTC."""
        ...

    async def driver(self) -> "asyncpg.Connection[Any]":
        """The asyncpg connection of this transaction."""
        ...


CAUSATION_LIMIT = 200
"""Characters kept of a correlation or causation id; they come from request headers."""


@dataclass(frozen=True, slots=True)
class AddressedMessage:
    """A message with an address of its own, such as what notify sends to a partner: other stream, other subject.

    `message_type` is the type of the fact it tells of, e.g. `issues.issue_resolved.v1`. On the partners' stream `data` is
    the whole document, redacted by notify, and is sent unchanged.
    """

    stream: str
    address: str
    aggregate_id: UUID
    message_type: str
    data: Mapping[str, Any]
    occurred_at: datetime | None = None
    id: UUID = field(default_factory=new_id)


PARAMETERS = (
    "outbox_community",
    "outbox_counted",
    "outbox_counts",
    "outbox_ids",
    "outbox_aggregates",
    "outbox_back",
    "outbox_types",
    "outbox_streams",
    "outbox_subjects",
    "outbox_data",
    "outbox_times",
    "outbox_correlation",
    "outbox_causation",
)
"""Names of the parameters of `ctes`, in a fixed order for those who number them."""


def ctes(bind: Callable[[str], str] = lambda name: f":{name}") -> str:
    """Two common table expressions, `outbox_counters` and `outbox_rows`, to put into a hot command's single statement.

    `bind` writes a placeholder; for asyncpg: `lambda name: f"${first + PARAMETERS.index(name)}"`.
    """

    def given(name: str, sql_type: str) -> str:
        return f"CAST({bind(name)} AS {sql_type})"

    return f"""
outbox_counters AS (
    INSERT INTO outbox_aggregates AS known (aggregate_id, community, last_version)
    SELECT counted.id, {given("outbox_community", "text")}, counted.messages
    FROM unnest({given("outbox_counted", "uuid[]")}, {given("outbox_counts", "int[]")}) AS counted (id, messages)
    ORDER BY counted.id
    ON CONFLICT (aggregate_id) DO UPDATE SET last_version = known.last_version + excluded.last_version
    RETURNING known.aggregate_id, known.last_version
),
outbox_rows AS (
    INSERT INTO outbox (id, community, aggregate_id, aggregate_version, type, stream, subject, data,
                        occurred_at, correlation_id, causation_id)
    SELECT item.id, {given("outbox_community", "text")}, item.aggregate_id, outbox_counters.last_version - item.back,
           item.type, item.stream, item.subject, CAST(item.data AS jsonb), item.occurred_at,
           {given("outbox_correlation", "text")}, {given("outbox_causation", "text")}
    FROM unnest({given("outbox_ids", "uuid[]")}, {given("outbox_aggregates", "uuid[]")}, {given("outbox_back", "int[]")},
                {given("outbox_types", "text[]")}, {given("outbox_streams", "text[]")},
                {given("outbox_subjects", "text[]")}, {given("outbox_data", "text[]")},
                {given("outbox_times", "timestamptz[]")})
         WITH ORDINALITY AS item (id, aggregate_id, back, type, stream, subject, data, occurred_at, rank)
    JOIN outbox_counters ON outbox_counters.aggregate_id = item.aggregate_id
    ORDER BY item.rank
    RETURNING id
)"""


STATEMENT = f"WITH {ctes(lambda name: f'${1 + PARAMETERS.index(name)}')} SELECT count(*) FROM outbox_rows"


def rows(
    *,
    community: str,
    messages: Sequence[Message | AddressedMessage],
    correlation_id: str,
    causation_id: str | None,
    now: datetime,
) -> dict[str, Any]:
    """The parameters that put these messages, in this order, into the outbox of a community."""
    counts = Counter(message.aggregate_id for message in messages)
    seen: Counter[UUID] = Counter()
    given: dict[str, Any] = {name: [] for name in PARAMETERS}
    for message in messages:
        key = message.aggregate_id
        seen[key] += 1
        given["outbox_back"].append(counts[key] - seen[key])  # the last message of an aggregate gets the counter itself
        given["outbox_aggregates"].append(key)
        given["outbox_types"].append(message.message_type)
        if isinstance(message, AddressedMessage):
            given["outbox_ids"].append(message.id)
            given["outbox_streams"].append(message.stream)
            given["outbox_subjects"].append(message.address)
            given["outbox_data"].append(orjson.dumps(dict(message.data)).decode())
            given["outbox_times"].append(message.occurred_at or now)
        else:
            given["outbox_ids"].append(new_id())
            given["outbox_streams"].append(stream_of(message.publisher))
            given["outbox_subjects"].append(message.subject(community))
            given["outbox_data"].append(message.model_dump_json())
            given["outbox_times"].append(now)
    ordered = sorted(counts)
    given["outbox_counted"] = ordered
    given["outbox_counts"] = [counts[key] for key in ordered]
    given["outbox_community"] = community
    given["outbox_correlation"] = correlation_id[:CAUSATION_LIMIT]
    given["outbox_causation"] = causation_id[:CAUSATION_LIMIT] if causation_id else None
    return given


async def add(uow: Transaction, messages: Sequence[Message | AddressedMessage]) -> None:
    """Write messages to the outbox of the running transaction, in their order. It neither commits nor publishes."""
    if messages:
        given = rows(
            community=uow.community,
            messages=messages,
            correlation_id=uow.correlation_id,
            causation_id=uow.causation_id,
            now=uow.now(),
        )
        driver = await uow.driver()
        try:
            await driver.execute(STATEMENT, *(given[name] for name in PARAMETERS))
        except Exception as error:
            raise_refusal(error)


def stream_of(publisher: str) -> str:
    """The stream that a service publishes to."""
    return publisher.upper()


def cloudevents_type(message_type: str) -> str:
    """CloudEvents `type` of a message type."""
    return CLOUDEVENTS_PREFIX + message_type
