"""Roles, databases, migrations, streams and consumers. Safe to run at every start; it does what is missing."""

import asyncio

from deploy.compose.installation import POSTGRES_HOST, POSTGRES_PORT, STATE, database_url, nats_url
from deploy.embedded.environment import role_password
from deploy.nats.config import PROVISIONER
from deploy.nats.provision import provision
from deploy.postgres import roles
from shared.database.migrations import migrate


async def prepare() -> None:
    """Bring PostgreSQL and NATS to what this release needs."""
    passwords = {role: role_password(STATE, role) for role in roles.role_names()}
    superuser_password = STATE.secret("postgres_superuser")
    await roles.ensure_everything(POSTGRES_HOST, POSTGRES_PORT, "postgres", superuser_password, passwords)
    for service in roles.SERVICES:
        # One after the other in this process: alembic knows one migration at a time, and starting Python costs more.
        revision = await migrate(database_url(service, roles.owner_of(service)), service)
        print(f"数据迁移 · migrations: {service} {revision}", flush=True)
    print("消息流与消费者 · streams and consumers", flush=True)
    await provision(nats_url(PROVISIONER))


if __name__ == "__main__":
    asyncio.run(prepare())
