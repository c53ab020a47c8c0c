"""Copy of the gateway's master data: size of the community, buildings, who lives where."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

from shared.database.migrations import tenant_table

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    tenant_table(
        op,
        "community_figures",
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("households", sa.Integer, nullable=False),
        sa.Column("residents", sa.Integer, nullable=False),
        key=("as_of",),
    )
    tenant_table(
        op,
        "buildings",
        sa.Column("id", UUID(as_uuid=True), nullable=False),
        sa.Column("compound_id", UUID(as_uuid=True), nullable=False),
        sa.Column("grid_id", UUID(as_uuid=True), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
    )
    tenant_table(
        op,
        "household_members",
        sa.Column("person_id", UUID(as_uuid=True), nullable=False),
        sa.Column("household_id", UUID(as_uuid=True), nullable=False),
        sa.Column("building_id", UUID(as_uuid=True), nullable=False),
        key=("person_id",),
    )
    op.create_index("household_members_of_household", "household_members", ["community", "household_id"])


def downgrade() -> None:
    for table in ("household_members", "buildings", "community_figures"):
        op.drop_table(table)
