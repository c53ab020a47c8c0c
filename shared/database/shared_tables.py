"""Tables that every service has: outbox, inbox, positions, dead letters, relay state, idempotency keys."""

from shared.database.row_security import (
    Operations,
    app_role,
    ensure_roles,
    grant,
    grant_across_communities,
    relay_role,
    secure_rows,
)

TABLES: dict[str, tuple[str, ...]] = {
    "outbox": (
        """
        CREATE TABLE outbox (
            id uuid PRIMARY KEY,
            position bigserial NOT NULL,
            community text NOT NULL,
            aggregate_id uuid NOT NULL,
            aggregate_version integer NOT NULL,
            type text NOT NULL,
            stream text NOT NULL,
            subject text NOT NULL,
            data jsonb NOT NULL,
            correlation_id text,
            causation_id text,
            occurred_at timestamptz NOT NULL,
            published_at timestamptz,
            stream_seq bigint,
            attempts integer NOT NULL DEFAULT 0,
            parked_at timestamptz,
            last_error text,
            CONSTRAINT outbox_aggregate_version UNIQUE (aggregate_id, aggregate_version)
        )
        """,
        "CREATE INDEX outbox_unpublished ON outbox (position) WHERE published_at IS NULL AND parked_at IS NULL",
        "CREATE INDEX outbox_parked ON outbox (aggregate_id) WHERE parked_at IS NOT NULL",
        "CREATE INDEX outbox_published_at ON outbox (published_at)",
        "CREATE INDEX outbox_stream_seq ON outbox (stream, stream_seq)",
    ),
    "outbox_aggregates": (
        """
        CREATE TABLE outbox_aggregates (
            aggregate_id uuid PRIMARY KEY,
            community text NOT NULL,
            last_version integer NOT NULL
        )
        """,
    ),
    "inbox": (
        """
        CREATE TABLE inbox (
            consumer text NOT NULL,
            message_id uuid NOT NULL,
            community text NOT NULL,
            processed_at timestamptz NOT NULL,
            PRIMARY KEY (consumer, message_id)
        )
        """,
        "CREATE INDEX inbox_processed_at ON inbox (processed_at)",
    ),
    "consumer_positions": (
        """
        CREATE TABLE consumer_positions (
            consumer text NOT NULL,
            aggregate_id uuid NOT NULL,
            community text NOT NULL,
            version integer NOT NULL,
            updated_at timestamptz NOT NULL,
            PRIMARY KEY (consumer, aggregate_id)
        )
        """,
    ),
    "dead_letters": (
        """
        CREATE TABLE dead_letters (
            id uuid PRIMARY KEY,
            consumer text NOT NULL,
            message_id uuid,
            community text,
            type text,
            subject text NOT NULL,
            stream_seq bigint NOT NULL,
            body bytea NOT NULL,
            reason text NOT NULL,
            error text NOT NULL,
            attempts integer NOT NULL,
            first_seen_at timestamptz NOT NULL,
            dead_at timestamptz NOT NULL,
            replayed_at timestamptz
        )
        """,
        # With the body: a stream that lost its end gives its sequences to other messages.
        "CREATE UNIQUE INDEX dead_letters_delivery ON dead_letters (consumer, stream_seq, subject, md5(body))",
        "CREATE INDEX dead_letters_waiting ON dead_letters (dead_at) WHERE replayed_at IS NULL",
    ),
    "idempotency_keys": (
        """
        CREATE TABLE idempotency_keys (
            community text NOT NULL,
            actor uuid NOT NULL,
            route text NOT NULL,
            key text NOT NULL,
            fingerprint bytea NOT NULL,
            status integer,
            headers jsonb,
            body bytea,
            created_at timestamptz NOT NULL,
            PRIMARY KEY (community, actor, route, key)
        )
        """,
        "CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at)",
    ),
}

APP_RIGHTS = {
    "outbox": "select, insert",
    "outbox_aggregates": "select, insert, update",
    "inbox": "select, insert",
    "consumer_positions": "select, insert, update",
    "dead_letters": "select, insert, update",
    "idempotency_keys": "select, insert, update",
}
"""What the serving role may do, inside its community. It can neither change nor delete a message it has written."""

RELAY_RIGHTS = {
    "outbox": "select, update, delete",
    "outbox_aggregates": "select",
    "inbox": "select, insert, update, delete",
    "consumer_positions": "select, insert, update, delete",
    "dead_letters": "select, insert, update, delete",
    "idempotency_keys": "select, delete",
}


def create_shared_tables(op: Operations, service: str) -> None:
    """Create the tables every service has, with their rights. The whole `upgrade()` of a service's first migration."""
    app, relay = app_role(service), relay_role(service)
    ensure_roles(op, app, relay)
    op.execute(f'GRANT USAGE ON SCHEMA public TO "{app}", "{relay}"')
    op.execute(f'GRANT SELECT ON alembic_version TO "{app}", "{relay}"')
    for table, statements in TABLES.items():
        for statement in statements:
            op.execute(statement)
        secure_rows(op, table)
        grant(op, table, app, APP_RIGHTS[table])
        grant_across_communities(op, table, relay, RELAY_RIGHTS[table])
    op.execute(f'GRANT USAGE ON SEQUENCE outbox_position_seq TO "{app}"')
    # The relay's own notes: no community, so no row security; nobody else may touch them.
    op.execute(
        "CREATE TABLE relay_state (stream text PRIMARY KEY, stream_created timestamptz NOT NULL, checked_at timestamptz NOT NULL)"
    )
    grant(op, "relay_state", relay, "select, insert, update, delete")


def drop_shared_tables(op: Operations) -> None:
    """The whole `downgrade()` of a service's first migration. Roles stay: they belong to the cluster."""
    for table in ("relay_state", *TABLES):
        op.execute(f'DROP TABLE "{table}"')
