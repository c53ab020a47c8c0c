"""What the handlers of the test service did, one row per effect: two rows for one message would be seen."""

import sqlalchemy as sa
from alembic import op

from shared.database.migrations import tenant_table

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    tenant_table(
        op,
        "effects",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("position", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("message_id", sa.Uuid, nullable=False),
        sa.Column("aggregate_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("effects")
