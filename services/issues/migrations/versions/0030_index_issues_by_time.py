"""Issues by the time of their registration: how exports of a period find them among a million."""

from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.create_index("issues_by_time", "issues", ["community", "registered_at", "id"])


def downgrade() -> None:
    op.drop_index("issues_by_time", "issues")
