"""Where an issue is in compound, grid and unit; by whom and for whom it was filed, and from where."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

revision = "0013"
down_revision = "0012"

COLUMNS = (
    "compound_id",
    "grid_id",
    "place_unit",
    "place_floor",
    "filed_by",
    "origin_id",
    "anonymous",
    "consent_way",
    "consented_at",
)


def upgrade() -> None:
    uuid = UUID(as_uuid=True)
    for column in (
        sa.Column("compound_id", uuid),
        sa.Column("grid_id", uuid),
        sa.Column("place_unit", sa.Text),
        sa.Column("place_floor", sa.SmallInteger),
        sa.Column("filed_by", uuid),
        sa.Column("origin_id", uuid),
        sa.Column("anonymous", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("consent_way", sa.Text),
        sa.Column("consented_at", sa.DateTime(timezone=True)),
    ):
        op.add_column("issues", column)
    op.drop_constraint("issues_have_a_place", "issues")
    op.create_check_constraint(
        "issues_have_a_place", "issues", "num_nonnulls(building_id, place_text, compound_id, grid_id) > 0"
    )
    op.create_check_constraint(
        "issues_unit_of_a_building", "issues", "building_id IS NOT NULL OR num_nonnulls(place_unit, place_floor) = 0"
    )
    op.create_check_constraint("issues_consent_is_whole", "issues", "num_nulls(consent_way, consented_at) IN (0, 2)")
    for name, column in (
        ("issues_of_building", "building_id"),
        ("issues_of_compound", "compound_id"),
        ("issues_of_grid", "grid_id"),
        ("issues_by_filer", "filed_by"),
    ):
        op.create_index(name, "issues", ["community", column, "id"], postgresql_where=f"{column} IS NOT NULL")
    op.create_index("issues_by_source", "issues", ["community", "source", "id"])


def downgrade() -> None:
    for name in (
        "issues_by_source",
        "issues_by_filer",
        "issues_of_grid",
        "issues_of_compound",
        "issues_of_building",
    ):
        op.drop_index(name, "issues")
    op.drop_constraint("issues_have_a_place", "issues")
    op.create_check_constraint("issues_have_a_place", "issues", "building_id IS NOT NULL OR place_text IS NOT NULL")
    for column in reversed(COLUMNS):
        op.drop_column("issues", column)
