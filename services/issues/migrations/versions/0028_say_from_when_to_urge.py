"""From when on an issue may be urged, when its reporter last did, and which arrivals depend on the calendar."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    # Empty in rows of before: the next look at their clocks fills it.
    op.add_column("issues", sa.Column("promised_by", sa.DateTime(timezone=True)))
    op.add_column("issues", sa.Column("reporter_urged_at", sa.DateTime(timezone=True)))
    op.create_index(
        "whistle_units_awaited_by_calendar",
        "whistle_units",
        ["community", "whistle_id", "organisation"],
        postgresql_where="level = 'blue' AND missed_at IS NULL AND state IN ('called', 'acknowledged', 'refused')",
    )


def downgrade() -> None:
    op.drop_index("whistle_units_awaited_by_calendar", "whistle_units")
    op.drop_column("issues", "reporter_urged_at")
    op.drop_column("issues", "promised_by")
