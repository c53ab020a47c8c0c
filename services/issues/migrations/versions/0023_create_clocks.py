"""Clocks of issues, versions of their rules and of the working calendar."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

from shared.database.migrations import tenant_table

revision = "0023"
down_revision = "0022"


def decision() -> list[sa.Column[object]]:
    uuid, moment = UUID(as_uuid=True), sa.DateTime(timezone=True)
    return [
        sa.Column("id", uuid, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("proposed_by", uuid, nullable=False),
        sa.Column("proposed_at", moment, nullable=False),
        sa.Column("decided_by", uuid),
        sa.Column("decided_at", moment),
    ]


def upgrade() -> None:
    uuid, moment = UUID(as_uuid=True), sa.DateTime(timezone=True)
    tenant_table(
        op,
        "issue_clocks",
        sa.Column("issue_id", uuid, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("started_at", moment, nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("stopped_at", moment),
        sa.Column("result", sa.Text),
        sa.Column("paused", sa.Boolean, nullable=False),
        sa.Column("provisional", sa.Boolean, nullable=False),
        sa.Column("rule_version", sa.Integer, nullable=False),
        # What was told: the level of T3, and that a clock was missed.
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("told", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(
            ["community", "issue_id"], ["issues.community", "issues.id"], name="issue_clocks_issue"
        ),
        key=("issue_id", "code", "round", "part"),
    )
    op.create_index("issue_clocks_by_due", "issue_clocks", ["community", "code", "due_at", "issue_id"])
    op.create_index(
        "issue_clocks_running", "issue_clocks", ["community", "issue_id"], postgresql_where="stopped_at IS NULL"
    )
    tenant_table(
        op,
        "clock_rules",
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("rules", JSONB, nullable=False),
        sa.Column("hours", JSONB, nullable=False),
        sa.Column("effective_from", moment, nullable=False),
        *decision(),
        key=("version",),
    )
    tenant_table(
        op,
        "calendar_versions",
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("holidays", JSONB, nullable=False),
        sa.Column("make_up_days", JSONB, nullable=False),
        *decision(),
        key=("year", "version"),
    )
    op.add_column("issues", sa.Column("overdue_level", sa.Integer, nullable=False, server_default="0"))
    op.create_index(
        "issues_by_overdue_level",
        "issues",
        ["community", "overdue_level", "id"],
        postgresql_where="overdue_level > 0",
    )


def downgrade() -> None:
    op.drop_index("issues_by_overdue_level", "issues")
    op.drop_column("issues", "overdue_level")
    for table in ("calendar_versions", "clock_rules", "issue_clocks"):
        op.drop_table(table)
