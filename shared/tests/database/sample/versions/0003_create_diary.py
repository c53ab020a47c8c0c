"""A diary that can only be added to."""

import sqlalchemy as sa
from alembic import op

from shared.database.migrations import tenant_table

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    tenant_table(
        op,
        "diary",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        append_only=True,
    )


def downgrade() -> None:
    op.drop_table("diary")
