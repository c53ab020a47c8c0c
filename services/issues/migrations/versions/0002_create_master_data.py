"""The copy of the gateway's master data, and the categories of each community."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

from shared.database.migrations import tenant_table

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    uuid = UUID(as_uuid=True)
    tenant_table(
        op,
        "community_profiles",
        sa.Column("id", uuid, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        key=(),
    )
    tenant_table(
        op,
        "categories",
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("parent", sa.Text),
        sa.Column("name_zh", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("tier", sa.Text, nullable=False),
        sa.Column("responsible_kind", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["community", "parent"], ["categories.community", "categories.code"]),
        key=("code",),
    )
    tenant_table(
        op,
        "organisations",
        sa.Column("id", uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
    )
    # The gateway's facts about different things may arrive in any order, so these copies do not refer to each other.
    tenant_table(op, "compounds", sa.Column("id", uuid, nullable=False), sa.Column("name", sa.Text, nullable=False))
    tenant_table(
        op,
        "grids",
        sa.Column("id", uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("worker_id", uuid),
    )
    tenant_table(
        op,
        "buildings",
        sa.Column("id", uuid, nullable=False),
        sa.Column("compound_id", uuid, nullable=False),
        sa.Column("grid_id", uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
    )
    tenant_table(
        op,
        "memberships",
        sa.Column("id", uuid, nullable=False),
        sa.Column("person_id", uuid, nullable=False),
        sa.Column("organisation_id", uuid),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("scope", JSONB, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
    )
    op.create_index("memberships_of_person", "memberships", ["community", "person_id"])


def downgrade() -> None:
    for table in (
        "memberships",
        "buildings",
        "grids",
        "compounds",
        "organisations",
        "categories",
        "community_profiles",
    ):
        op.drop_table(table)
