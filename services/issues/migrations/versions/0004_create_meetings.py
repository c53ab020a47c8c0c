"""Meetings, who sits at the table, and the agenda with its decisions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

from shared.database.migrations import tenant_table

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    uuid, moment = UUID(as_uuid=True), sa.DateTime(timezone=True)
    tenant_table(
        op,
        "meetings",
        sa.Column("id", uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("starts_at", moment, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("convened_by", uuid, nullable=False),
        sa.Column("convened_at", moment, nullable=False),
        sa.Column("closed_by", uuid),
        sa.Column("closed_at", moment),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("meetings_by_start", "meetings", ["community", "starts_at", "id"])
    tenant_table(
        op,
        "meeting_participants",
        sa.Column("meeting_id", uuid, nullable=False),
        sa.Column("person_id", uuid, nullable=False),
        sa.Column("seat", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["community", "meeting_id"], ["meetings.community", "meetings.id"], name="meeting_participants_meeting"
        ),
        key=("meeting_id", "person_id", "seat"),
    )
    op.create_index("meeting_participants_by_person", "meeting_participants", ["community", "person_id", "meeting_id"])
    tenant_table(
        op,
        "agenda_items",
        sa.Column("id", uuid, nullable=False),
        sa.Column("meeting_id", uuid, nullable=False),
        sa.Column("issue_id", uuid, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("placed_by", uuid, nullable=False),
        sa.Column("placed_at", moment, nullable=False),
        sa.Column("record", sa.Text),
        sa.Column("responsible_organisation", uuid),
        sa.Column("deadline", moment),
        sa.Column("plan", sa.Text),
        sa.Column("decision", sa.Text),
        sa.Column("outcome", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("public_reply", sa.Text),
        sa.Column("postponed_to", uuid),
        sa.Column("decided_by", uuid),
        sa.Column("decided_at", moment),
        sa.Column("concluded", sa.Boolean, nullable=False),
        sa.UniqueConstraint("community", "meeting_id", "position", name="agenda_items_position"),
        sa.ForeignKeyConstraint(
            ["community", "meeting_id"], ["meetings.community", "meetings.id"], name="agenda_items_meeting"
        ),
        sa.ForeignKeyConstraint(
            ["community", "issue_id"], ["issues.community", "issues.id"], name="agenda_items_issue"
        ),
        sa.ForeignKeyConstraint(
            ["community", "responsible_organisation"],
            ["organisations.community", "organisations.id"],
            name="agenda_items_responsible_organisation",
        ),
    )
    op.create_index("agenda_items_by_issue", "agenda_items", ["community", "issue_id"])
    # An issue waits on one agenda at a time.
    op.create_index(
        "agenda_items_open_once",
        "agenda_items",
        ["community", "issue_id"],
        unique=True,
        postgresql_where="NOT concluded",
    )


def downgrade() -> None:
    for table in ("agenda_items", "meeting_participants", "meetings"):
        op.drop_table(table)
