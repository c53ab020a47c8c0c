"""Tables of every service that this package itself reads and writes. The DDL stands in `shared_tables.py`."""

from sqlalchemy import Column, DateTime, Integer, LargeBinary, MetaData, PrimaryKeyConstraint, Table, Text
from sqlalchemy.dialects.postgresql import JSONB, UUID

metadata = MetaData()

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("community", Text, nullable=False),
    Column("actor", UUID(as_uuid=True), nullable=False),
    Column("route", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("status", Integer),
    Column("headers", JSONB),
    Column("body", LargeBinary),
    Column("created_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("community", "actor", "route", "key"),
)
