"""The standing roster, rules of meetings, attendance, and what is planned for after a meeting."""

from sqlalchemy import Boolean, Column, Date, Integer, Text

from services.issues.storage.tables.parts import identifier, key, moment, number, tenant_rows, words

meeting_roster = tenant_rows(
    "meeting_roster",
    key(),
    words("kind"),
    words("seat"),
    identifier("person_id"),
    Column("since", Date, nullable=False),
    Column("until", Date),
    identifier("appointed_by"),
    moment("appointed_at"),
    number("version"),
)
meeting_rules = tenant_rows(
    "meeting_rules",
    Column("kind", Text, primary_key=True),
    number("over_percent"),
    number("at_least"),
    identifier("changed_by"),
    moment("changed_at"),
)
meeting_attendance = tenant_rows(
    "meeting_attendance",
    key("meeting_id"),
    key("person_id"),
    words("presence"),
    words("how"),
    moment("at"),
    identifier("noted_by"),
    Column("invited", Boolean, nullable=False),
)

minutes_sections = tenant_rows(
    "minutes_sections",
    key("meeting_id"),
    key("section_id"),
    words("text"),
    number("version"),
    identifier("edited_by"),
    moment("edited_at"),
    moment("began_at"),
)
minutes_versions = tenant_rows(
    "minutes_versions",
    key("meeting_id"),
    key("section_id"),
    Column("version", Integer, primary_key=True),
    words("text"),
    identifier("edited_by"),
    moment("edited_at"),
)
meeting_proposals = tenant_rows(
    "meeting_proposals",
    key(),
    identifier("meeting_id"),
    words("title"),
    words("text"),
    words("category", optional=True),
    identifier("proposed_by"),
    moment("proposed_at"),
    words("state"),
    words("reason", optional=True),
    identifier("issue_id", optional=True),
    identifier("decided_by", optional=True),
    moment("decided_at", optional=True),
    number("version"),
)
