"""Databases and roles of the services. Safe to run again: makes what is missing and sets what must hold.

Every service has its own database `mulin_<service>`, which no other role may even connect to, with an owner for
migrations, an `app` role for requests and consumers, and a `relay` role for the outbox and housekeeping. Neither `app` nor
`relay` owns anything, so that row-level security binds them. The gateway has one role more, for looking up a login before the
community is known.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import asyncpg

SERVICES = ("gateway", "issues", "volunteers", "events", "notify")

RUNNING = {"statement_timeout": "5s", "lock_timeout": "2s", "idle_in_transaction_session_timeout": "10s"}
"""Limits of roles that serve requests: a stuck transaction may not stop the relay of its database."""
MIGRATING = {"lock_timeout": "4s", "idle_in_transaction_session_timeout": "60s"}


@dataclass(frozen=True, slots=True)
class Role:
    """A login role of one service."""

    name: str
    settings: Mapping[str, str]


def owner_of(service: str) -> str:
    """Role that runs migrations and owns every table."""
    return f"{service}_owner"


def roles_of(service: str) -> tuple[Role, ...]:
    """Every role that may connect to the database of a service, the owner first."""
    running = [f"{service}_app", f"{service}_relay"] + (["gateway_identity"] if service == "gateway" else [])
    return (Role(owner_of(service), MIGRATING), *(Role(name, RUNNING) for name in running))


def database_of(service: str) -> str:
    """Name of the database of a service."""
    return f"mulin_{service}"


async def ensure_roles(admin: asyncpg.Connection, passwords: Mapping[str, str]) -> None:
    """Make or update the roles of every service. `admin` is a superuser, `passwords` maps role names to passwords."""
    known = {row["rolname"] for row in await admin.fetch("SELECT rolname FROM pg_roles")}
    for service in SERVICES:
        for role in roles_of(service):
            password = await _literal(admin, passwords[role.name])
            verb = "ALTER" if role.name in known else "CREATE"
            await admin.execute(
                f"{verb} ROLE {role.name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
                f" PASSWORD {password}"
            )
            for setting, value in role.settings.items():
                await admin.execute(f"ALTER ROLE {role.name} SET {setting} = {await _literal(admin, value)}")


async def ensure_database(
    admin: asyncpg.Connection, service: str, name: str | None = None, *, template: str = "template0"
) -> None:
    """Make the database of a service if it is missing and let only its own roles connect.

    `name` and `template` are for tests, which copy a migrated database.
    """
    name = name or database_of(service)
    if await admin.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name) is None:
        await admin.execute(f'CREATE DATABASE "{name}" OWNER {owner_of(service)} TEMPLATE "{template}"')
    await admin.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
    roles = ", ".join(role.name for role in roles_of(service))
    await admin.execute(f'GRANT CONNECT ON DATABASE "{name}" TO {roles}')


async def ensure_everything(
    host: str, port: int, superuser: str, superuser_password: str, passwords: Mapping[str, str]
) -> None:
    """All roles and all databases of the platform on this server."""
    admin = await asyncpg.connect(
        host=host, port=port, user=superuser, password=superuser_password, database="postgres"
    )
    try:
        await ensure_roles(admin, passwords)
        for service in SERVICES:
            await ensure_database(admin, service)
    finally:
        await admin.close()


def role_names() -> tuple[str, ...]:
    """Names of all roles, for whoever makes the passwords."""
    return tuple(role.name for service in SERVICES for role in roles_of(service))


async def _literal(admin: asyncpg.Connection, value: str) -> str:
    """A value as an SQL literal; DDL takes no parameters."""
    quoted: str = await admin.fetchval("SELECT quote_literal($1::text)", value)
    return quoted
