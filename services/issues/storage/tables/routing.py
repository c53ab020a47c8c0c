"""Routing rules in versions. Both tables are append-only: an old version stays readable."""

from sqlalchemy import Column, Integer

from services.issues.storage.tables.parts import identifier, moment, number, tenant_rows, words

routing_sets = tenant_rows(
    "routing_sets",
    Column("version", Integer, primary_key=True),
    identifier("id"),
    moment("effective_from"),
    words("basis"),
    identifier("published_by"),
    moment("published_at"),
    number("rules"),
)

routing_rules = tenant_rows(
    "routing_rules",
    Column("version", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    identifier("organisation"),
    words("category", optional=True),
    identifier("grid_id", optional=True),
    identifier("compound_id", optional=True),
)
