"""Public requests and those of a program, by time: how Open311 asks for them."""

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_index(
        "issues_public_by_time",
        "issues",
        ["community", "registered_at", "id"],
        postgresql_where="published_at IS NOT NULL",
    )
    op.create_index(
        "issues_filed_by_time",
        "issues",
        ["community", "filed_by", "registered_at", "id"],
        postgresql_where="filed_by IS NOT NULL",
    )


def downgrade() -> None:
    op.drop_index("issues_filed_by_time", "issues")
    op.drop_index("issues_public_by_time", "issues")
