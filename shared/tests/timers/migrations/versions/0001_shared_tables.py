"""The tables every service has."""

from alembic import context, op

from shared.database.migrations import create_shared_tables, drop_shared_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_shared_tables(op, context.config.attributes["service"])


def downgrade() -> None:
    drop_shared_tables(op)
