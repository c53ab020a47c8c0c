"""Photos of issues and drafts, and the drafts themselves."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

from shared.database.migrations import tenant_table

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    uuid, moment = UUID(as_uuid=True), sa.DateTime(timezone=True)
    tenant_table(
        op,
        "issue_photos",
        # An issue has the id of the draft it was, so that photos come along; while it is a draft there is no issue to refer to.
        sa.Column("issue_id", uuid, nullable=False),
        sa.Column("id", uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("position", sa.SmallInteger, nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("added_by", uuid, nullable=False),
        sa.Column("added_at", moment, nullable=False),
        sa.UniqueConstraint("community", "issue_id", "kind", "position", name="issue_photos_place"),
        sa.CheckConstraint("position BETWEEN 1 AND 6", name="issue_photos_position"),
        key=("issue_id", "id"),
    )
    tenant_table(
        op,
        "issue_drafts",
        sa.Column("id", uuid, nullable=False),
        sa.Column("person_id", uuid, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("updated_at", moment, nullable=False),
    )
    op.create_index("drafts_of_person", "issue_drafts", ["community", "person_id", "id"])


def downgrade() -> None:
    op.drop_table("issue_drafts")
    op.drop_table("issue_photos")
