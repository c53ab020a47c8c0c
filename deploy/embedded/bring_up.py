"""Brings the whole platform up, in the order in which its parts need each other, and keeps the record of it.

PostgreSQL and NATS, then roles, databases, migrations, streams, then the five services at once, then the seed at the first
start. Every step may be repeated; what did not change since the last start is skipped.
"""

import asyncio
import hashlib
import os
import time
import urllib.request
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deploy.embedded import environment as env
from deploy.embedded import nats as nats_program
from deploy.embedded import postgres as postgres_program
from deploy.embedded.environment import Ports
from deploy.embedded.logins import save_logins
from deploy.embedded.ports import free_port
from deploy.embedded.progress import Progress
from deploy.embedded.running import is_alive
from deploy.embedded.state import ROOT, State, write_private
from deploy.embedded.supervisor import Supervisor
from deploy.nats import config as nats_config
from deploy.nats.partners import issuer_of
from deploy.nats.topology import PUBLISHERS
from deploy.postgres import roles

SERVICES_WAVE, NATS_WAVE, POSTGRES_WAVE = 0, 1, 2


class Platform:
    """One run of the platform on one state folder."""

    def __init__(self, state: State, supervisor: Supervisor, progress: Progress, *, host: str, port: int) -> None:
        self.state, self.supervisor, self.progress = state, supervisor, progress
        self.host = host
        self.ports = Ports(
            postgres=free_port(),
            nats=free_port(),
            nats_monitor=free_port(),
            services={service: port if service == "gateway" else free_port() for service in roles.SERVICES},
        )
        self.phase = "starting"
        self.started = datetime.now(UTC)

    @property
    def address(self) -> str:
        """Where people and programs reach the platform."""
        return f"http://{'127.0.0.1' if self.host in ('0.0.0.0', '::') else self.host}:{self.ports.services['gateway']}"  # noqa: S104

    async def bring_up(self) -> None:
        """Start everything; returns when all of it is ready."""
        await asyncio.gather(self._start_postgres(), self._start_nats())
        await asyncio.gather(self._prepare_databases(), self._provision())
        with self.progress.step("五个服务 · five services"):
            await asyncio.gather(*(self._start_service(service) for service in roles.SERVICES))
        await self._seed()
        self.phase = "ready"
        self.write_record()

    def write_record(self) -> None:
        """Write down what runs where, for `status`, `down` and the commands that talk to the platform."""
        programs = self.supervisor.programs.values()
        addresses = {service: env.service_url(self.ports, service) for service in self.ports.services}
        addresses |= {
            "postgres": f"127.0.0.1:{self.ports.postgres}",
            "nats": f"127.0.0.1:{self.ports.nats}",
        }
        record: dict[str, Any] = {
            "phase": self.phase,
            "pid": os.getpid(),
            "started": self.started.isoformat(),
            "address": self.address,
            "nats_monitor": f"http://127.0.0.1:{self.ports.nats_monitor}",
            "ports": {
                "postgres": self.ports.postgres,
                "nats": self.ports.nats,
                "nats_monitor": self.ports.nats_monitor,
                "services": self.ports.services,
            },
            "processes": [
                {
                    "name": program.launch.name,
                    "state": program.state,
                    "pid": program.process.pid if program.process else None,
                    "address": addresses.get(program.launch.name),
                    "restarts": program.restarts,
                    "log": str(program.log),
                }
                for program in programs
            ],
        }
        self.state.set_record(record)

    async def _start_postgres(self) -> None:
        data = self.state.postgres
        password = self.state.secret("postgres_superuser")
        with self.progress.step("PostgreSQL"):
            await asyncio.to_thread(postgres_program.initialise, data, password)
            await _wait_for_the_last_server(data)
            launch = postgres_program.launch(data, self.ports.postgres, postgres_program.DURABLE)
            await self.supervisor.start(
                launch, _asked(postgres_program.is_ready, self.ports.postgres), wave=POSTGRES_WAVE
            )

    async def _start_nats(self) -> None:
        state = self.state
        server = nats_config.ServerConfig(self.ports.nats, self.ports.nats_monitor, state.nats / "store")
        passwords = {user: env.nats_password(state, user) for user in (*PUBLISHERS, nats_config.PROVISIONER)}
        issuer = issuer_of(env.nats_issuer_seed(state))
        text = nats_config.render(
            server, nats_config.users(passwords), env.nats_password(state, nats_config.SYSTEM), issuer.public_key
        )
        write_private(state.nats / "nats.conf", text)
        with self.progress.step("NATS JetStream"):
            await self.supervisor.start(
                nats_program.launch(state.nats / "nats.conf"),
                _asked(nats_program.is_ready, f"http://127.0.0.1:{self.ports.nats_monitor}"),
                wave=NATS_WAVE,
            )

    async def _prepare_databases(self) -> None:
        """Roles and databases, and the migrations of each service whose newest one is not the one applied last."""
        with self.progress.step("角色与数据库 · roles and databases"):
            passwords = {role: env.role_password(self.state, role) for role in roles.role_names()}
            superuser = self.state.secret("postgres_superuser")
            await roles.ensure_everything(
                postgres_program.HOST, self.ports.postgres, postgres_program.SUPERUSER, superuser, passwords
            )
        wanted = {service: _fingerprint_of_migrations(service) for service in roles.SERVICES}
        behind = [service for service in wanted if self.state.stamp(f"migrated_{service}") != wanted[service]]
        if behind:
            with self.progress.step(f"数据迁移 · migrations: {' '.join(behind)}"):
                await asyncio.gather(*(self._migrate(service) for service in behind))
            for service in behind:
                self.state.set_stamp(f"migrated_{service}", wanted[service])

    async def _migrate(self, service: str) -> None:
        environment = env.service_environment(self.state, self.ports, service)
        await self.supervisor.run(
            env.python(f"migrate-{service}", "-m", f"services.{service}", "migrate", environment=environment)
        )

    async def _provision(self) -> None:
        from deploy.nats.provision import provision  # the client library is only needed here  # noqa: PLC0415

        with self.progress.step("消息流与消费者 · streams and consumers"):
            await provision(env.nats_url(self.state, self.ports, nats_config.PROVISIONER))

    async def _start_service(self, service: str) -> None:
        environment = env.service_environment(
            self.state, self.ports, service, self.host if service == "gateway" else "127.0.0.1"
        )
        base = env.service_url(self.ports, service)
        await self.supervisor.start(
            env.python(service, "-m", f"services.{service}", "serve", environment=environment),
            _asked(answers, f"{base}/readyz"),
            alive=_asked(answers, f"{base}/healthz"),
            wave=SERVICES_WAVE,
        )

    async def _seed(self) -> None:
        """水集街道 with its communities and one demo login per role, at the first start only."""
        if self.state.stamp("seeded") is not None:
            return
        from deploy.embedded.seed import seed  # only at the first start  # noqa: PLC0415

        with self.progress.step("示范数据 · demo data"):
            logins = await seed(self.address, self.state.folder, self.progress.say)
        save_logins(self.state.folder, logins)
        self.state.set_stamp("seeded", datetime.now(UTC).isoformat())


def answers(url: str) -> bool:
    """Whether this address answers 200 within a few seconds."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - always http on loopback
            return bool(answer.status == 200)
    except OSError:
        return False


def _asked(question: Callable[[Any], bool], about: object) -> Callable[[], Awaitable[bool]]:
    """A blocking question, asked beside the event loop."""

    async def ask() -> bool:
        return await asyncio.to_thread(question, about)

    return ask


async def _wait_for_the_last_server(data: Path, within: float = 20.0) -> None:
    """A PostgreSQL that was orphaned by `kill -9` may still be stopping; two on one folder must never be."""
    deadline = time.monotonic() + within
    while (pid := postgres_program.pid_of_last_server(data)) is not None and is_alive(pid):
        if time.monotonic() > deadline:
            return  # the number belongs to another program by now, or PostgreSQL itself will refuse
        await asyncio.sleep(0.1)


def _fingerprint_of_migrations(service: str) -> str:
    """Changes whenever a migration file of the service or the shared tables change."""
    files = sorted((ROOT / "services" / service / "migrations").rglob("*.py"))
    files += sorted((ROOT / "shared" / "database").glob("*tables.py"))
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.relative_to(ROOT).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()
