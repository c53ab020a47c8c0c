"""Meetings with participants and agenda."""

from sqlalchemy import Boolean, Column, Date, LargeBinary, Text, Time
from sqlalchemy.dialects.postgresql import JSONB

from services.issues.storage.tables.parts import identifier, key, moment, number, tenant_rows, words

meetings = tenant_rows(
    "meetings",
    key(),
    words("kind"),
    moment("starts_at"),
    words("place"),
    words("state"),
    identifier("convened_by"),
    moment("convened_at"),
    identifier("closed_by", optional=True),
    moment("closed_at", optional=True),
    Column("attendance_key", LargeBinary, nullable=False, server_default=""),
    number("quorum_invited", optional=True),
    number("quorum_attended", optional=True),
    number("quorum_needed", optional=True),
    words("without_quorum", optional=True),
    number("minutes"),
    identifier("series_id", optional=True),
    Column("series_day", Date),
    Column("edited", Boolean, nullable=False),
    number("sequence"),
    moment("cancelled_at", optional=True),
    identifier("cancelled_by", optional=True),
    words("cancel_reason", optional=True),
    moment("minutes_signed_at", optional=True),
    identifier("minutes_signed_by", optional=True),
    moment("minutes_published_at", optional=True),
    identifier("minutes_published_by", optional=True),
    words("public_summary", optional=True),
    words("minutes_red"),
    number("version"),
)

meeting_participants = tenant_rows(
    "meeting_participants", key("meeting_id"), key("person_id"), Column("seat", Text, primary_key=True)
)

agenda_items = tenant_rows(
    "agenda_items",
    key(),
    identifier("meeting_id"),
    identifier("issue_id"),
    number("position"),
    identifier("placed_by"),
    moment("placed_at"),
    words("record", optional=True),
    identifier("responsible_organisation", optional=True),
    moment("deadline", optional=True),
    words("plan", optional=True),
    words("decision", optional=True),
    words("outcome", optional=True),
    words("reason", optional=True),
    words("public_reply", optional=True),
    identifier("postponed_to", optional=True),
    identifier("decided_by", optional=True),
    moment("decided_at", optional=True),
    Column("concluded", Boolean, nullable=False),
    Column("links", JSONB, nullable=False),
)

meeting_series = tenant_rows(
    "meeting_series",
    key(),
    words("kind"),
    words("place"),
    words("rule"),
    Column("start_time", Time, nullable=False),
    number("minutes"),
    words("on_holiday"),
    number("weeks_ahead"),
    Column("first", Date, nullable=False),
    Column("last", Date),
    identifier("followed_from", optional=True),
    identifier("created_by"),
    moment("created_at"),
    moment("changed_at"),
    number("sequence"),
    number("version"),
)

meeting_calendar_links = tenant_rows(
    "meeting_calendar_links",
    key(),
    identifier("person_id"),
    identifier("series_id", optional=True),
    Column("token_hash", LargeBinary, nullable=False),
    moment("created_at"),
    moment("revoked_at", optional=True),
)
