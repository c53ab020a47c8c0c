"""What happens by time."""

from alembic import op

from shared.timers.table import create_timers_table, drop_timers_table

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    create_timers_table(op, "issues")


def downgrade() -> None:
    drop_timers_table(op)
