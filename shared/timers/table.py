"""The table of timers, for the migration of a service that uses them."""

import sqlalchemy as sa

from shared.database.migrations import tenant_table
from shared.database.row_security import Operations, grant_across_communities, relay_role


def create_timers_table(op: Operations, service: str) -> None:
    """Create `timers`. The serving role works inside its community; the relay role looks for what is due in all of them."""
    moment = sa.DateTime(timezone=True)
    tenant_table(
        op,
        "timers",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Uuid, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("set_at", moment, nullable=False),
        # When it is tried next: at first `due_at`, later after each try that did not succeed.
        sa.Column("try_at", moment, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("last_error", sa.Text),
        key=("kind", "subject", "key"),
    )
    op.execute("CREATE INDEX timers_by_try ON timers (try_at)")
    op.execute("CREATE INDEX timers_failing ON timers (due_at) WHERE last_error IS NOT NULL")
    grant_across_communities(op, "timers", relay_role(service), "select, update")


def drop_timers_table(op: Operations) -> None:
    """Take it back."""
    op.execute("DROP TABLE timers")
