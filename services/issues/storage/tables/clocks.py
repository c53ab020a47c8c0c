"""Clocks of issues, versions of their rules and of the calendar."""

from sqlalchemy import Boolean, Column, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB

from services.issues.storage.tables.parts import flag, identifier, key, moment, number, tenant_rows, words

issue_clocks = tenant_rows(
    "issue_clocks",
    key("issue_id"),
    Column("code", Text, primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("part", Integer, primary_key=True),
    moment("started_at"),
    moment("due_at"),
    moment("stopped_at", optional=True),
    words("result", optional=True),
    Column("paused", Boolean, nullable=False),
    flag("provisional"),
    number("rule_version"),
    number("level"),
    flag("told"),
)

_DECISION = ("note", "state")


def _decision() -> list[Column[object]]:
    return [
        identifier("id"),
        *(words(name) for name in _DECISION),
        identifier("proposed_by"),
        moment("proposed_at"),
        identifier("decided_by", optional=True),
        moment("decided_at", optional=True),
    ]


clock_rules = tenant_rows(
    "clock_rules",
    Column("version", Integer, primary_key=True),
    Column("rules", JSONB, nullable=False),
    Column("hours", JSONB, nullable=False),
    moment("effective_from"),
    *_decision(),
)

calendar_versions = tenant_rows(
    "calendar_versions",
    Column("year", Integer, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("holidays", JSONB, nullable=False),
    Column("make_up_days", JSONB, nullable=False),
    *_decision(),
)
