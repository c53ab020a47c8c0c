"""Tables of notify. DDL, rights and row-level security stand in `migrations/`; a test compares the two."""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, UUID

metadata = MetaData()


def _id(name: str, *, optional: bool = False, key: bool = False) -> Column[object]:
    return Column(name, UUID(as_uuid=True), nullable=optional, primary_key=key)


def _at(name: str, *, optional: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=optional)


def _text(name: str, *, optional: bool = False) -> Column[object]:
    return Column(name, Text, nullable=optional)


def _of_community(name: str, *columns: Column[object]) -> Table:
    return Table(name, metadata, Column("community", Text, primary_key=True), *columns)


notifications = _of_community(
    "notifications",
    _id("id", key=True),
    _id("person"),
    _id("message_id"),
    _text("template"),
    Column("template_version", Integer, nullable=False),
    _text("topic"),
    _text("title_zh"),
    _text("title_en"),
    _text("body_zh"),
    _text("body_en"),
    _text("link"),
    _at("created_at"),
    _at("read_at", optional=True),
)
memberships = _of_community(
    "memberships",
    _id("id", key=True),
    _id("person"),
    _id("organisation", optional=True),
    _text("role"),
    _at("since"),
)
organisations = _of_community("organisations", _id("id", key=True), _text("kind"), _text("name"))
communities = _of_community("communities", _text("name"))
issue_facts = _of_community(
    "issue_facts",
    _id("issue_id", key=True),
    _text("kind", optional=True),
    _text("category", optional=True),
    _text("severity", optional=True),
    Column("private", Boolean, nullable=False),
)
subscriptions = _of_community(
    "subscriptions",
    _id("id", key=True),
    _id("organisation"),
    _text("name"),
    _text("channel"),
    _text("url", optional=True),
    Column("types", ARRAY(Text), nullable=False),
    Column("categories", ARRAY(Text), nullable=False),
    Column("severities", ARRAY(Text), nullable=False),
    _text("state"),
    _text("disabled_because", optional=True),
    Column("credential", LargeBinary, nullable=False),
    Column("previous_credential", LargeBinary),
    _at("previous_valid_until", optional=True),
    _id("created_by"),
    _at("created_at"),
    _at("updated_at"),
    Column("version", Integer, nullable=False),
)
feeds = _of_community(
    "feeds",
    _id("subscription", key=True),
    Column("last_sequence", BigInteger, nullable=False),
    _at("next_try_at", optional=True),
)
deliveries = _of_community(
    "deliveries",
    _id("id", key=True),
    _id("subscription"),
    Column("sequence", BigInteger, nullable=False),
    _id("message_id"),
    _text("message_type"),
    Column("body", LargeBinary, nullable=False),
    _text("state"),
    Column("tries", Integer, nullable=False),
    _at("created_at"),
    _at("delivered_at", optional=True),
    Column("last_status", Integer),
    _text("last_error", optional=True),
)
attempts = _of_community(
    "attempts",
    _id("id", key=True),
    _id("delivery"),
    Column("number", Integer, nullable=False),
    _at("at"),
    Column("took_ms", Integer, nullable=False),
    Column("status", Integer),
    _text("error", optional=True),
)
