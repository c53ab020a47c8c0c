"""The whole platform on one machine without Docker: PostgreSQL and NATS from wheels, one process per service."""
