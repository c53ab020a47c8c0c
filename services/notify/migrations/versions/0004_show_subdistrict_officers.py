"""Every community sees who works for the subdistrict, so that escalations reach them; nothing else of `all`."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute(
        """
        CREATE POLICY of_subdistrict ON memberships FOR SELECT USING (
            community = 'all' AND role = 'subdistrict_officer' AND NULLIF(current_setting('app.community', true), '') IS NOT NULL
        )
        """
    )


def downgrade() -> None:
    op.execute("DROP POLICY of_subdistrict ON memberships")
