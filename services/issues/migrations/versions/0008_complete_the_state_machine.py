"""Issues get all states: waiting, deferred, dismissed; proposals, pauses, returns, call-backs, merging, the subdistrict."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, UUID

revision = "0008"
down_revision = "0007"


def columns() -> list[sa.Column[object]]:
    uuid, moment = UUID(as_uuid=True), sa.DateTime(timezone=True)
    no, nothing = {"nullable": False, "server_default": sa.false()}, {"nullable": False, "server_default": "0"}
    return [
        sa.Column("extended_to", moment),
        sa.Column("extension_asked", sa.Boolean, **no),
        sa.Column("sign_by", moment),
        sa.Column("answer_by", moment),
        sa.Column("verify_by", moment),
        sa.Column("co_handlers", ARRAY(uuid), nullable=False, server_default="{}"),
        sa.Column("open_tasks", sa.Integer, **nothing),
        sa.Column("proposal_kind", sa.Text),
        sa.Column("proposal_reason", sa.Text),
        sa.Column("proposed_by", uuid),
        sa.Column("proposed_at", moment),
        sa.Column("proposed_reason_code", sa.Text),
        sa.Column("proposed_refer_to", sa.Text),
        sa.Column("proposed_until", moment),
        sa.Column("proposed_historical", sa.Boolean, **no),
        sa.Column("dismissal_reason", sa.Text),
        sa.Column("refer_to", sa.Text),
        sa.Column("review_at", moment),
        sa.Column("deferred_at", moment),
        sa.Column("historical", sa.Boolean, **no),
        sa.Column("claimed_outcome", sa.Text),
        sa.Column("merged_into", uuid),
        sa.Column("brought_up", sa.Text),
        sa.Column("awaits_subdistrict", sa.Boolean, **no),
        sa.Column("returns", sa.Integer, **nothing),
        sa.Column("pauses", sa.Integer, **nothing),
        sa.Column("paused", sa.Interval, nullable=False, server_default="0"),
        sa.Column("waiting_since", moment),
        sa.Column("question", sa.Text),
        sa.Column("unanswered", sa.Integer, **nothing),
        sa.Column("contacted_at", moment),
        sa.Column("objected_at", moment),
        sa.Column("reopened_at", moment),
    ]


CHECKS = {
    "issues_proposal_is_whole": "num_nulls(proposal_kind, proposal_reason, proposed_by, proposed_at) IN (0, 4)",
    "issues_dismissal_is_whole": "num_nulls(dismissal_reason, refer_to) IN (0, 2)",
    "issues_deferral_is_whole": "num_nulls(review_at, deferred_at) IN (0, 2)",
    "issues_dismissed_with_address": "state <> 'dismissed' OR refer_to IS NOT NULL",
    "issues_deferred_with_date": "state <> 'deferred' OR review_at IS NOT NULL",
    "issues_returns": "returns BETWEEN 0 AND 2",
    "issues_pauses": "pauses BETWEEN 0 AND 2",
    "issues_merged_into_another": "merged_into <> id",
}


def upgrade() -> None:
    for column in columns():
        op.add_column("issues", column)
    for name, check in CHECKS.items():
        op.create_check_constraint(name, "issues", check)
    op.create_foreign_key("issues_merged_into", "issues", "issues", ["community", "merged_into"], ["community", "id"])
    op.create_index("issues_merged", "issues", ["community", "merged_into"], postgresql_where="merged_into IS NOT NULL")
    # What the subdistrict sees, and what waits for a second person: few rows of many.
    op.create_index("issues_brought_up", "issues", ["community", "id"], postgresql_where="brought_up IS NOT NULL")
    op.create_index(
        "issues_proposed", "issues", ["community", "proposal_kind", "id"], postgresql_where="proposal_kind IS NOT NULL"
    )


def downgrade() -> None:
    for index in ("issues_proposed", "issues_brought_up", "issues_merged"):
        op.drop_index(index, "issues")
    op.drop_constraint("issues_merged_into", "issues")
    for name in CHECKS:
        op.drop_constraint(name, "issues")
    for column in columns():
        op.drop_column("issues", column.name)
