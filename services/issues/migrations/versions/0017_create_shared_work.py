"""Working together on an issue: co-handlers, child tasks with deadlines, notes on the way."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

from shared.database.migrations import tenant_table

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    uuid, moment = UUID(as_uuid=True), sa.DateTime(timezone=True)
    tenant_table(
        op,
        "issue_co_handlers",
        sa.Column("issue_id", uuid, nullable=False),
        sa.Column("organisation", uuid, nullable=False),
        sa.Column("part", sa.Text, nullable=False),
        sa.Column("named_by", uuid, nullable=False),
        sa.Column("named_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["community", "issue_id"], ["issues.community", "issues.id"], name="issue_co_handlers_issue"
        ),
        sa.ForeignKeyConstraint(
            ["community", "organisation"],
            ["organisations.community", "organisations.id"],
            name="issue_co_handlers_organisation",
        ),
        key=("issue_id", "organisation"),
    )
    op.create_index("issue_co_handlers_by_unit", "issue_co_handlers", ["community", "organisation", "issue_id"])
    tenant_table(
        op,
        "child_tasks",
        sa.Column("id", uuid, nullable=False),
        sa.Column("issue_id", uuid, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("organisation", uuid, nullable=False),
        sa.Column("deadline", moment, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("set_by", uuid, nullable=False),
        sa.Column("set_at", moment, nullable=False),
        sa.Column("result", sa.Text),
        sa.Column("ended_by", uuid),
        sa.Column("ended_at", moment),
        sa.Column("reminded", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["community", "issue_id"], ["issues.community", "issues.id"], name="child_tasks_issue"),
        sa.ForeignKeyConstraint(
            ["community", "organisation"],
            ["organisations.community", "organisations.id"],
            name="child_tasks_organisation",
        ),
        sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="child_tasks_end"),
    )
    op.create_index("child_tasks_of_issue", "child_tasks", ["community", "issue_id", "id"])
    op.create_index("child_tasks_by_deadline", "child_tasks", ["community", "state", "deadline", "id"])
    op.create_index("child_tasks_of_unit", "child_tasks", ["community", "organisation", "state", "deadline", "id"])
    tenant_table(
        op,
        "progress_notes",
        sa.Column("issue_id", uuid, nullable=False),
        sa.Column("id", uuid, nullable=False),
        sa.Column("organisation", uuid),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("public", sa.Boolean, nullable=False),
        sa.Column("by", uuid, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["community", "issue_id"], ["issues.community", "issues.id"], name="progress_notes_issue"
        ),
        key=("issue_id", "id"),
        append_only=True,
    )


def downgrade() -> None:
    for table in ("progress_notes", "child_tasks", "issue_co_handlers"):
        op.drop_table(table)
