"""Sealed contacts, and who looked at them."""

from sqlalchemy import Column, LargeBinary

from services.issues.storage.tables.parts import identifier, key, moment, tenant_rows, words

issue_contacts = tenant_rows(
    "issue_contacts",
    key("issue_id"),
    Column("sealed", LargeBinary, nullable=False),
    Column("phone_index", LargeBinary),
    Column("tail_index", LargeBinary),
    identifier("recorded_by"),
    moment("recorded_at"),
)
issue_reveals = tenant_rows(
    "issue_reveals",
    key("issue_id"),
    key(),
    words("field"),
    words("purpose"),
    identifier("person"),
    moment("revealed_at"),
)
