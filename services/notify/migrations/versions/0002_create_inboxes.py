"""Inboxes of persons, and our copy of the master data that audiences and texts need."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

from shared.database.migrations import tenant_table

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    tenant_table(
        op,
        "notifications",
        sa.Column("id", UUID(as_uuid=True), nullable=False),
        sa.Column("person", UUID(as_uuid=True), nullable=False),
        sa.Column("message_id", UUID(as_uuid=True), nullable=False),
        sa.Column("template", sa.Text, nullable=False),
        sa.Column("template_version", sa.Integer, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("title_zh", sa.Text, nullable=False),
        sa.Column("title_en", sa.Text, nullable=False),
        sa.Column("body_zh", sa.Text, nullable=False),
        sa.Column("body_en", sa.Text, nullable=False),
        sa.Column("link", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("community", "message_id", "person", "template", name="notifications_once"),
    )
    op.create_index("notifications_of_person", "notifications", ["community", "person", "id"])
    op.create_index(
        "notifications_unread",
        "notifications",
        ["community", "person", "id"],
        postgresql_where=sa.text("read_at IS NULL"),
    )
    tenant_table(
        op,
        "memberships",
        sa.Column("id", UUID(as_uuid=True), nullable=False),
        sa.Column("person", UUID(as_uuid=True), nullable=False),
        sa.Column("organisation", UUID(as_uuid=True)),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("memberships_by_role", "memberships", ["community", "role", "organisation"])
    tenant_table(
        op,
        "organisations",
        sa.Column("id", UUID(as_uuid=True), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
    )
    tenant_table(op, "communities", sa.Column("name", sa.Text, nullable=False), key=())
    tenant_table(
        op,
        "issue_facts",
        sa.Column("issue_id", UUID(as_uuid=True), nullable=False),
        sa.Column("kind", sa.Text),
        sa.Column("category", sa.Text),
        sa.Column("severity", sa.Text),
        sa.Column("private", sa.Boolean, nullable=False),
        key=("issue_id",),
    )


def downgrade() -> None:
    for table in ("issue_facts", "communities", "organisations", "memberships", "notifications"):
        op.drop_table(table)
