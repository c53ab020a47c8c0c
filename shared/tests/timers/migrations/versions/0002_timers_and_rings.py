"""Timers, and what the handlers of the test service did: two rows for one ring would be seen."""

import sqlalchemy as sa
from alembic import context, op

from shared.database.migrations import tenant_table
from shared.timers.table import create_timers_table, drop_timers_table

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    create_timers_table(op, context.config.attributes["service"])
    tenant_table(
        op,
        "rings",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("position", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Uuid, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replica", sa.Text, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("rings")
    drop_timers_table(op)
