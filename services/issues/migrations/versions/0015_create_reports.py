"""Counting: changed issues that wait to be counted, what each issue adds, the sums, imported baselines, figures of the community by date."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

from shared.database.migrations import grant_across_communities, tenant_table

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    uuid, moment = UUID(as_uuid=True), sa.DateTime(timezone=True)
    # Only ever added to by those who change issues; whoever counts takes rows away. No row is ever waited for.
    tenant_table(
        op,
        "report_queue",
        sa.Column("id", uuid, nullable=False),
        sa.Column("issue_id", uuid, nullable=False),
        sa.Column("at", moment, nullable=False),
    )
    op.execute(
        "ALTER TABLE report_queue SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500)"
    )
    grant_across_communities(op, "report_queue", "issues_relay", "select")
    tenant_table(
        op,
        "report_contributions",
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("issue_id", uuid, nullable=False),
        sa.Column("adds", JSONB, nullable=False),
        key=("generation", "issue_id"),
    )
    tenant_table(
        op,
        "report_rollups",
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("dimension", sa.Text(collation="C"), nullable=False),
        sa.Column("grain", sa.Text(collation="C"), nullable=False),
        sa.Column("period", sa.Date, nullable=False),
        sa.Column("key", sa.Text(collation="C"), nullable=False),
        sa.Column("measure", sa.Text(collation="C"), nullable=False),
        sa.Column("value", sa.BigInteger, nullable=False),
        key=("generation", "dimension", "grain", "period", "key", "measure"),
    )
    # Only `value` ever changes, and no index holds it: with room on the page an addition touches no index.
    op.execute("ALTER TABLE report_rollups SET (fillfactor = 75)")
    tenant_table(
        op,
        "report_watch",
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("watch", sa.Text(collation="C"), nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.Column("issue_id", uuid, nullable=False),
        sa.Column("due_at", moment),
        key=("generation", "watch", "since", "issue_id"),
    )
    tenant_table(
        op,
        "report_generations",
        sa.Column("current", sa.Integer, nullable=False),
        sa.Column("building", sa.Integer),
        sa.Column("reached", uuid),
        sa.Column("rules_version", sa.Integer, nullable=False),
        sa.Column("made_at", moment, nullable=False),
        key=(),
    )
    tenant_table(
        op,
        "report_baselines",
        sa.Column("metric", sa.Text, nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.Column("numerator", sa.BigInteger, nullable=False),
        sa.Column("denominator", sa.BigInteger, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("imported_by", uuid, nullable=False),
        sa.Column("imported_at", moment, nullable=False),
        sa.CheckConstraint("first_day <= last_day", name="report_baselines_period"),
        sa.CheckConstraint("numerator >= 0 AND denominator >= 0", name="report_baselines_counts"),
        key=("metric", "first_day", "last_day"),
    )
    tenant_table(
        op,
        "profile_figures",
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("households", sa.Integer, nullable=False),
        sa.Column("residents", sa.Integer, nullable=False),
        key=("as_of",),
    )


def downgrade() -> None:
    for table in (
        "profile_figures",
        "report_baselines",
        "report_generations",
        "report_watch",
        "report_rollups",
        "report_contributions",
        "report_queue",
    ):
        op.drop_table(table)
