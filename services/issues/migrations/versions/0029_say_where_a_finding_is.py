"""Where something was found, as exactly as of an issue: compound, grid, unit and floor."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

revision = "0029"
down_revision = "0028"

COLUMNS = ("compound_id", "grid_id", "place_unit", "place_floor")


def upgrade() -> None:
    uuid = UUID(as_uuid=True)
    for column in (
        sa.Column("compound_id", uuid),
        sa.Column("grid_id", uuid),
        sa.Column("place_unit", sa.Text),
        sa.Column("place_floor", sa.SmallInteger),
    ):
        op.add_column("patrol_findings", column)
    op.create_check_constraint(
        "patrol_findings_unit_of_a_building",
        "patrol_findings",
        "building_id IS NOT NULL OR num_nonnulls(place_unit, place_floor) = 0",
    )


def downgrade() -> None:
    op.drop_constraint("patrol_findings_unit_of_a_building", "patrol_findings")
    for column in reversed(COLUMNS):
        op.drop_column("patrol_findings", column)
