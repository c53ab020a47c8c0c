"""Series of meetings, their single meetings moved and cancelled, and links for calendar programs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

from shared.database.migrations import tenant_table

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    uuid, moment = UUID(as_uuid=True), sa.DateTime(timezone=True)
    tenant_table(
        op,
        "meeting_series",
        sa.Column("id", uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("start_time", sa.Time, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("on_holiday", sa.Text, nullable=False),
        sa.Column("weeks_ahead", sa.Integer, nullable=False),
        sa.Column("first", sa.Date, nullable=False),
        sa.Column("last", sa.Date),
        sa.Column("followed_from", uuid),
        sa.Column("created_by", uuid, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    # Columns of meetings that exist: new ones carry the default that the release before this one needs.
    op.add_column("meetings", sa.Column("minutes", sa.Integer, nullable=False, server_default="90"))
    op.add_column("meetings", sa.Column("series_id", uuid))
    op.add_column("meetings", sa.Column("series_day", sa.Date))
    op.add_column("meetings", sa.Column("edited", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("meetings", sa.Column("sequence", sa.Integer, nullable=False, server_default="0"))
    op.add_column("meetings", sa.Column("cancelled_at", moment))
    op.add_column("meetings", sa.Column("cancelled_by", uuid))
    op.add_column("meetings", sa.Column("cancel_reason", sa.Text))
    op.create_foreign_key(
        "meetings_series", "meetings", "meeting_series", ["community", "series_id"], ["community", "id"]
    )
    # A day of a series has one meeting, however many replicas look after it.
    op.create_index(
        "meetings_once_a_day",
        "meetings",
        ["community", "series_id", "series_day"],
        unique=True,
        postgresql_where="series_id IS NOT NULL",
    )
    op.create_index("meetings_by_kind", "meetings", ["community", "kind", "starts_at", "id"])
    tenant_table(
        op,
        "meeting_calendar_links",
        sa.Column("id", uuid, nullable=False),
        sa.Column("person_id", uuid, nullable=False),
        sa.Column("series_id", uuid),
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("revoked_at", moment),
        sa.UniqueConstraint("community", "token_hash", name="meeting_calendar_links_token"),
        sa.ForeignKeyConstraint(
            ["community", "series_id"],
            ["meeting_series.community", "meeting_series.id"],
            name="meeting_calendar_links_series",
        ),
    )
    op.create_index("meeting_calendar_links_by_person", "meeting_calendar_links", ["community", "person_id", "id"])


def downgrade() -> None:
    op.drop_table("meeting_calendar_links")
    op.drop_index("meetings_by_kind", "meetings")
    op.drop_index("meetings_once_a_day", "meetings")
    op.drop_constraint("meetings_series", "meetings")
    for column in (
        "cancel_reason",
        "cancelled_by",
        "cancelled_at",
        "sequence",
        "edited",
        "series_day",
        "series_id",
        "minutes",
    ):
        op.drop_column("meetings", column)
    op.drop_table("meeting_series")
