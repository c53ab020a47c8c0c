"""Micro-wishes with their claims; beneficiaries sealed and apart, with a record of every look at them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

from shared.database.migrations import tenant_table

revision = "0003"
down_revision = "0002"

TIME = sa.DateTime(timezone=True)
ID = UUID(as_uuid=True)


def upgrade() -> None:
    tenant_table(
        op,
        "wishes",
        sa.Column("id", ID, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("wished_by", ID, nullable=False),
        sa.Column("submitted_by", ID, nullable=False),
        sa.Column("consent", sa.Text),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("need", sa.Text, nullable=False),
        sa.Column("submitted_at", TIME, nullable=False),
        sa.Column("card_title", sa.Text),
        sa.Column("card_text", sa.Text),
        sa.Column("reviewed_by", ID),
        sa.Column("reviewed_at", TIME),
        sa.Column("decline_reason", sa.Text),
        sa.Column("published_at", TIME),
        sa.Column("claim_id", ID),
        sa.Column("claim_expires_at", TIME),
        sa.Column("proof", sa.Text),
        sa.Column("delivered_at", TIME),
        sa.Column("thanks", sa.Text),
        sa.Column("lit_at", TIME),
        sa.CheckConstraint(
            "state IN ('submitted', 'declined', 'published', 'claimed', 'delivered', 'lit')", name="wishes_state"
        ),
        sa.CheckConstraint(
            "(state IN ('claimed', 'delivered', 'lit')) = (claim_id IS NOT NULL)", name="wishes_claimed_by_somebody"
        ),
    )
    op.execute("CREATE INDEX wishes_on_the_wall ON wishes (community, state, published_at, id)")
    op.execute("CREATE INDEX wishes_to_review ON wishes (community, submitted_at, id) WHERE state = 'submitted'")
    op.execute("CREATE INDEX wishes_wished_by ON wishes (community, wished_by, submitted_at, id)")
    op.execute("CREATE INDEX wishes_submitted_by ON wishes (community, submitted_by, submitted_at, id)")
    op.execute("CREATE INDEX wishes_claim_expiry ON wishes (community, claim_expires_at) WHERE state = 'claimed'")
    tenant_table(
        op,
        "wish_claims",
        sa.Column("id", ID, nullable=False),
        sa.Column("wish_id", ID, nullable=False),
        sa.Column("claimed_by", ID, nullable=False),
        sa.Column("claimed_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("ended_at", TIME),
        sa.ForeignKeyConstraint(["community", "wish_id"], ["wishes.community", "wishes.id"]),
        sa.CheckConstraint(
            "outcome IN ('open', 'released', 'expired', 'delivered', 'kept')", name="wish_claims_outcome"
        ),
    )
    # Whatever the code does: of a wish there is one promise at a time.
    op.execute(
        "CREATE UNIQUE INDEX wish_claims_one_at_a_time ON wish_claims (community, wish_id)"
        " WHERE outcome IN ('open', 'delivered', 'kept')"
    )
    op.execute("CREATE INDEX wish_claims_of_person ON wish_claims (community, claimed_by, claimed_at, id)")
    op.execute("CREATE INDEX wish_claims_open ON wish_claims (community, claimed_by) WHERE outcome = 'open'")
    tenant_table(
        op,
        "wish_beneficiaries",
        sa.Column("wish_id", ID, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(["community", "wish_id"], ["wishes.community", "wishes.id"]),
        key=("wish_id",),
    )
    tenant_table(
        op,
        "beneficiary_reveals",
        sa.Column("id", ID, nullable=False),
        sa.Column("wish_id", ID, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("revealed_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["community", "wish_id"], ["wishes.community", "wishes.id"]),
        append_only=True,
    )
    op.execute("CREATE INDEX beneficiary_reveals_of_wish ON beneficiary_reveals (community, wish_id, revealed_at)")


def downgrade() -> None:
    for table in ("beneficiary_reveals", "wish_beneficiaries", "wish_claims", "wishes"):
        op.drop_table(table)
