"""Whistles, the units they call, and their history."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

from shared.database.migrations import tenant_table

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    uuid, moment = UUID(as_uuid=True), sa.DateTime(timezone=True)
    tenant_table(
        op,
        "whistles",
        sa.Column("id", uuid, nullable=False),
        sa.Column("issue_id", uuid, nullable=False),
        sa.Column("issue_number", sa.Text, nullable=False),
        sa.Column("issue_kind", sa.Text, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("blown_by", uuid, nullable=False),
        sa.Column("blown_at", moment, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("missed", sa.Boolean, nullable=False),
        sa.Column("ended_at", moment),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["community", "issue_id"], ["issues.community", "issues.id"], name="whistles_issue"),
    )
    # Ids are UUIDv7: newest first is the order of ids, and each filter has its index in that order.
    op.create_index("whistles_by_state", "whistles", ["community", "state", "id"])
    op.create_index("whistles_by_level", "whistles", ["community", "level", "id"])
    op.create_index("whistles_by_issue", "whistles", ["community", "issue_id", "id"])
    op.create_index("whistles_missed", "whistles", ["community", "id"], postgresql_where="missed")
    tenant_table(
        op,
        "whistle_units",
        sa.Column("whistle_id", uuid, nullable=False),
        sa.Column("organisation", uuid, nullable=False),
        sa.Column("issue_id", uuid, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("called_at", moment, nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("acknowledged_by", uuid),
        sa.Column("acknowledged_at", moment),
        sa.Column("refused_by", uuid),
        sa.Column("refused_at", moment),
        sa.Column("refusal", sa.Text),
        sa.Column("arrived_by", uuid),
        sa.Column("arrived_at", moment),
        sa.Column("arrival_proof", sa.Text),
        sa.Column("arrival_place", sa.Text),
        sa.Column("arrival_checked_by", uuid),
        sa.Column("missed_at", moment),
        sa.Column("done_by", uuid),
        sa.Column("done_at", moment),
        sa.Column("result", sa.Text),
        sa.Column("released_by", uuid),
        sa.Column("released_at", moment),
        sa.Column("release_reason", sa.Text),
        sa.Column("score_of_unit", sa.SmallInteger),
        sa.Column("comment_of_unit", sa.Text),
        sa.Column("unit_rated_by", uuid),
        sa.Column("unit_rated_at", moment),
        sa.Column("score_by_unit", sa.SmallInteger),
        sa.Column("comment_by_unit", sa.Text),
        sa.Column("rated_by_unit", uuid),
        sa.Column("rated_by_unit_at", moment),
        sa.ForeignKeyConstraint(
            ["community", "whistle_id"], ["whistles.community", "whistles.id"], name="whistle_units_whistle"
        ),
        sa.ForeignKeyConstraint(
            ["community", "organisation"],
            ["organisations.community", "organisations.id"],
            name="whistle_units_organisation",
        ),
        sa.CheckConstraint("score_of_unit BETWEEN 1 AND 5", name="whistle_units_score_of_unit"),
        sa.CheckConstraint("score_by_unit BETWEEN 1 AND 5", name="whistle_units_score_by_unit"),
        key=("whistle_id", "organisation"),
    )
    op.create_index("whistle_units_by_organisation", "whistle_units", ["community", "organisation", "whistle_id"])
    # Covers the arrival statistics: all of them are answered from the index.
    op.create_index(
        "whistle_units_by_call",
        "whistle_units",
        ["community", "called_at"],
        postgresql_include=["organisation", "level", "state", "due_at", "arrived_at", "missed_at", "released_at"],
    )
    # A unit is called for an issue once at a time, also when two officers call it at the same moment.
    op.create_index(
        "whistle_units_once",
        "whistle_units",
        ["community", "issue_id", "organisation"],
        unique=True,
        postgresql_where="state NOT IN ('done', 'released')",
    )
    tenant_table(
        op,
        "whistle_history",
        sa.Column("whistle_id", uuid, nullable=False),
        sa.Column("id", uuid, nullable=False),
        sa.Column("verb", sa.Text, nullable=False),
        sa.Column("organisation", uuid),
        sa.Column("done_by", uuid, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("details", JSONB, nullable=False),
        sa.ForeignKeyConstraint(
            ["community", "whistle_id"], ["whistles.community", "whistles.id"], name="whistle_history_whistle"
        ),
        key=("whistle_id", "id"),
        append_only=True,
    )


def downgrade() -> None:
    for table in ("whistle_history", "whistle_units", "whistles"):
        op.drop_table(table)
