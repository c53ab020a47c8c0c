"""Notes and the pages they stand on."""

import sqlalchemy as sa
from alembic import op

from shared.database.migrations import tenant_table

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    tenant_table(
        op, "pages", sa.Column("id", sa.Uuid, nullable=False), sa.Column("version", sa.Integer, nullable=False)
    )
    tenant_table(
        op,
        "notes",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("stars", sa.Integer, nullable=False, server_default="0"),
        sa.Column("page_id", sa.Uuid),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.UniqueConstraint("community", "text", name="notes_text"),
        sa.ForeignKeyConstraint(["community", "page_id"], ["pages.community", "pages.id"], name="notes_page"),
    )


def downgrade() -> None:
    op.drop_table("notes")
    op.drop_table("pages")
