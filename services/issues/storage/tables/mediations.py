"""Mediations with parties, sessions and history. What could tell a story is sealed; the rest is ids, dates and codes."""

from sqlalchemy import Boolean, Column
from sqlalchemy.dialects.postgresql import BYTEA, JSONB

from services.issues.storage.tables.parts import identifier, key, moment, number, tenant_rows, words

mediations = tenant_rows(
    "mediations",
    key(),
    identifier("issue_id"),
    words("issue_number"),
    identifier("mediator_id", optional=True),
    identifier("opened_by"),
    moment("opened_at"),
    words("state"),
    moment("declared_at", optional=True),
    words("outcome", optional=True),
    moment("follow_up_at", optional=True),
    moment("followed_up_at", optional=True),
    Column("holds", Boolean),
    moment("closed_at", optional=True),
    Column("sealed", BYTEA, nullable=False),
    number("version"),
)

mediation_parties = tenant_rows(
    "mediation_parties",
    key("mediation_id"),
    key(),
    number("position"),
    identifier("person_id", optional=True),
    Column("sealed", BYTEA, nullable=False),
    moment("signed_at", optional=True),
    identifier("signature_recorded_by", optional=True),
)

mediation_sessions = tenant_rows(
    "mediation_sessions",
    key("mediation_id"),
    key(),
    moment("starts_at"),
    Column("attended", JSONB, nullable=False),
    moment("recorded_at", optional=True),
    Column("sealed", BYTEA, nullable=False),
)

mediation_history = tenant_rows(
    "mediation_history", key("mediation_id"), key(), words("verb"), identifier("done_by"), moment("at")
)
