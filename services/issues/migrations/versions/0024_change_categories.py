"""Categories are changed by their community: retired ones stay, and each version says who made it and when."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

from shared.database.migrations import tenant_table

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.add_column("categories", sa.Column("retired", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("categories", sa.Column("version", sa.Integer, nullable=False, server_default="1"))
    tenant_table(
        op,
        "category_versions",
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("parent", sa.Text),
        sa.Column("name_zh", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("tier", sa.Text, nullable=False),
        sa.Column("responsible_kind", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("retired", sa.Boolean, nullable=False),
        sa.Column("changed_by", UUID(as_uuid=True)),
        sa.Column("changed_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["community", "code"], ["categories.community", "categories.code"], name="category_versions_category"
        ),
        key=("code", "version"),
        append_only=True,
    )


def downgrade() -> None:
    op.drop_table("category_versions")
    op.drop_column("categories", "version")
    op.drop_column("categories", "retired")
