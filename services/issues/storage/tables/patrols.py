"""Patrols, when each grid was reached, and what was found."""

from sqlalchemy import Column, Integer, SmallInteger

from services.issues.storage.tables.parts import identifier, key, moment, number, tenant_rows, words

patrols = tenant_rows(
    "patrols",
    key(),
    words("kind"),
    moment("starts_at"),
    words("purpose", optional=True),
    identifier("planned_by"),
    moment("planned_at"),
    identifier("meeting_id", optional=True),
    words("state"),
    moment("started_at", optional=True),
    moment("ended_at", optional=True),
    words("note", optional=True),
    number("version"),
)
patrol_stops = tenant_rows(
    "patrol_stops",
    key("patrol_id"),
    Column("position", Integer, primary_key=True),
    identifier("grid_id"),
    moment("visited_at", optional=True),
)
patrol_participants = tenant_rows("patrol_participants", key("patrol_id"), key("person_id"))
patrol_findings = tenant_rows(
    "patrol_findings",
    key(),
    identifier("patrol_id"),
    words("kind"),
    words("category"),
    words("severity"),
    identifier("building_id", optional=True),
    words("place_text", optional=True),
    identifier("compound_id", optional=True),
    identifier("grid_id", optional=True),
    words("place_unit", optional=True),
    Column("place_floor", SmallInteger),
    words("text", optional=True),
    identifier("found_by"),
    moment("at"),
    identifier("issue_id", optional=True),
)
