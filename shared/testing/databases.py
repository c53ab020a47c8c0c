"""Databases for tests: migrated once per service and run into a template, copied from it in milliseconds."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import asyncpg

from deploy.embedded.postgres import url
from deploy.postgres import roles
from shared.database.migrations import migrate
from shared.testing.servers import Postgres, in_own_loop

Migration = Callable[["Database"], None]
"""Brings an empty database to its newest shape, for tests of things that no service owns."""


@dataclass(frozen=True, slots=True)
class Database:
    """A fresh database of one service and the addresses of its roles (`postgresql+asyncpg://…`)."""

    service: str
    name: str
    host: str
    port: int
    superuser_password: str

    @property
    def owner_url(self) -> str:
        """For migrations."""
        return self._url(roles.owner_of(self.service))

    @property
    def app_url(self) -> str:
        """For requests and consumers: sees one community at a time."""
        return self._url(f"{self.service}_app")

    @property
    def relay_url(self) -> str:
        """For the relay and housekeeping."""
        return self._url(f"{self.service}_relay")

    @property
    def identity_url(self) -> str:
        """For the gateway's login; only the gateway's database has this role."""
        return self._url("gateway_identity")

    @property
    def superuser_url(self) -> str:
        """Sees everything, whatever row-level security says: for looking, not for the code under test."""
        return url(self.port, "postgres", self.superuser_password, self.name, host=self.host)

    def plain(self, address: str) -> str:
        """The same address for asyncpg itself, without SQLAlchemy's dialect."""
        return address.replace("+asyncpg", "", 1)

    def _url(self, role: str) -> str:
        return url(self.port, role, password_of(role), self.name, host=self.host)


def password_of(role: str) -> str:
    """Password of a role on test servers."""
    return f"{role}-pw"


class Databases:
    """Makes databases on one test server."""

    def __init__(self, server: Postgres) -> None:
        self._server = server
        self._templates: dict[tuple[str, Migration | None], str] = {}
        self._number = itertools.count(1)
        self._has_roles = False

    def create(self, service: str, migrate: Migration | None = None) -> Database:
        """A fresh database of this service, migrated by its own migrations or by `migrate` instead."""
        key = (service, migrate)
        if key not in self._templates:
            template = self._new(service, "template0")
            (migrate or run_migrations)(template)
            self._templates[key] = template.name
        return self._new(service, self._templates[key])

    def create_empty(self, service: str) -> Database:
        """A database of this service without any table, for tests of migrations."""
        return self._new(service, "template0")

    def drop(self, database: Database) -> None:
        """Delete a database with whoever is connected to it."""
        in_own_loop(self._execute(f'DROP DATABASE IF EXISTS "{database.name}" WITH (FORCE)'))

    def _new(self, service: str, template: str) -> Database:
        name = f"{roles.database_of(service)}_{next(self._number)}"
        in_own_loop(self._ensure(service, name, template))
        return Database(service, name, self._server.host, self._server.port, self._server.password)

    async def _ensure(self, service: str, name: str, template: str) -> None:
        admin = await self._connect()
        try:
            if not self._has_roles:
                await roles.ensure_roles(admin, {role: password_of(role) for role in roles.role_names()})
                self._has_roles = True
            await roles.ensure_database(admin, service, name, template=template)
        finally:
            await admin.close()

    async def _execute(self, statement: str) -> None:
        admin = await self._connect()
        try:
            await admin.execute(statement)
        finally:
            await admin.close()

    async def _connect(self) -> asyncpg.Connection:
        server = self._server
        return await asyncpg.connect(
            host=server.host, port=server.port, user="postgres", password=server.password, database="postgres"
        )


def run_migrations(database: Database) -> None:
    """Run the service's own migrations, as `python -m services.<service> migrate` does."""
    in_own_loop(migrate(database.owner_url, database.service))
