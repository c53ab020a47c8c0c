"""Reporting an issue in one statement and one round trip: the hot path of this service.

The statement binds the community first, for every later part reads `tenant` directly or through `given`. Then it takes the next number, and writes
issue, history, message and idempotent answer with it. The number exists only inside the statement, so the texts that carry it
(message, answer) come with a placeholder that the statement replaces. A key that was used before breaks the primary key of
idempotency_keys, and with it the whole statement: no number is lost.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import asyncpg
import orjson

from services.issues.domain.history import HistoryEntry
from services.issues.domain.issue import Issue
from services.issues.domain.number import issue_number, number_year
from services.issues.domain.words.timers import LOOK
from services.issues.storage.issue_rows import history_row, new_issue_row
from shared.contracts.message import Message
from shared.database.failures import violated_constraint
from shared.http.idempotency import IdempotentRequest, StoredAnswer
from shared.ids import new_id
from shared.messaging.outbox import stream_of

if TYPE_CHECKING:
    from services.issues.storage.unit_of_work import PostgresIssuesUnitOfWork

_TYPES = {
    "id": "uuid",
    "building_id": "uuid",
    "reported_by": "uuid",
    "compound_id": "uuid",
    "grid_id": "uuid",
    "place_floor": "smallint",
    "filed_by": "uuid",
    "origin_id": "uuid",
    "anonymous": "boolean",
    "consented_at": "timestamptz",
    "registered_at": "timestamptz",
    "reported_at": "timestamptz",
    "promised_by": "timestamptz",
    "round": "int",
    "version": "int",
    "issue_id": "uuid",
    "done_by": "uuid",
    "at": "timestamptz",
    "details": "jsonb",
}
"""SQL types of the columns that are not text."""
ISSUE_COLUMNS = (
    "id",
    "kind",
    "category",
    "severity",
    "building_id",
    "place_text",
    "compound_id",
    "grid_id",
    "place_unit",
    "place_floor",
    "title",
    "text",
    "source",
    "reported_by",
    "filed_by",
    "origin_id",
    "anonymous",
    "consent_way",
    "consented_at",
    "registered_at",
    "reported_at",
    "promised_by",
    "state",
    "round",
    "consent",
    "version",
)
HISTORY_COLUMNS = ("id", "verb", "to_state", "done_by", "at", "round")
_OWN = 21
"""Parameters that stand before the columns: see `arguments`."""


def _values(columns: tuple[str, ...], first: int) -> str:
    return ", ".join(f"CAST(${n} AS {_TYPES.get(name, 'text')})" for n, name in enumerate(columns, start=first))


STATEMENT = f"""
WITH tenant AS MATERIALIZED (
    SELECT set_config('app.community', $1, true) AS community
),
numbered AS (
    INSERT INTO issue_numbers AS counter (community, year, last)
    SELECT community, CAST($2 AS int), 1 FROM tenant
    ON CONFLICT (community, year) DO UPDATE SET last = counter.last + 1
    RETURNING community, last
),
given AS MATERIALIZED (
    SELECT community, CAST($3 AS text) || lpad(CAST(last AS text), greatest(6, length(CAST(last AS text))), '0') AS number
    FROM numbered
),
new_issue AS (
    INSERT INTO issues (community, number, {", ".join(ISSUE_COLUMNS)})
    SELECT community, number, {_values(ISSUE_COLUMNS, _OWN + 1)} FROM given
),
new_history AS (
    INSERT INTO issue_history (community, issue_id, details, {", ".join(HISTORY_COLUMNS)})
    SELECT community, CAST($5 AS uuid), '{{}}'::jsonb, {_values(HISTORY_COLUMNS, _OWN + 1 + len(ISSUE_COLUMNS))} FROM given
),
to_count AS (
    INSERT INTO report_queue (community, id, issue_id, at)
    SELECT community, CAST($6 AS uuid), CAST($5 AS uuid), CAST($11 AS timestamptz) FROM given
),
timed AS (
    INSERT INTO timers (community, kind, subject, key, due_at, set_at, try_at)
    SELECT community, CAST($21 AS text), CAST($5 AS uuid), '', CAST($20 AS timestamptz), CAST($11 AS timestamptz),
           CAST($20 AS timestamptz)
    FROM given
),
counted AS (
    INSERT INTO outbox_aggregates (aggregate_id, community, last_version)
    SELECT CAST($5 AS uuid), community, 1 FROM given
),
told AS (
    INSERT INTO outbox (id, community, aggregate_id, aggregate_version, type, stream, subject, data,
                        occurred_at, correlation_id, causation_id)
    SELECT CAST($6 AS uuid), community, CAST($5 AS uuid), 1, CAST($7 AS text), CAST($8 AS text), CAST($9 AS text),
           CAST(replace(CAST($10 AS text), CAST($4 AS text), number) AS jsonb), CAST($11 AS timestamptz), CAST($12 AS text), NULL
    FROM given
),
answered AS (
    INSERT INTO idempotency_keys (community, actor, route, key, fingerprint, status, headers, body, created_at)
    SELECT community, CAST($13 AS uuid), CAST($14 AS text), CAST($15 AS text), CAST($16 AS bytea), CAST($17 AS int),
           CAST(CAST($18 AS text) AS jsonb), convert_to(replace(CAST($19 AS text), CAST($4 AS text), number), 'UTF8'),
           CAST($11 AS timestamptz)
    FROM given
)
SELECT number FROM given
"""


async def report_in_one_statement(
    uow: "PostgresIssuesUnitOfWork", code: str, first_look: datetime, result: object
) -> bool:
    """Write a reported issue with its message, the timer of its clocks, and the answer. False when the key was used before: then nothing was written."""
    once, issue = uow.once, uow.issues.new[0].issue
    message, entry = uow.published[0], issue.happened[0]
    if not isinstance(once, IdempotentRequest) or not isinstance(message, Message):
        raise TypeError("only a command over HTTP with one message is written in one statement")
    answer = once.rendered(result)
    arguments = _arguments(uow, code, first_look=first_look, message=message, answer=answer, once=once, issue=issue)
    try:
        row = await uow.in_one_statement(STATEMENT, *arguments, *_columns(issue, entry))
    except asyncpg.UniqueViolationError as error:
        if violated_constraint(error) != "idempotency_keys_pkey":
            raise
        return False
    number = str(row["number"]) if row is not None else ""
    body = answer.body.replace(issue.number.encode(), number.encode())
    once.answer = StoredAnswer(answer.status, answer.headers, body)
    issue.number = number
    return True


def _arguments(
    uow: "PostgresIssuesUnitOfWork",
    code: str,
    *,
    first_look: datetime,
    message: Message,
    answer: StoredAnswer,
    once: IdempotentRequest,
    issue: Issue,
) -> tuple[Any, ...]:
    """$1 to $21."""
    year = number_year(issue.registered_at)
    return (
        uow.community,
        year,
        issue_number(code, year, 0).removesuffix("000000"),
        issue.number,
        issue.id,
        new_id(),
        message.message_type,
        stream_of(message.publisher),
        message.subject(uow.community),
        message.__pydantic_serializer__.to_json(message).decode(),
        issue.registered_at,
        uow.correlation_id,
        once.actor,
        once.route,
        once.key,
        once.fingerprint,
        answer.status,
        orjson.dumps(dict(answer.headers)).decode(),
        answer.body.decode(),
        first_look,
        LOOK,
    )


def _columns(issue: Issue, entry: HistoryEntry) -> list[Any]:
    new, happened = new_issue_row(issue), history_row(issue, entry)
    return [new[name] for name in ISSUE_COLUMNS] + [happened[name] for name in HISTORY_COLUMNS]
