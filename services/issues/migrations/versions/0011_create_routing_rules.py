"""Routing rules: place × category → unit, in versions that are never changed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

from shared.database.migrations import tenant_table

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    uuid, moment = UUID(as_uuid=True), sa.DateTime(timezone=True)
    tenant_table(
        op,
        "routing_sets",
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("id", uuid, nullable=False),
        sa.Column("effective_from", moment, nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("published_by", uuid, nullable=False),
        sa.Column("published_at", moment, nullable=False),
        sa.Column("rules", sa.Integer, nullable=False),
        sa.CheckConstraint("version > 0", name="routing_sets_version"),
        key=("version",),
        append_only=True,
    )
    tenant_table(
        op,
        "routing_rules",
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("organisation", uuid, nullable=False),
        sa.Column("category", sa.Text),
        sa.Column("grid_id", uuid),
        sa.Column("compound_id", uuid),
        sa.ForeignKeyConstraint(
            ["community", "version"], ["routing_sets.community", "routing_sets.version"], name="routing_rules_set"
        ),
        sa.ForeignKeyConstraint(
            ["community", "organisation"],
            ["organisations.community", "organisations.id"],
            name="routing_rules_organisation",
        ),
        sa.ForeignKeyConstraint(
            ["community", "category"], ["categories.community", "categories.code"], name="routing_rules_category"
        ),
        sa.CheckConstraint("num_nonnulls(grid_id, compound_id) <= 1", name="routing_rules_one_place"),
        sa.UniqueConstraint(
            "community",
            "version",
            "category",
            "grid_id",
            "compound_id",
            name="routing_rules_once",
            postgresql_nulls_not_distinct=True,
        ),
        key=("version", "position"),
        append_only=True,
    )


def downgrade() -> None:
    op.drop_table("routing_rules")
    op.drop_table("routing_sets")
