"""Tables of issues. DDL, rights and row-level security stand in `migrations/`; a test compares the two."""

from typing import Any

from sqlalchemy import Boolean, Column, DateTime, Integer, MetaData, SmallInteger, Table, Text
from sqlalchemy.dialects.postgresql import JSONB, UUID

metadata = MetaData()


def _table(name: str, *columns: Column[Any]) -> Table:
    return Table(name, metadata, Column("community", Text, primary_key=True), *columns)


def _key(name: str = "id") -> Column[Any]:
    return Column(name, UUID(as_uuid=True), primary_key=True)


def _id(name: str, *, optional: bool = False) -> Column[Any]:
    return Column(name, UUID(as_uuid=True), nullable=optional)


def _text(name: str, *, optional: bool = False) -> Column[Any]:
    return Column(name, Text, nullable=optional)


def _at(name: str, *, optional: bool = False) -> Column[Any]:
    return Column(name, DateTime(timezone=True), nullable=optional)


def _number(name: str, *, optional: bool = False) -> Column[Any]:
    return Column(name, Integer, nullable=optional)


community_profiles = _table("community_profiles", _id("id"), _text("code"), _text("name"))
categories = _table(
    "categories",
    Column("code", Text, primary_key=True),
    _text("parent", optional=True),
    _text("name_zh"),
    _text("name_en"),
    _text("kind"),
    _text("tier"),
    _text("responsible_kind"),
    _number("position"),
)
organisations = _table("organisations", _key(), _text("kind"), _text("name"))
compounds = _table("compounds", _key(), _text("name"))
grids = _table("grids", _key(), _text("name"), _id("worker_id", optional=True))
buildings = _table("buildings", _key(), _id("compound_id"), _id("grid_id"), _text("name"))
memberships = _table(
    "memberships",
    _key(),
    _id("person_id"),
    _id("organisation_id", optional=True),
    _text("role"),
    Column("scope", JSONB, nullable=False),
    _at("ended_at", optional=True),
)

issue_numbers = _table("issue_numbers", Column("year", Integer, primary_key=True), _number("last"))
issues = _table(
    "issues",
    _key(),
    _text("number"),
    _text("kind"),
    _text("category"),
    _text("severity"),
    _id("building_id", optional=True),
    _text("place_text", optional=True),
    _text("title"),
    _text("text"),
    _text("source"),
    _id("reported_by", optional=True),
    _at("registered_at"),
    _at("reported_at"),
    _text("state"),
    _text("tier", optional=True),
    _at("solve_by", optional=True),
    _text("record", optional=True),
    _id("responsible_organisation", optional=True),
    _at("deadline", optional=True),
    _text("plan", optional=True),
    _id("meeting_id", optional=True),
    _text("outcome", optional=True),
    _text("public_reply", optional=True),
    _text("level", optional=True),
    _id("resolved_by", optional=True),
    _text("quantity_kind", optional=True),
    _number("quantity", optional=True),
    _number("rated_round", optional=True),
    Column("rated_solved", Boolean),
    Column("satisfaction", SmallInteger),
    _text("rating_comment", optional=True),
    _id("rated_by", optional=True),
    _at("rated_at", optional=True),
    _at("accepted_at", optional=True),
    _at("discussed_at", optional=True),
    _at("assigned_at", optional=True),
    _at("signed_at", optional=True),
    _at("resolved_at", optional=True),
    _at("closed_at", optional=True),
    _number("round"),
    _number("version"),
)
issue_history = _table(
    "issue_history",
    _key("issue_id"),
    _key(),
    _text("verb"),
    _text("from_state", optional=True),
    _text("to_state"),
    _id("done_by"),
    _at("at"),
    _text("note", optional=True),
    _number("round"),
    Column("details", JSONB, nullable=False),
)
issue_origins = _table(
    "issue_origins",
    Column("source", Text, primary_key=True),
    Column("source_id", Text, primary_key=True),
    _id("issue_id"),
    _text("reporter", optional=True),
)

meetings = _table(
    "meetings",
    _key(),
    _text("kind"),
    _at("starts_at"),
    _text("place"),
    _text("state"),
    _id("convened_by"),
    _at("convened_at"),
    _id("closed_by", optional=True),
    _at("closed_at", optional=True),
    _number("version"),
)
meeting_participants = _table(
    "meeting_participants", _key("meeting_id"), _key("person_id"), Column("seat", Text, primary_key=True)
)
agenda_items = _table(
    "agenda_items",
    _key(),
    _id("meeting_id"),
    _id("issue_id"),
    _number("position"),
    _id("placed_by"),
    _at("placed_at"),
    _text("record", optional=True),
    _id("responsible_organisation", optional=True),
    _at("deadline", optional=True),
    _text("plan", optional=True),
    _text("decision", optional=True),
    _text("outcome", optional=True),
    _text("reason", optional=True),
    _text("public_reply", optional=True),
    _id("postponed_to", optional=True),
    _id("decided_by", optional=True),
    _at("decided_at", optional=True),
    Column("concluded", Boolean, nullable=False),
)
