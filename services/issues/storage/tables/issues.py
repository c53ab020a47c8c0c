"""Issues with their numbers, history and origins."""

from sqlalchemy import Boolean, Column, Integer, SmallInteger, Text
from sqlalchemy.dialects.postgresql import JSONB

from services.issues.storage.tables.parts import identifier, key, moment, number, tenant_rows, words

issue_numbers = tenant_rows("issue_numbers", Column("year", Integer, primary_key=True), number("last"))

issues = tenant_rows(
    "issues",
    key(),
    words("number"),
    words("kind"),
    words("category"),
    words("severity"),
    identifier("building_id", optional=True),
    words("place_text", optional=True),
    words("title"),
    words("text"),
    words("source"),
    identifier("reported_by", optional=True),
    moment("registered_at"),
    moment("reported_at"),
    words("state"),
    words("tier", optional=True),
    moment("solve_by", optional=True),
    words("record", optional=True),
    identifier("responsible_organisation", optional=True),
    moment("deadline", optional=True),
    words("plan", optional=True),
    identifier("meeting_id", optional=True),
    words("outcome", optional=True),
    words("public_reply", optional=True),
    words("level", optional=True),
    identifier("resolved_by", optional=True),
    words("quantity_kind", optional=True),
    number("quantity", optional=True),
    number("rated_round", optional=True),
    Column("rated_solved", Boolean),
    Column("satisfaction", SmallInteger),
    words("rating_comment", optional=True),
    identifier("rated_by", optional=True),
    moment("rated_at", optional=True),
    moment("accepted_at", optional=True),
    moment("discussed_at", optional=True),
    moment("assigned_at", optional=True),
    moment("signed_at", optional=True),
    moment("resolved_at", optional=True),
    moment("closed_at", optional=True),
    number("round"),
    words("consent"),
    words("card_title", optional=True),
    words("card_summary", optional=True),
    Column("card_shows_building", Boolean),
    moment("published_at", optional=True),
    identifier("published_by", optional=True),
    number("joined"),
    number("version"),
)

issue_history = tenant_rows(
    "issue_history",
    key("issue_id"),
    key(),
    words("verb"),
    words("from_state", optional=True),
    words("to_state"),
    identifier("done_by"),
    moment("at"),
    words("note", optional=True),
    number("round"),
    Column("details", JSONB, nullable=False),
)

issue_origins = tenant_rows(
    "issue_origins",
    Column("source", Text, primary_key=True),
    Column("source_id", Text, primary_key=True),
    identifier("issue_id"),
    words("reporter", optional=True),
)
