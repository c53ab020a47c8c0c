"""Outbox, inbox, dead letters and idempotent answers, as every service has them."""

from alembic import op

from shared.database.migrations import create_shared_tables, drop_shared_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_shared_tables(op, "volunteers")


def downgrade() -> None:
    drop_shared_tables(op)
