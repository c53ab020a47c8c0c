"""Roles, databases, migrations, streams and consumers. Safe to run at every start; it does what is missing."""

import asyncio
import os
import subprocess
import sys

from deploy.compose.installation import POSTGRES_HOST, POSTGRES_PORT, STATE, database_url, nats_url
from deploy.embedded.environment import role_password
from deploy.nats.config import PROVISIONER
from deploy.nats.provision import provision
from deploy.postgres import roles


async def prepare() -> None:
    """Bring PostgreSQL and NATS to what this release needs."""
    passwords = {role: role_password(STATE, role) for role in roles.role_names()}
    superuser_password = STATE.secret("postgres_superuser")
    await roles.ensure_everything(POSTGRES_HOST, POSTGRES_PORT, "postgres", superuser_password, passwords)
    for service in roles.SERVICES:
        print(f"数据迁移 · migrations: {service}", flush=True)
        await asyncio.to_thread(_migrate, service)
    print("消息流与消费者 · streams and consumers", flush=True)
    await provision(nats_url(PROVISIONER))


def _migrate(service: str) -> None:
    environment = {**os.environ, "MULIN_OWNER_DATABASE_URL": database_url(service, roles.owner_of(service))}
    subprocess.run([sys.executable, "-m", f"services.{service}", "migrate"], env=environment, check=True)


if __name__ == "__main__":
    asyncio.run(prepare())
