"""Counts by thirds of months and by quarters too, so that a period is read from few of them; those that exist are added up once."""

from alembic import op

revision = "0031"
down_revision = "0030"

STARTS = {
    "dekad": "date_trunc('month', period)::date + 10 * least((date_part('day', period)::int - 1) / 10, 2)",
    "quarter": "date_trunc('quarter', period)::date",
}


def upgrade() -> None:
    op.execute(
        "ALTER TABLE report_rollups NO FORCE ROW LEVEL SECURITY"
    )  # the owner adds up the counts of all communities
    for grain, start in STARTS.items():
        op.execute(
            f"""
            INSERT INTO report_rollups (community, generation, dimension, grain, period, key, measure, value)
            SELECT community, generation, dimension, '{grain}', {start} AS start, key, measure, sum(value)
            FROM report_rollups WHERE grain = 'day' GROUP BY community, generation, dimension, start, key, measure
            """
        )
    op.execute("ALTER TABLE report_rollups FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    op.execute("ALTER TABLE report_rollups NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM report_rollups WHERE grain IN ('dekad', 'quarter')")
    op.execute("ALTER TABLE report_rollups FORCE ROW LEVEL SECURITY")
