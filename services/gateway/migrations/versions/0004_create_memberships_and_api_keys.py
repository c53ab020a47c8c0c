"""Who holds which role in which community, and which programs may act there. The identity role reads them across communities."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

from shared.database.migrations import tenant_table

revision = "0004"
down_revision = "0003"

IDENTITY = "gateway_identity"


def upgrade() -> None:
    tenant_table(
        op,
        "memberships",
        sa.Column("id", UUID(as_uuid=True), nullable=False),
        sa.Column("person_id", UUID(as_uuid=True), nullable=False),
        sa.Column("organisation_id", UUID(as_uuid=True)),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("scope", JSONB, nullable=False),
        sa.Column("granted_by", UUID(as_uuid=True), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", UUID(as_uuid=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["community", "organisation_id"], ["organisations.community", "organisations.id"]),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="memberships_end_is_whole"),
        sa.CheckConstraint(
            "(community = 'all') = (role IN ('operator', 'subdistrict_officer'))", name="memberships_level"
        ),
    )
    op.create_foreign_key("memberships_person", "memberships", "accounts", ["person_id"], ["id"])
    op.execute(
        "CREATE UNIQUE INDEX memberships_once ON memberships"
        " (community, person_id, role, organisation_id, scope) NULLS NOT DISTINCT WHERE ended_at IS NULL"
    )
    op.create_index("memberships_of_person", "memberships", ["person_id"], postgresql_where=sa.text("ended_at IS NULL"))
    op.create_index("memberships_by_role", "memberships", ["community", "role", "id"])
    tenant_table(
        op,
        "api_keys",
        sa.Column("id", UUID(as_uuid=True), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("organisation_id", UUID(as_uuid=True)),
        sa.Column("scope", JSONB, nullable=False),
        sa.Column("shown_prefix", sa.Text, nullable=False),
        sa.Column("created_by", UUID(as_uuid=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_by", UUID(as_uuid=True)),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["community", "organisation_id"], ["organisations.community", "organisations.id"]),
        sa.CheckConstraint(
            "role NOT IN ('operator', 'subdistrict_officer', 'community_admin')", name="api_keys_administer_nobody"
        ),
    )
    for table in ("memberships", "api_keys"):
        op.execute(f"GRANT SELECT ON {table} TO {IDENTITY}")
        op.execute(f"CREATE POLICY before_login ON {table} FOR SELECT TO {IDENTITY} USING (true)")


def downgrade() -> None:
    op.drop_table("api_keys")
    op.drop_table("memberships")
