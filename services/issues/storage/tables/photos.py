"""Photos and drafts."""

from sqlalchemy import Column, LargeBinary, SmallInteger

from services.issues.storage.tables.parts import identifier, key, moment, number, tenant_rows, words

issue_photos = tenant_rows(
    "issue_photos",
    key("issue_id"),
    key(),
    words("kind"),
    Column("position", SmallInteger, nullable=False),
    words("file"),
    Column("digest", LargeBinary, nullable=False),
    number("width"),
    number("height"),
    number("size"),
    identifier("added_by"),
    moment("added_at"),
)
issue_drafts = tenant_rows(
    "issue_drafts",
    key(),
    identifier("person_id"),
    Column("sealed", LargeBinary, nullable=False),
    moment("created_at"),
    moment("updated_at"),
)
