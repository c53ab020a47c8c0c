"""Contacts of the persons concerned, sealed, and the append-only record of every look at them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

from shared.database.migrations import tenant_table

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    uuid, moment = UUID(as_uuid=True), sa.DateTime(timezone=True)
    issue = (["community", "issue_id"], ["issues.community", "issues.id"])
    tenant_table(
        op,
        "issue_contacts",
        sa.Column("issue_id", uuid, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("phone_index", sa.LargeBinary),
        sa.Column("tail_index", sa.LargeBinary),
        sa.Column("recorded_by", uuid, nullable=False),
        sa.Column("recorded_at", moment, nullable=False),
        # An issue is written last in its transaction, after its contact.
        sa.ForeignKeyConstraint(*issue, name="issue_contacts_issue", deferrable=True, initially="DEFERRED"),
        key=("issue_id",),
    )
    for name in ("phone_index", "tail_index"):
        op.create_index(
            f"contacts_by_{name.removesuffix('_index')}",
            "issue_contacts",
            ["community", name, "issue_id"],
            postgresql_where=f"{name} IS NOT NULL",
        )
    tenant_table(
        op,
        "issue_reveals",
        sa.Column("issue_id", uuid, nullable=False),
        sa.Column("id", uuid, nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("person", uuid, nullable=False),
        sa.Column("revealed_at", moment, nullable=False),
        sa.ForeignKeyConstraint(*issue, name="issue_reveals_issue"),
        key=("issue_id", "id"),
        append_only=True,
    )


def downgrade() -> None:
    op.drop_table("issue_reveals")
    op.drop_table("issue_contacts")
