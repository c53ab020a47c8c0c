"""Accounts, sessions, hashes of API keys and the login throttle: beside all communities, for the identity role.

The serving role may enter an account and see which ids exist; it can read neither names nor password hashes nor phones.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

from shared.database.migrations import app_role, ensure_roles

revision = "0002"
down_revision = "0001"

IDENTITY = "gateway_identity"


def upgrade() -> None:
    ensure_roles(op, IDENTITY)
    app = app_role("gateway")
    op.create_table(
        "accounts",
        sa.Column("id", UUID(as_uuid=True), primary_key=True),
        sa.Column("login", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("phone_cipher", sa.LargeBinary),
        sa.Column("phone_index", sa.LargeBinary),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("login", name="accounts_login"),
        sa.UniqueConstraint("phone_index", name="accounts_phone"),
        sa.CheckConstraint("login = lower(login) AND login <> ''", name="accounts_login_is_normal"),
        sa.CheckConstraint("language IN ('zh', 'en')", name="accounts_language"),
        sa.CheckConstraint("(phone_cipher IS NULL) = (phone_index IS NULL)", name="accounts_phone_is_whole"),
    )
    op.create_table(
        "sessions",
        sa.Column("id", UUID(as_uuid=True), primary_key=True),
        sa.Column("account_id", UUID(as_uuid=True), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("token_hash", name="sessions_token"),
        sa.CheckConstraint("kind IN ('bearer', 'cookie')", name="sessions_kind"),
    )
    op.create_index("sessions_of_account", "sessions", ["account_id", "created_at"])
    op.create_index("sessions_expiry", "sessions", ["expires_at"])
    op.create_table(
        "api_key_secrets",
        sa.Column("id", UUID(as_uuid=True), primary_key=True),
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        sa.Column("valid_in", sa.Text, nullable=False),
        sa.UniqueConstraint("token_hash", name="api_key_secrets_token"),
    )
    op.create_table(
        "login_throttle",
        sa.Column("key", sa.LargeBinary, primary_key=True),
        sa.Column("full_until", sa.DateTime(timezone=True), nullable=False),
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON accounts TO {IDENTITY}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON sessions, login_throttle TO {IDENTITY}")
    op.execute(f"GRANT SELECT ON api_key_secrets TO {IDENTITY}")
    op.execute(f"GRANT INSERT, SELECT (id) ON accounts TO {app}")
    op.execute(f"GRANT INSERT ON api_key_secrets TO {app}")


def downgrade() -> None:
    for table in ("login_throttle", "api_key_secrets", "sessions", "accounts"):
        op.drop_table(table)
