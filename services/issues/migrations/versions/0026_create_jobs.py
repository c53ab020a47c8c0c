"""Long work with progress and lease, and the files that come of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

from shared.database.migrations import grant_across_communities, tenant_table

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    uuid, moment = UUID(as_uuid=True), sa.DateTime(timezone=True)
    tenant_table(
        op,
        "jobs",
        sa.Column("id", uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("asked_by", uuid, nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("wanted", JSONB, nullable=False),
        sa.Column("unmasked", sa.Boolean, nullable=False),
        sa.Column("purpose", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("rows_done", sa.Integer, nullable=False),
        sa.Column("rows_total", sa.Integer),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("lease", uuid),
        sa.Column("leased_until", moment),
        sa.Column("failure", sa.Text),
        sa.Column("finished_at", moment),
        sa.Column("file_name", sa.Text),
        sa.Column("media_type", sa.Text),
        sa.Column("size", sa.Integer),
        sa.Column("sha256", sa.Text),
        sa.Column("result", JSONB, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("NOT unmasked OR purpose IS NOT NULL", name="jobs_purpose"),
    )
    op.create_index("jobs_by_asker", "jobs", ["community", "asked_by", "id"])
    op.create_index("jobs_waiting", "jobs", ["asked_at"], postgresql_where="state IN ('queued', 'running')")
    op.create_index(
        "jobs_with_files", "jobs", ["finished_at"], postgresql_where="state = 'done' AND file_name IS NOT NULL"
    )
    # Housekeeping sees that there is work, not what it is about.
    grant_across_communities(
        op,
        "jobs",
        "issues_relay",
        "select (community, id, state, asked_at, leased_until, finished_at, file_name)",
    )
    tenant_table(
        op,
        "job_file_parts",
        sa.Column("job_id", uuid, nullable=False),
        sa.Column("lease", uuid, nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(["community", "job_id"], ["jobs.community", "jobs.id"], name="job_file_parts_job"),
        key=("job_id", "lease", "part"),
    )


def downgrade() -> None:
    for table in ("job_file_parts", "jobs"):
        op.drop_table(table)
