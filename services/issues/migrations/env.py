"""Alembic's entry; the body is shared by all services."""

from shared.database.migrations import run_migrations

run_migrations()
