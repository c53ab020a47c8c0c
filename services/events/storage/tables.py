"""The tables of events. Their DDL is in the migrations; a test compares the two."""

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import UUID

metadata = MetaData()


def _id(name: str, *, key: bool = False, nullable: bool = False) -> Column[object]:
    return Column(name, UUID(as_uuid=True), primary_key=key, nullable=nullable)


def _moment(name: str, *, nullable: bool = True) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


def _community() -> Column[str]:
    return Column("community", Text, primary_key=True)


events = Table(
    "events",
    metadata,
    _community(),
    _id("id", key=True),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("place", Text, nullable=False),
    _moment("starts_at", nullable=False),
    _moment("ends_at", nullable=False),
    Column("capacity", Integer, nullable=False),
    _moment("registration_deadline"),
    Column("has_waitlist", Boolean, nullable=False),
    Column("programme", Text),
    Column("theme", Text),
    Column("description", Text),
    _id("created_by"),
    _moment("created_at", nullable=False),
    Column("state", Text, nullable=False),
    _moment("published_at"),
    _moment("cancelled_at"),
    Column("cancel_reason", Text),
    _moment("finished_at"),
    Column("version", Integer, nullable=False),
)
"""Neighbourhood events: the plan and what became of it."""

event_places = Table(
    "event_places",
    metadata,
    _community(),
    _id("event_id", key=True),
    Column("capacity", Integer, nullable=False),
    _moment("closes_at", nullable=False),
    Column("has_waitlist", Boolean, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("confirmed_persons", Integer, nullable=False),
    Column("waiting", Integer, nullable=False),
    Column("last_position", Integer, nullable=False),
)
"""One narrow row per event; its lock is the queue in which sign-ups, departures and changes of capacity stand."""

registrations = Table(
    "registrations",
    metadata,
    _community(),
    _id("id", key=True),
    _id("event_id"),
    _id("registered_by"),
    _id("household_id", nullable=True),
    Column("persons", Integer, nullable=False),
    Column("dish", Text),
    Column("table_number", Integer),
    Column("state", Text, nullable=False),
    Column("position", Integer, nullable=False),
    _moment("registered_at", nullable=False),
    _moment("promoted_at"),
    _moment("cancelled_at"),
    Column("ended_by", Text),
    Column("present_persons", Integer, nullable=False),
    Column("version", Integer, nullable=False),
)
"""Households that signed up, in their order."""

check_ins = Table(
    "check_ins",
    metadata,
    _community(),
    _id("id", key=True),
    _id("event_id"),
    _id("registration_id"),
    Column("nonce", Text, nullable=False),
    Column("persons", Integer, nullable=False),
    _moment("occurred_at", nullable=False),
    _moment("recorded_at", nullable=False),
    _id("recorded_by"),
    _moment("annulled_at"),
    _id("annulled_by", nullable=True),
    Column("annul_reason", Text),
    Column("version", Integer, nullable=False),
)
"""Arrivals; an annulled one stays, with its reason."""

community_figures = Table(
    "community_figures",
    metadata,
    _community(),
    Column("as_of", Date, primary_key=True),
    Column("households", Integer, nullable=False),
    Column("residents", Integer, nullable=False),
)
"""Copy: size of the community over time."""

buildings = Table(
    "buildings",
    metadata,
    _community(),
    _id("id", key=True),
    _id("compound_id"),
    _id("grid_id"),
    Column("name", Text, nullable=False),
)
"""Copy: buildings."""

household_members = Table(
    "household_members",
    metadata,
    _community(),
    _id("person_id", key=True),
    _id("household_id"),
    _id("building_id"),
)
"""Copy: which household and building a person lives in."""
