"""Partner subscriptions with their numbered deliveries. The dispatcher may see, across communities, which feeds are due."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from shared.database.migrations import grant_across_communities, tenant_table
from shared.database.row_security import relay_role

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    tenant_table(
        op,
        "subscriptions",
        sa.Column("id", UUID(as_uuid=True), nullable=False),
        sa.Column("organisation", UUID(as_uuid=True), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("url", sa.Text),
        sa.Column("types", ARRAY(sa.Text), nullable=False),
        sa.Column("categories", ARRAY(sa.Text), nullable=False),
        sa.Column("severities", ARRAY(sa.Text), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("disabled_because", sa.Text),
        sa.Column("credential", sa.LargeBinary, nullable=False),
        sa.Column("previous_credential", sa.LargeBinary),
        sa.Column("previous_valid_until", sa.DateTime(timezone=True)),
        sa.Column("created_by", UUID(as_uuid=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("channel IN ('webhook', 'nats')", name="subscriptions_channel"),
        sa.CheckConstraint("state IN ('active', 'paused', 'disabled')", name="subscriptions_state"),
        sa.CheckConstraint("(channel = 'webhook') = (url IS NOT NULL)", name="subscriptions_url"),
        sa.CheckConstraint("(state = 'disabled') = (disabled_because IS NOT NULL)", name="subscriptions_reason"),
    )
    op.create_index("subscriptions_of_organisation", "subscriptions", ["community", "organisation", "id"])
    op.create_index("subscriptions_by_id", "subscriptions", ["id"])
    tenant_table(
        op,
        "feeds",
        sa.Column("subscription", UUID(as_uuid=True), nullable=False),
        sa.Column("last_sequence", sa.BigInteger, nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True)),
        _belongs_to("subscriptions", "subscription"),
        key=("subscription",),
    )
    op.create_index("feeds_due", "feeds", ["next_try_at"], postgresql_where=sa.text("next_try_at IS NOT NULL"))
    tenant_table(
        op,
        "deliveries",
        sa.Column("id", UUID(as_uuid=True), nullable=False),
        sa.Column("subscription", UUID(as_uuid=True), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("message_id", UUID(as_uuid=True), nullable=False),
        sa.Column("message_type", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True)),
        sa.Column("last_status", sa.Integer),
        sa.Column("last_error", sa.Text),
        sa.UniqueConstraint("community", "subscription", "sequence", name="deliveries_sequence"),
        sa.UniqueConstraint("community", "subscription", "message_id", name="deliveries_once"),
        sa.CheckConstraint("state IN ('pending', 'delivered')", name="deliveries_state"),
        _belongs_to("subscriptions", "subscription"),
    )
    op.create_index(
        "deliveries_waiting",
        "deliveries",
        ["community", "subscription", "sequence"],
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index("deliveries_age", "deliveries", ["created_at"])
    tenant_table(
        op,
        "attempts",
        sa.Column("id", UUID(as_uuid=True), nullable=False),
        sa.Column("delivery", UUID(as_uuid=True), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("took_ms", sa.Integer, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("error", sa.Text),
        _belongs_to("deliveries", "delivery"),
    )
    op.create_index("attempts_of_delivery", "attempts", ["community", "delivery", "id"])
    relay = relay_role("notify")
    # The dispatcher finds what is due in all communities, and forgets what is old; it reads the contents as the serving role.
    grant_across_communities(op, "feeds", relay, "SELECT")
    grant_across_communities(op, "subscriptions", relay, "SELECT (community, id, channel, state)")
    grant_across_communities(op, "deliveries", relay, "SELECT (community, id, created_at), DELETE")


def downgrade() -> None:
    for table in ("attempts", "deliveries", "feeds", "subscriptions"):
        op.drop_table(table)


def _belongs_to(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["community", column], [f"{table}.community", f"{table}.id"], ondelete="CASCADE")
