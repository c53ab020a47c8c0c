"""Runs the migrations of volunteers."""

from shared.database.migrations import run_migrations

run_migrations()
