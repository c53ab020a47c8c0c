"""Tables that every service has: outbox, inbox, positions, dead letters, relay state, idempotency keys."""

from alembic import op

from shared.database.migrations import create_shared_tables, drop_shared_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_shared_tables(op, "notify")


def downgrade() -> None:
    drop_shared_tables(op)
