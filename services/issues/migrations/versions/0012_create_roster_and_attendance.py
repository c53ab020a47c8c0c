"""The standing roster, quorum, and attendance."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

from shared.database.migrations import tenant_table

revision = "0012"
down_revision = "0011"

# Two random UUIDs hold 244 random bits; PostgreSQL takes them from the operating system's generator.
RANDOM_KEY = "decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')"


def upgrade() -> None:
    uuid, moment = UUID(as_uuid=True), sa.DateTime(timezone=True)
    op.add_column(
        "meetings", sa.Column("attendance_key", sa.LargeBinary, nullable=False, server_default=sa.text(RANDOM_KEY))
    )
    for name in ("quorum_invited", "quorum_attended", "quorum_needed"):
        op.add_column("meetings", sa.Column(name, sa.Integer))
    op.add_column("meetings", sa.Column("without_quorum", sa.Text))
    tenant_table(
        op,
        "meeting_roster",
        sa.Column("id", uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("seat", sa.Text, nullable=False),
        sa.Column("person_id", uuid, nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("until", sa.Date),
        sa.Column("appointed_by", uuid, nullable=False),
        sa.Column("appointed_at", moment, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("until >= since", name="meeting_roster_dates"),
    )
    op.create_index("meeting_roster_by_kind", "meeting_roster", ["community", "kind", "id"])
    op.create_index("meeting_roster_by_person", "meeting_roster", ["community", "person_id", "kind"])
    tenant_table(
        op,
        "meeting_rules",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("over_percent", sa.Integer, nullable=False),
        sa.Column("at_least", sa.Integer, nullable=False),
        sa.Column("changed_by", uuid, nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.CheckConstraint("over_percent BETWEEN 0 AND 99", name="meeting_rules_percent"),
        key=("kind",),
    )
    tenant_table(
        op,
        "meeting_attendance",
        sa.Column("meeting_id", uuid, nullable=False),
        sa.Column("person_id", uuid, nullable=False),
        sa.Column("presence", sa.Text, nullable=False),
        sa.Column("how", sa.Text, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("noted_by", uuid, nullable=False),
        sa.Column("invited", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(
            ["community", "meeting_id"], ["meetings.community", "meetings.id"], name="meeting_attendance_meeting"
        ),
        key=("meeting_id", "person_id"),
    )


def downgrade() -> None:
    for table in ("meeting_attendance", "meeting_rules", "meeting_roster"):
        op.drop_table(table)
    for column in ("without_quorum", "quorum_needed", "quorum_attended", "quorum_invited", "attendance_key"):
        op.drop_column("meetings", column)
