"""What neighbours see of an issue, and who joined it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

from shared.database.migrations import tenant_table

revision = "0007"
down_revision = "0006"

COLUMNS = (
    "consent",
    "card_title",
    "card_summary",
    "card_shows_building",
    "published_at",
    "published_by",
    "joined",
)


def upgrade() -> None:
    uuid, moment = UUID(as_uuid=True), sa.DateTime(timezone=True)
    for column in (
        sa.Column("consent", sa.Text, nullable=False, server_default="private"),
        sa.Column("card_title", sa.Text),
        sa.Column("card_summary", sa.Text),
        sa.Column("card_shows_building", sa.Boolean),
        sa.Column("published_at", moment),
        sa.Column("published_by", uuid),
        # Counted up and down by those who join and leave, without a new version of the issue.
        sa.Column("joined", sa.Integer, nullable=False, server_default="0"),
    ):
        op.add_column("issues", column)
    op.create_check_constraint(
        "issues_card_is_whole",
        "issues",
        "num_nulls(card_title, card_summary, card_shows_building, published_at, published_by) IN (0, 5)",
    )
    op.create_check_constraint("issues_joined", "issues", "joined >= 0")
    public = "published_at IS NOT NULL"
    op.create_index("cards_newest", "issues", ["community", "id"], postgresql_where=public)
    op.create_index("cards_by_state", "issues", ["community", "state", "id"], postgresql_where=public)
    op.create_index("cards_by_category", "issues", ["community", "category", "id"], postgresql_where=public)
    op.create_index(
        "cards_by_building",
        "issues",
        ["community", "building_id", "id"],
        postgresql_where=f"{public} AND card_shows_building",
    )
    # The same matter in the same building: suggested before reporting, and marked as repeated.
    op.create_index(
        "issues_by_place",
        "issues",
        ["community", "building_id", "category", "registered_at"],
        postgresql_where="building_id IS NOT NULL",
    )
    tenant_table(
        op,
        "issue_followers",
        sa.Column("issue_id", uuid, nullable=False),
        sa.Column("person_id", uuid, nullable=False),
        sa.Column("joined_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["community", "issue_id"], ["issues.community", "issues.id"], name="issue_followers_issue"
        ),
        key=("issue_id", "person_id"),
    )
    op.create_index("issue_followers_by_person", "issue_followers", ["community", "person_id", "issue_id"])


def downgrade() -> None:
    op.drop_table("issue_followers")
    for index in ("issues_by_place", "cards_by_building", "cards_by_category", "cards_by_state", "cards_newest"):
        op.drop_index(index, "issues")
    op.drop_constraint("issues_card_is_whole", "issues")
    op.drop_constraint("issues_joined", "issues")
    for column in COLUMNS:
        op.drop_column("issues", column)
