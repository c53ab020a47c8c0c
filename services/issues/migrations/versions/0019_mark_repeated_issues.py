"""Issues that happen again at the same place are marked, and urging is counted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.add_column("issues", sa.Column("repeat_of", UUID(as_uuid=True)))
    # Counted up by those who urge, without a new version of the issue.
    op.add_column("issues", sa.Column("urged", sa.Integer, nullable=False, server_default="0"))
    op.create_index("issues_repeated", "issues", ["community", "state", "id"], postgresql_where="repeat_of IS NOT NULL")


def downgrade() -> None:
    op.drop_index("issues_repeated", "issues")
    op.drop_column("issues", "urged")
    op.drop_column("issues", "repeat_of")
