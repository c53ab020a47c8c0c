"""Who belongs to a community and who volunteers there, copied from the gateway; and which communities are served at all."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

from shared.database.migrations import app_role, grant, tenant_table

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    # Keys only, nothing of a tenant: the sweeps read it to visit one community after the other.
    op.create_table(
        "communities_served",
        sa.Column("slug", sa.Text, primary_key=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    )
    grant(op, "communities_served", app_role("volunteers"), "select, insert")
    tenant_table(
        op,
        "memberships",
        sa.Column("id", UUID(as_uuid=True), nullable=False),
        sa.Column("person", UUID(as_uuid=True), nullable=False),
        sa.Column("organisation", UUID(as_uuid=True)),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
    )
    op.create_index("memberships_of_person", "memberships", ["community", "person"])
    tenant_table(
        op,
        "volunteers",
        sa.Column("person", UUID(as_uuid=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True)),
        key=("person",),
    )


def downgrade() -> None:
    op.drop_table("volunteers")
    op.drop_table("memberships")
    op.drop_table("communities_served")
