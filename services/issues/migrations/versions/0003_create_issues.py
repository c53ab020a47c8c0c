"""Issues with their numbers, their append-only history and the origin of imported ones."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

from shared.database.migrations import tenant_table

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    uuid, moment = UUID(as_uuid=True), sa.DateTime(timezone=True)
    tenant_table(
        op,
        "issue_numbers",
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("last", sa.Integer, nullable=False),
        key=("year",),
    )
    tenant_table(
        op,
        "issues",
        sa.Column("id", uuid, nullable=False),
        # Byte order, so that the unique index also serves the search for the beginning of a number.
        sa.Column("number", sa.Text(collation="C"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("severity", sa.Text, nullable=False),
        sa.Column("building_id", uuid),
        sa.Column("place_text", sa.Text),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("reported_by", uuid),
        sa.Column("registered_at", moment, nullable=False),
        sa.Column("reported_at", moment, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("tier", sa.Text),
        sa.Column("solve_by", moment),
        sa.Column("record", sa.Text),
        sa.Column("responsible_organisation", uuid),
        sa.Column("deadline", moment),
        sa.Column("plan", sa.Text),
        sa.Column("meeting_id", uuid),
        sa.Column("outcome", sa.Text),
        sa.Column("public_reply", sa.Text),
        sa.Column("level", sa.Text),
        sa.Column("resolved_by", uuid),
        sa.Column("quantity_kind", sa.Text),
        sa.Column("quantity", sa.Integer),
        sa.Column("rated_round", sa.Integer),
        sa.Column("rated_solved", sa.Boolean),
        sa.Column("satisfaction", sa.SmallInteger),
        sa.Column("rating_comment", sa.Text),
        sa.Column("rated_by", uuid),
        sa.Column("rated_at", moment),
        sa.Column("accepted_at", moment),
        sa.Column("discussed_at", moment),
        sa.Column("assigned_at", moment),
        sa.Column("signed_at", moment),
        sa.Column("resolved_at", moment),
        sa.Column("closed_at", moment),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("community", "number", name="issues_number"),
        sa.ForeignKeyConstraint(
            ["community", "category"], ["categories.community", "categories.code"], name="issues_category"
        ),
        sa.ForeignKeyConstraint(
            ["community", "building_id"], ["buildings.community", "buildings.id"], name="issues_building"
        ),
        sa.ForeignKeyConstraint(
            ["community", "responsible_organisation"],
            ["organisations.community", "organisations.id"],
            name="issues_responsible_organisation",
        ),
        sa.CheckConstraint("building_id IS NOT NULL OR place_text IS NOT NULL", name="issues_have_a_place"),
        sa.CheckConstraint(
            "num_nulls(record, responsible_organisation, deadline, plan) IN (0, 4)", name="issues_assignment_is_whole"
        ),
        sa.CheckConstraint("satisfaction BETWEEN 1 AND 5", name="issues_satisfaction"),
    )
    # The list is read newest first; every filter has an index that ends in the sort column.
    op.create_index("issues_by_state", "issues", ["community", "state", "id"])
    op.create_index("issues_by_category", "issues", ["community", "category", "id"])
    op.create_index(
        "issues_by_organisation",
        "issues",
        ["community", "responsible_organisation", "id"],
        postgresql_where="responsible_organisation IS NOT NULL",
    )
    op.create_index(
        "issues_by_reporter",
        "issues",
        ["community", "reported_by", "id"],
        postgresql_where="reported_by IS NOT NULL",
    )
    tenant_table(
        op,
        "issue_history",
        sa.Column("id", uuid, nullable=False),
        sa.Column("issue_id", uuid, nullable=False),
        sa.Column("verb", sa.Text, nullable=False),
        sa.Column("from_state", sa.Text),
        sa.Column("to_state", sa.Text, nullable=False),
        sa.Column("done_by", uuid, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("details", JSONB, nullable=False),
        sa.ForeignKeyConstraint(
            ["community", "issue_id"], ["issues.community", "issues.id"], name="issue_history_issue"
        ),
        key=("issue_id", "id"),
        append_only=True,
    )
    tenant_table(
        op,
        "issue_origins",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("source_id", sa.Text, nullable=False),
        sa.Column("issue_id", uuid, nullable=False),
        sa.Column("reporter", sa.Text),
        sa.ForeignKeyConstraint(
            ["community", "issue_id"], ["issues.community", "issues.id"], name="issue_origins_issue"
        ),
        key=("source", "source_id"),
        append_only=True,
    )


def downgrade() -> None:
    for table in ("issue_origins", "issue_history", "issues", "issue_numbers"):
        op.drop_table(table)
