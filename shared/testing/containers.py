"""The real servers of the tests, from public Docker images by testcontainers. Same words as the embedded ones."""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from deploy.embedded import nats as nats_program
from deploy.embedded import postgres as postgres_program
from deploy.embedded.ports import free_port
from deploy.nats import config as nats_config
from shared.testing.servers import STARTS_WITHIN, ConfiguredNats, in_own_loop, wait_until

POSTGRES_IMAGE, NATS_IMAGE = "postgres:18-alpine", "nats:2-alpine"
INSIDE = Path("/mulin")
EVERYWHERE = "0.0.0.0"  # noqa: S104 - inside the container; outside, only the published port can be reached


def why_no_containers() -> str | None:
    """None if a Docker daemon answers and has both images; otherwise what is missing. Pulls nothing."""
    import docker  # noqa: PLC0415 - only where somebody asks for containers
    import docker.errors  # noqa: PLC0415

    try:
        client = docker.from_env(timeout=5)
        client.ping()
    except docker.errors.DockerException as problem:
        return f"no Docker daemon answers ({type(problem).__name__})"
    try:
        for image in (NATS_IMAGE, POSTGRES_IMAGE):
            client.images.get(image)
    except docker.errors.ImageNotFound:
        return f"the image {image} is not here"
    finally:
        client.close()
    return None


class ContainerPostgres:
    """PostgreSQL from the public image on a fixed free port, without fsync."""

    def __init__(self) -> None:
        from testcontainers.community.postgres import PostgresContainer  # noqa: PLC0415

        self.port, self.password = free_port(), "superuser-pw"
        container = PostgresContainer(
            POSTGRES_IMAGE, username="postgres", password=self.password, dbname="postgres", driver=None
        )
        settings = postgres_program.FAST_AND_FORGETFUL.items()
        container.with_command(["postgres", *(word for name, value in settings for word in ("-c", f"{name}={value}"))])
        self._container = container.with_bind_ports(5432, self.port)
        self.host = ""

    def start(self) -> None:
        """Start it, on the data it had, and wait until it takes connections."""
        _start(self._container)
        self.host = self._container.get_container_host_ip()
        wait_until(self._is_ready, "PostgreSQL did not start")

    def stop(self) -> None:
        """Stop it in order."""
        self._container.get_wrapped_container().stop()

    def kill(self) -> None:
        """End it as `kill -9` does."""
        self._container.get_wrapped_container().kill()

    def remove(self) -> None:
        """Stop it and delete its data."""
        _remove(self._container)

    def _is_ready(self) -> bool:
        import asyncpg  # noqa: PLC0415

        async def ask() -> bool:
            try:
                connection = await asyncpg.connect(
                    host=self.host, port=self.port, user="postgres", password=self.password, database="postgres"
                )
            except (OSError, asyncpg.PostgresError):
                return False
            await connection.close()
            return True

        return in_own_loop(ask())


class ContainerNats(ConfiguredNats):
    """nats-server from the public image; store and configuration lie in a folder of this machine."""

    def __init__(self) -> None:
        super().__init__()
        from testcontainers.core.container import DockerContainer  # noqa: PLC0415

        self._folder = Path(tempfile.mkdtemp(prefix="mulin-nats-"))
        self.store = self._folder / "store"
        self.port, self._monitor_port = free_port(), free_port()
        container = DockerContainer(NATS_IMAGE).with_command(f"-c {INSIDE}/nats.conf")
        container.with_bind_ports(self.port, self.port).with_bind_ports(self._monitor_port, self._monitor_port)
        container.with_kwargs(user=f"{os.getuid()}:{os.getgid()}")  # tests copy its store and delete it afterwards
        self._container = container.with_volume_mapping(str(self._folder), str(INSIDE), "rw")
        self.host, self.monitor_url = "", ""

    def start(self) -> None:
        """Start it, on the store it had, and wait until JetStream is ready."""
        self._write_configuration()
        _start(self._container)
        self.host = self._container.get_container_host_ip()
        self.monitor_url = f"http://{self.host}:{self._monitor_port}"
        wait_until(lambda: nats_program.is_ready(self.monitor_url), "NATS did not start", STARTS_WITHIN)

    def stop(self) -> None:
        """Stop it in order."""
        self._container.get_wrapped_container().stop()

    def kill(self) -> None:
        """End it as `kill -9` does."""
        self._container.get_wrapped_container().kill()

    def remove(self) -> None:
        """Stop it and delete its store."""
        _remove(self._container)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _write_configuration(self) -> None:
        server = nats_config.ServerConfig(
            self.port, self._monitor_port, INSIDE / "store", EVERYWHERE, EVERYWHERE, sync_interval="2m"
        )
        (self._folder / "nats.conf").write_text(self.configuration(server), encoding="utf-8")


def _start(container: Any) -> None:
    """Create the container the first time, start the same one again afterwards."""
    from testcontainers.core.exceptions import ContainerStartException  # noqa: PLC0415

    try:
        wrapped = container.get_wrapped_container()
    except ContainerStartException:  # the client's word for "not created yet"
        container.start()
    else:
        wrapped.start()


def _remove(container: Any) -> None:
    from docker.errors import NotFound  # noqa: PLC0415

    with suppress(NotFound):  # removed before
        container.stop()
