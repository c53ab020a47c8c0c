"""The index of the search, kept behind a queue that a trigger fills: no writer of issues can forget it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

from shared.database.migrations import grant_across_communities, tenant_table
from shared.database.row_security import relay_role

revision = "0010"
down_revision = "0009"

SEARCHED = ("title", "text", "place_text", "public_reply")


def upgrade() -> None:
    tenant_table(
        op,
        "search_postings",
        sa.Column("block", sa.Integer, nullable=False),
        sa.Column("gram", sa.BigInteger, nullable=False),
        sa.Column("members", sa.LargeBinary, nullable=False),
        key=("block", "gram"),
    )
    # Members grow in place until their block is full; packed bytes do not compress.
    op.execute("ALTER TABLE search_postings SET (fillfactor = 85)")
    op.execute("ALTER TABLE search_postings ALTER COLUMN members SET STORAGE PLAIN")
    tenant_table(
        op,
        "search_queue",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("issue_id", UUID(as_uuid=True), nullable=False),
    )
    tenant_table(op, "search_backfill", sa.Column("indexed_to", UUID(as_uuid=True)), key=())
    for table in ("search_queue", "search_backfill"):
        grant_across_communities(op, table, relay_role("issues"), "select")
    op.execute(
        """
        CREATE FUNCTION queue_for_search() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO public.search_queue (community, issue_id) VALUES (NEW.community, NEW.id);
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER new_issue_is_searched AFTER INSERT ON issues FOR EACH ROW EXECUTE FUNCTION queue_for_search()"
    )
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in SEARCHED)
    op.execute(
        "CREATE TRIGGER changed_issue_is_searched AFTER UPDATE ON issues"
        f" FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION queue_for_search()"
    )
    # Communities that are there already have issues to walk through. The owner sees them only without its own wall.
    for table in ("community_profiles", "search_backfill"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute("INSERT INTO search_backfill (community) SELECT community FROM community_profiles")
    for table in ("community_profiles", "search_backfill"):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    op.execute("DROP TRIGGER new_issue_is_searched ON issues")
    op.execute("DROP TRIGGER changed_issue_is_searched ON issues")
    op.execute("DROP FUNCTION queue_for_search()")
    for table in ("search_backfill", "search_queue", "search_postings"):
        op.drop_table(table)
