"""Whistles, the units they call, and their history."""

from sqlalchemy import Boolean, Column, SmallInteger
from sqlalchemy.dialects.postgresql import JSONB

from services.issues.storage.tables.parts import identifier, key, moment, number, tenant_rows, words

whistles = tenant_rows(
    "whistles",
    key(),
    identifier("issue_id"),
    words("issue_number"),
    words("issue_kind"),
    words("category"),
    words("level"),
    words("why"),
    words("place"),
    identifier("blown_by"),
    moment("blown_at"),
    words("state"),
    Column("missed", Boolean, nullable=False),
    moment("ended_at", optional=True),
    number("version"),
)

whistle_units = tenant_rows(
    "whistle_units",
    key("whistle_id"),
    key("organisation"),
    identifier("issue_id"),
    number("position"),
    words("level"),
    moment("called_at"),
    moment("due_at"),
    words("state"),
    identifier("acknowledged_by", optional=True),
    moment("acknowledged_at", optional=True),
    identifier("refused_by", optional=True),
    moment("refused_at", optional=True),
    words("refusal", optional=True),
    identifier("arrived_by", optional=True),
    moment("arrived_at", optional=True),
    words("arrival_proof", optional=True),
    words("arrival_place", optional=True),
    identifier("arrival_checked_by", optional=True),
    moment("missed_at", optional=True),
    identifier("done_by", optional=True),
    moment("done_at", optional=True),
    words("result", optional=True),
    identifier("released_by", optional=True),
    moment("released_at", optional=True),
    words("release_reason", optional=True),
    Column("score_of_unit", SmallInteger),
    words("comment_of_unit", optional=True),
    identifier("unit_rated_by", optional=True),
    moment("unit_rated_at", optional=True),
    Column("score_by_unit", SmallInteger),
    words("comment_by_unit", optional=True),
    identifier("rated_by_unit", optional=True),
    moment("rated_by_unit_at", optional=True),
)

whistle_history = tenant_rows(
    "whistle_history",
    key("whistle_id"),
    key(),
    words("verb"),
    identifier("organisation", optional=True),
    identifier("done_by"),
    moment("at"),
    words("note", optional=True),
    Column("details", JSONB, nullable=False),
)
