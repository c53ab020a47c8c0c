"""The directory of subdistricts and communities (public), and what a community consists of."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from shared.database.migrations import app_role, tenant_table

revision = "0003"
down_revision = "0002"

IDENTITY = "gateway_identity"
TENANT_TABLES = ("households", "buildings", "grids", "compounds", "organisations", "community_profiles")


def upgrade() -> None:
    _directory()
    tenant_table(
        op,
        "community_profiles",
        sa.Column("id", UUID(as_uuid=True), nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("area_km2", sa.Numeric(10, 4), nullable=False),
        sa.Column("households", sa.Integer, nullable=False),
        sa.Column("residents", sa.Integer, nullable=False),
        sa.Column("party_members", sa.Integer, nullable=False),
        sa.Column("party_members_own", sa.Integer, nullable=False),
        sa.Column("party_members_on_duty", sa.Integer, nullable=False),
        sa.Column("sample", sa.Boolean, nullable=False),
        sa.Column("recorded_by", UUID(as_uuid=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("community", "as_of", name="community_profiles_date"),
        sa.CheckConstraint("party_members = party_members_own + party_members_on_duty", name="party_members_add_up"),
        sa.CheckConstraint("area_km2 > 0 AND households >= 0 AND residents >= 0", name="figures_are_counts"),
        append_only=True,
    )
    tenant_table(
        op,
        "organisations",
        sa.Column("id", UUID(as_uuid=True), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("parent_id", UUID(as_uuid=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("community", "name", name="organisations_name"),
        sa.ForeignKeyConstraint(["community", "parent_id"], ["organisations.community", "organisations.id"]),
    )
    tenant_table(
        op,
        "compounds",
        sa.Column("id", UUID(as_uuid=True), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("community", "name", name="compounds_name"),
    )
    tenant_table(
        op,
        "grids",
        sa.Column("id", UUID(as_uuid=True), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("worker_id", UUID(as_uuid=True)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("community", "name", name="grids_name"),
    )
    tenant_table(
        op,
        "buildings",
        sa.Column("id", UUID(as_uuid=True), nullable=False),
        sa.Column("compound_id", UUID(as_uuid=True), nullable=False),
        sa.Column("grid_id", UUID(as_uuid=True), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("units", sa.Integer, nullable=False),
        sa.Column("floors", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("community", "compound_id", "name", name="buildings_name"),
        sa.ForeignKeyConstraint(["community", "compound_id"], ["compounds.community", "compounds.id"]),
        sa.ForeignKeyConstraint(["community", "grid_id"], ["grids.community", "grids.id"]),
    )
    op.create_index("buildings_of_grid", "buildings", ["community", "grid_id"])
    tenant_table(
        op,
        "households",
        sa.Column("id", UUID(as_uuid=True), nullable=False),
        sa.Column("building_id", UUID(as_uuid=True), nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("room", sa.Text, nullable=False),
        sa.Column("person_ids", ARRAY(UUID(as_uuid=True)), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("community", "building_id", "unit", "room", name="households_door"),
        sa.ForeignKeyConstraint(["community", "building_id"], ["buildings.community", "buildings.id"]),
    )
    op.create_index("households_of_person", "households", ["person_ids"], postgresql_using="gin")
    op.execute(f"GRANT SELECT ON organisations TO {IDENTITY}")
    op.execute(f"CREATE POLICY own_organisations ON organisations FOR SELECT TO {IDENTITY} USING (true)")


def _directory() -> None:
    app = app_role("gateway")
    op.create_table(
        "subdistricts",
        sa.Column("id", UUID(as_uuid=True), primary_key=True),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("slug", name="subdistricts_slug"),
    )
    op.create_table(
        "communities",
        sa.Column("id", UUID(as_uuid=True), primary_key=True),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("subdistrict_id", UUID(as_uuid=True), sa.ForeignKey("subdistricts.id"), nullable=False),
        sa.Column("template", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("slug", name="communities_slug"),
        sa.UniqueConstraint("code", name="communities_code"),
        sa.CheckConstraint("slug <> 'all'", name="communities_slug_is_free"),
    )
    op.execute(f"GRANT SELECT, INSERT ON subdistricts, communities TO {app}")
    op.execute(f"GRANT SELECT ON subdistricts, communities TO {IDENTITY}")


def downgrade() -> None:
    for table in (*TENANT_TABLES, "communities", "subdistricts"):
        op.drop_table(table)
