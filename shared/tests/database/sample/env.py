"""Migrations of a made-up service that keeps notes, for the tests of what all services share."""

from shared.database.migrations import run_migrations

run_migrations()
