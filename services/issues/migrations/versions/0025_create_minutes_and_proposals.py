"""Live minutes with their history, topics that people propose, and what adopted ideas lead to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

from shared.database.migrations import tenant_table

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    uuid, moment = UUID(as_uuid=True), sa.DateTime(timezone=True)
    for name in ("minutes_signed_at", "minutes_published_at"):
        op.add_column("meetings", sa.Column(name, moment))
    for name in ("minutes_signed_by", "minutes_published_by"):
        op.add_column("meetings", sa.Column(name, uuid))
    op.add_column("meetings", sa.Column("public_summary", sa.Text))
    op.add_column("meetings", sa.Column("minutes_red", sa.Text, nullable=False, server_default="no"))
    op.create_index(
        "meetings_with_minutes",
        "meetings",
        ["community", "minutes_published_at", "id"],
        postgresql_where="minutes_published_at IS NOT NULL",
    )
    op.create_index(
        "meetings_red",
        "meetings",
        ["community", "minutes_red", "starts_at", "id"],
        postgresql_where="minutes_red <> 'no'",
    )
    # What an agenda could hold: few of many issues are open, the longest due come first.
    op.create_index(
        "issues_to_discuss",
        "issues",
        ["community", "solve_by", "id"],
        postgresql_where="state IN ('accepted', 'in_progress') AND solve_by IS NOT NULL",
    )
    op.add_column("agenda_items", sa.Column("links", JSONB, nullable=False, server_default=sa.text("'[]'::jsonb")))
    # An issue raised at the table is written at the end of the transaction, after its item.
    op.drop_constraint("agenda_items_issue", "agenda_items")
    op.create_foreign_key(
        "agenda_items_issue",
        "agenda_items",
        "issues",
        ["community", "issue_id"],
        ["community", "id"],
        deferrable=True,
        initially="DEFERRED",
    )
    # Items change places with each other in one transaction.
    op.drop_constraint("agenda_items_position", "agenda_items")
    op.create_unique_constraint(
        "agenda_items_position",
        "agenda_items",
        ["community", "meeting_id", "position"],
        deferrable=True,
        initially="DEFERRED",
    )
    of_meeting = (["community", "meeting_id"], ["meetings.community", "meetings.id"])
    tenant_table(
        op,
        "minutes_sections",
        sa.Column("meeting_id", uuid, nullable=False),
        sa.Column("section_id", uuid, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("edited_by", uuid, nullable=False),
        sa.Column("edited_at", moment, nullable=False),
        sa.Column("began_at", moment, nullable=False),
        sa.ForeignKeyConstraint(*of_meeting, name="minutes_sections_meeting"),
        key=("meeting_id", "section_id"),
    )
    tenant_table(
        op,
        "minutes_versions",
        sa.Column("meeting_id", uuid, nullable=False),
        sa.Column("section_id", uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("edited_by", uuid, nullable=False),
        sa.Column("edited_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["community", "meeting_id", "section_id"],
            ["minutes_sections.community", "minutes_sections.meeting_id", "minutes_sections.section_id"],
            name="minutes_versions_section",
        ),
        key=("meeting_id", "section_id", "version"),
    )
    tenant_table(
        op,
        "meeting_proposals",
        sa.Column("id", uuid, nullable=False),
        sa.Column("meeting_id", uuid, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("category", sa.Text),
        sa.Column("proposed_by", uuid, nullable=False),
        sa.Column("proposed_at", moment, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("issue_id", uuid),
        sa.Column("decided_by", uuid),
        sa.Column("decided_at", moment),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(*of_meeting, name="meeting_proposals_meeting"),
    )
    op.create_index("meeting_proposals_by_meeting", "meeting_proposals", ["community", "meeting_id", "id"])


def downgrade() -> None:
    for table in ("meeting_proposals", "minutes_versions", "minutes_sections"):
        op.drop_table(table)
    op.drop_constraint("agenda_items_position", "agenda_items")
    op.create_unique_constraint("agenda_items_position", "agenda_items", ["community", "meeting_id", "position"])
    op.drop_constraint("agenda_items_issue", "agenda_items")
    op.create_foreign_key(
        "agenda_items_issue", "agenda_items", "issues", ["community", "issue_id"], ["community", "id"]
    )
    op.drop_column("agenda_items", "links")
    op.drop_index("issues_to_discuss", "issues")
    for index in ("meetings_red", "meetings_with_minutes"):
        op.drop_index(index, "meetings")
    for column in (
        "minutes_red",
        "public_summary",
        "minutes_published_by",
        "minutes_signed_by",
        "minutes_published_at",
        "minutes_signed_at",
    ):
        op.drop_column("meetings", column)
