"""Mediations with parties, sessions and history; names, notes and texts sealed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import BYTEA, JSONB, UUID

from shared.database.migrations import tenant_table

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    uuid, moment = UUID(as_uuid=True), sa.DateTime(timezone=True)
    tenant_table(
        op,
        "mediations",
        sa.Column("id", uuid, nullable=False),
        sa.Column("issue_id", uuid, nullable=False),
        sa.Column("issue_number", sa.Text, nullable=False),
        sa.Column("mediator_id", uuid),
        sa.Column("opened_by", uuid, nullable=False),
        sa.Column("opened_at", moment, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("declared_at", moment),
        sa.Column("outcome", sa.Text),
        sa.Column("follow_up_at", moment),
        sa.Column("followed_up_at", moment),
        sa.Column("holds", sa.Boolean),
        sa.Column("closed_at", moment),
        sa.Column("sealed", BYTEA, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["community", "issue_id"], ["issues.community", "issues.id"], name="mediations_issue"),
    )
    op.create_index("mediations_by_state", "mediations", ["community", "state", "id"])
    op.create_index("mediations_by_mediator", "mediations", ["community", "mediator_id", "id"])
    op.create_index("mediations_by_issue", "mediations", ["community", "issue_id", "id"])
    op.create_index("mediations_by_closing", "mediations", ["community", "closed_at", "outcome"])
    op.create_index("mediations_to_follow_up", "mediations", ["community", "follow_up_at", "id"])
    # One at a time for a dispute, also when two officers open it at the same moment.
    op.create_index(
        "mediations_open_once",
        "mediations",
        ["community", "issue_id"],
        unique=True,
        postgresql_where="state <> 'closed'",
    )
    tenant_table(
        op,
        "mediation_parties",
        sa.Column("mediation_id", uuid, nullable=False),
        sa.Column("id", uuid, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("person_id", uuid),
        sa.Column("sealed", BYTEA, nullable=False),
        sa.Column("signed_at", moment),
        sa.Column("signature_recorded_by", uuid),
        _of_mediation("mediation_parties_mediation"),
        key=("mediation_id", "id"),
    )
    op.create_index("mediation_parties_by_person", "mediation_parties", ["community", "person_id", "mediation_id"])
    tenant_table(
        op,
        "mediation_sessions",
        sa.Column("mediation_id", uuid, nullable=False),
        sa.Column("id", uuid, nullable=False),
        sa.Column("starts_at", moment, nullable=False),
        sa.Column("attended", JSONB, nullable=False),
        sa.Column("recorded_at", moment),
        sa.Column("sealed", BYTEA, nullable=False),
        _of_mediation("mediation_sessions_mediation"),
        key=("mediation_id", "id"),
    )
    tenant_table(
        op,
        "mediation_history",
        sa.Column("mediation_id", uuid, nullable=False),
        sa.Column("id", uuid, nullable=False),
        sa.Column("verb", sa.Text, nullable=False),
        sa.Column("done_by", uuid, nullable=False),
        sa.Column("at", moment, nullable=False),
        _of_mediation("mediation_history_mediation"),
        key=("mediation_id", "id"),
        append_only=True,
    )


def _of_mediation(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["community", "mediation_id"], ["mediations.community", "mediations.id"], name=name)


def downgrade() -> None:
    for table in ("mediation_history", "mediation_sessions", "mediation_parties", "mediations"):
        op.drop_table(table)
