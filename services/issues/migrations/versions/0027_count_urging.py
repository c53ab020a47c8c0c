"""Who urged an issue, once a day."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

from shared.database.migrations import tenant_table

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    uuid = UUID(as_uuid=True)
    tenant_table(
        op,
        "issue_urgings",
        sa.Column("issue_id", uuid, nullable=False),
        sa.Column("person_id", uuid, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community", "issue_id"], ["issues.community", "issues.id"], name="issue_urgings_issue"
        ),
        key=("issue_id", "person_id", "day"),
        append_only=True,
    )


def downgrade() -> None:
    op.drop_table("issue_urgings")
