"""Who works on an issue beside the lead: co-handlers, child tasks, notes on the way."""

from sqlalchemy import Boolean, Column

from services.issues.storage.tables.parts import identifier, key, moment, number, tenant_rows, words

issue_co_handlers = tenant_rows(
    "issue_co_handlers",
    key("issue_id"),
    key("organisation"),
    words("part"),
    identifier("named_by"),
    moment("named_at"),
)

child_tasks = tenant_rows(
    "child_tasks",
    key(),
    identifier("issue_id"),
    words("title"),
    identifier("organisation"),
    moment("deadline"),
    words("state"),
    identifier("set_by"),
    moment("set_at"),
    words("result", optional=True),
    identifier("ended_by", optional=True),
    moment("ended_at", optional=True),
    number("reminded"),
)

progress_notes = tenant_rows(
    "progress_notes",
    key("issue_id"),
    key(),
    identifier("organisation", optional=True),
    words("text"),
    Column("public", Boolean, nullable=False),
    identifier("by"),
    moment("at"),
)
