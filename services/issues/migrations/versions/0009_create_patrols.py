"""Patrols with route, participants and findings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

from shared.database.migrations import tenant_table

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    uuid, moment = UUID(as_uuid=True), sa.DateTime(timezone=True)
    tenant_table(
        op,
        "patrols",
        sa.Column("id", uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("starts_at", moment, nullable=False),
        sa.Column("purpose", sa.Text),
        sa.Column("planned_by", uuid, nullable=False),
        sa.Column("planned_at", moment, nullable=False),
        sa.Column("meeting_id", uuid),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("started_at", moment),
        sa.Column("ended_at", moment),
        sa.Column("note", sa.Text),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["community", "meeting_id"], ["meetings.community", "meetings.id"], name="patrols_meeting"
        ),
    )
    op.create_index("patrols_by_start", "patrols", ["community", "starts_at", "id"])
    op.create_index("patrols_by_state", "patrols", ["community", "state", "starts_at", "id"])
    op.create_index(
        "patrols_by_meeting", "patrols", ["community", "meeting_id"], postgresql_where="meeting_id IS NOT NULL"
    )
    tenant_table(
        op,
        "patrol_stops",
        sa.Column("patrol_id", uuid, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("grid_id", uuid, nullable=False),
        sa.Column("visited_at", moment),
        sa.UniqueConstraint("community", "patrol_id", "grid_id", name="patrol_stops_once"),
        sa.ForeignKeyConstraint(
            ["community", "patrol_id"], ["patrols.community", "patrols.id"], name="patrol_stops_patrol"
        ),
        sa.ForeignKeyConstraint(["community", "grid_id"], ["grids.community", "grids.id"], name="patrol_stops_grid"),
        key=("patrol_id", "position"),
    )
    tenant_table(
        op,
        "patrol_participants",
        sa.Column("patrol_id", uuid, nullable=False),
        sa.Column("person_id", uuid, nullable=False),
        sa.ForeignKeyConstraint(
            ["community", "patrol_id"], ["patrols.community", "patrols.id"], name="patrol_participants_patrol"
        ),
        key=("patrol_id", "person_id"),
    )
    op.create_index("patrol_participants_by_person", "patrol_participants", ["community", "person_id", "patrol_id"])
    tenant_table(
        op,
        "patrol_findings",
        sa.Column("id", uuid, nullable=False),
        sa.Column("patrol_id", uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("severity", sa.Text, nullable=False),
        sa.Column("building_id", uuid),
        sa.Column("place_text", sa.Text),
        sa.Column("text", sa.Text),
        sa.Column("found_by", uuid, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("issue_id", uuid),
        sa.ForeignKeyConstraint(
            ["community", "patrol_id"], ["patrols.community", "patrols.id"], name="patrol_findings_patrol"
        ),
        sa.ForeignKeyConstraint(
            ["community", "category"], ["categories.community", "categories.code"], name="patrol_findings_category"
        ),
        sa.ForeignKeyConstraint(
            ["community", "building_id"], ["buildings.community", "buildings.id"], name="patrol_findings_building"
        ),
        # New issues are written last in their transaction, after the finding that they come from.
        sa.ForeignKeyConstraint(
            ["community", "issue_id"],
            ["issues.community", "issues.id"],
            name="patrol_findings_issue",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.create_index("patrol_findings_by_patrol", "patrol_findings", ["community", "patrol_id", "id"])
    op.create_index("patrol_findings_by_time", "patrol_findings", ["community", "at", "kind"])
    op.create_index("patrol_findings_by_kind", "patrol_findings", ["community", "kind", "id"])


def downgrade() -> None:
    for table in ("patrol_findings", "patrol_participants", "patrol_stops", "patrols"):
        op.drop_table(table)
