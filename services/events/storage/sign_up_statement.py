"""Signing up in one statement and one round trip: the hot path of this service, for the evening on which 200 households want 50 places.

The registration comes with what we suppose: places, or a place on the waitlist. The statement binds the community first, for every later part
reads from it; then it takes what was supposed, if that is so, and writes registration, message and idempotent answer with it. If the
event was changed, or the places are otherwise than supposed, it writes nothing. A key or a person known before breaks a unique key, and
with it the whole statement. The rank exists only inside the statement, so the texts that carry it come with a placeholder.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import asyncpg
import orjson

from services.events.domain.registration import Registration
from services.events.storage.recollection import SupposedWrongly
from shared.contracts.message import Message
from shared.http.idempotency import IdempotentRequest, StoredAnswer
from shared.ids import new_id
from shared.messaging.outbox import CAUSATION_LIMIT, stream_of

if TYPE_CHECKING:
    from services.events.storage.unit_of_work import PostgresEventsUnitOfWork

UNKNOWN_RANK = 2_000_000_001
"""Stands for the rank in message and answer. No text of a person can hold its pattern: quotes are escaped there."""
PATTERN = f'"rank":{UNKNOWN_RANK}'

STATEMENT = f"""
WITH tenant AS MATERIALIZED (
    SELECT set_config('app.community', $1, true) AS community
),
known AS MATERIALIZED (
    SELECT tenant.community
    FROM tenant CROSS JOIN LATERAL (
        SELECT 1 FROM events WHERE events.community = tenant.community AND events.id = $2::uuid AND events.version = $3::int
        OFFSET 0
    ) AS unchanged
),
taken AS (
    INSERT INTO event_places AS p (community, event_id, capacity, closes_at, has_waitlist, is_open,
                                   confirmed_persons, waiting, last_position)
    SELECT community, $2::uuid, 0, $4::timestamptz, false, false, 0, 0, 0 FROM known
    ON CONFLICT (community, event_id) DO UPDATE
    SET confirmed_persons = p.confirmed_persons + CASE WHEN $5::boolean THEN 0 ELSE $6::int END,
        waiting = p.waiting + CASE WHEN $5::boolean THEN 1 ELSE 0 END,
        last_position = p.last_position + 1
    WHERE p.is_open AND p.closes_at > $4::timestamptz AND p.capacity >= $6::int AND (p.has_waitlist OR NOT $5::boolean)
      AND (p.waiting > 0 OR p.confirmed_persons + $6::int > p.capacity) = $5::boolean
    RETURNING p.community, p.last_position AS position, p.waiting AS rank
),
registered AS (
    INSERT INTO registrations (community, id, event_id, registered_by, household_id, persons, dish, table_number,
                               state, position, registered_at, present_persons, version)
    SELECT taken.community, $7::uuid, $2::uuid, $8::uuid,
           (SELECT m.household_id FROM household_members AS m
            WHERE m.community = taken.community AND m.person_id = $8::uuid),
           $6::int, $9::text, $10::int, $11::text, taken.position, $4::timestamptz, 0, 1
    FROM taken
),
counted AS (
    INSERT INTO outbox_aggregates (aggregate_id, community, last_version) SELECT $7::uuid, community, 1 FROM taken
),
told AS (
    INSERT INTO outbox (id, community, aggregate_id, aggregate_version, type, stream, subject, data,
                        occurred_at, correlation_id, causation_id)
    SELECT $12::uuid, community, $7::uuid, 1, $13::text, $14::text, $15::text,
           replace($16::text, '{PATTERN}', '"rank":' || rank)::jsonb, $4::timestamptz, $17::text, NULL
    FROM taken
),
answered AS (
    INSERT INTO idempotency_keys (community, actor, route, key, fingerprint, status, headers, body, created_at)
    SELECT community, $18::uuid, $19::text, $20::text, $21::bytea, $22::int, $23::text::jsonb,
           convert_to(replace($24::text, '{PATTERN}', '"rank":' || rank), 'UTF8'), $4::timestamptz
    FROM taken
)
SELECT position, rank FROM taken
"""


@dataclass(frozen=True, slots=True)
class SupposedSignUp:
    """A registration that is not written yet, the version of its event, and the moment."""

    registration: Registration
    event_version: int
    at: datetime


async def sign_up_in_one_statement(uow: "PostgresEventsUnitOfWork", supposed: SupposedSignUp, result: object) -> None:
    """Write the registration with its message and answer, and set its rank. Raises SupposedWrongly when nothing was written."""
    once, registration = uow.once, supposed.registration
    message = uow.published[0]
    if not isinstance(once, IdempotentRequest) or not isinstance(message, Message) or len(uow.published) != 1:
        raise TypeError("only a command over HTTP with one message is written in one statement")
    answer = once.rendered(result)
    try:
        row = await uow.in_one_statement(STATEMENT, *_arguments(uow, supposed, message, answer=answer, once=once))
    except asyncpg.UniqueViolationError as error:
        uow.careful = True  # the key or the person is known: only the long way can say which
        raise SupposedWrongly from error
    if row is None:
        uow.recollection.note_places(uow.community, registration.event_id, waits=not registration.waits)
        raise SupposedWrongly
    body = answer.body.replace(PATTERN.encode(), f'"rank":{row["rank"]}'.encode())
    once.answer = StoredAnswer(answer.status, answer.headers, body)
    registration.position = row["position"]
    if registration.waits:
        registration.rank = row["rank"]
        uow.published[0] = message.model_copy(update={"rank": registration.rank})


def _arguments(
    uow: "PostgresEventsUnitOfWork",
    supposed: SupposedSignUp,
    message: Message,
    *,
    answer: StoredAnswer,
    once: IdempotentRequest,
) -> tuple[Any, ...]:
    """$1 to $24."""
    registration = supposed.registration
    return (
        uow.community,
        registration.event_id,
        supposed.event_version,
        supposed.at,
        registration.waits,
        registration.persons,
        registration.id,
        registration.registered_by,
        registration.dish,
        registration.table,
        registration.state.value,
        new_id(),
        message.message_type,
        stream_of(message.publisher),
        message.subject(uow.community),
        message.__pydantic_serializer__.to_json(message).decode(),
        uow.correlation_id[:CAUSATION_LIMIT],
        once.actor,
        once.route,
        once.key,
        once.fingerprint,
        answer.status,
        orjson.dumps(dict(answer.headers)).decode(),
        answer.body.decode(),
    )
