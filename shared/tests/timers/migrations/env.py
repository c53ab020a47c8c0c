"""Migrations of the test service."""

from shared.database.migrations import run_migrations

run_migrations()
