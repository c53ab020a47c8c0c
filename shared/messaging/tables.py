"""The tables of messaging, the same in every service's database. Their DDL is in shared.database.migrations."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()

outbox = Table(
    "outbox",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("community", Text, nullable=False),
    Column("aggregate_id", Uuid, nullable=False),
    Column("aggregate_version", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("data", JSONB, nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("causation_id", Text),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("published_at", DateTime(timezone=True)),
    Column("stream_seq", BigInteger),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("parked_at", DateTime(timezone=True)),
    Column("last_error", Text),
    UniqueConstraint("aggregate_id", "aggregate_version"),
)
"""Messages of this service, written with the change they tell of; the relay publishes them in order per aggregate."""

outbox_aggregates = Table(
    "outbox_aggregates",
    metadata,
    Column("aggregate_id", Uuid, primary_key=True),
    Column("community", Text, nullable=False),
    Column("last_version", Integer, nullable=False),
)
"""Counter of messages per aggregate. Its row lock makes the order of commits the order of versions."""

inbox = Table(
    "inbox",
    metadata,
    Column("consumer", Text, primary_key=True),
    Column("message_id", Uuid, primary_key=True),
    Column("community", Text, nullable=False),
    Column("processed_at", DateTime(timezone=True), nullable=False),
)
"""Proof that a consumer applied a message, written with its effect."""

consumer_positions = Table(
    "consumer_positions",
    metadata,
    Column("consumer", Text, primary_key=True),
    Column("aggregate_id", Uuid, primary_key=True),
    Column("community", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
)
"""The last version of each aggregate that a consumer has dealt with."""

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("consumer", Text, nullable=False),
    Column("message_id", Uuid),
    Column("community", Text),
    Column("type", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("stream_seq", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("reason", Text, nullable=False),
    Column("error", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("first_seen_at", DateTime(timezone=True), nullable=False),
    Column("dead_at", DateTime(timezone=True), nullable=False),
    Column("replayed_at", DateTime(timezone=True)),
    Index("dead_letters_delivery", "consumer", "stream_seq", "subject", func.md5(text("body")), unique=True),
)
"""Messages that a consumer gave up, with their bodies, until somebody replays them."""

relay_state = Table(
    "relay_state",
    metadata,
    Column("stream", Text, primary_key=True),
    Column("stream_created", DateTime(timezone=True), nullable=False),
    Column("checked_at", DateTime(timezone=True), nullable=False),
)
"""Which incarnation of each stream the relay has published to; another one means that the broker lost its memory."""
