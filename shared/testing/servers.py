"""The real servers of the tests, from the wheels: PostgreSQL and nats-server, to start, stop, kill and look into.

`containers.py` gives the same from Docker images; `chosen_backend()` says which of the two a run uses (TEST_BACKEND).
Start servers from the main thread: on Linux they end together with the thread that started them.
"""

import asyncio
import functools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

from deploy.embedded import nats as nats_program
from deploy.embedded import postgres as postgres_program
from deploy.embedded.launch import Launch
from deploy.embedded.ports import free_port
from deploy.nats import config as nats_config
from deploy.nats.partners import Issuer, new_issuer
from deploy.nats.provision import provision
from deploy.nats.topology import PUBLISHERS

Backend = Literal["embedded", "docker"]
Result = TypeVar("Result")
STARTS_WITHIN = 30.0
STOPS_WITHIN = 20.0
ADMIN = "admin"
"""NATS user of tests with every right: publishes broken messages, deletes consumers. The platform has no such user."""


def chosen_backend() -> Backend:
    """TEST_BACKEND=embedded or docker; auto (the default) takes Docker only where the wheels are not installed."""
    wanted = os.environ.get("TEST_BACKEND", "auto")
    if wanted not in ("auto", "embedded", "docker"):
        raise ValueError(f"TEST_BACKEND must be auto, embedded or docker, not {wanted!r}")
    if wanted == "embedded" or (wanted == "auto" and _wheels_are_here()):
        return "embedded"
    problem = docker_problem()
    if problem:
        raise RuntimeError(f"TEST_BACKEND={wanted}, but {problem}")
    return "docker"


def _wheels_are_here() -> bool:
    try:
        return bool(postgres_program.programs() and nats_program.program())
    except (postgres_program.PostgresMissingError, nats_program.NatsMissingError):
        return False


@functools.cache
def docker_problem() -> str | None:
    """None if containers with our images can be started here, otherwise why not."""
    from shared.testing.containers import why_no_containers  # the Docker client takes long to import  # noqa: PLC0415

    return why_no_containers()


class Postgres(Protocol):
    """One PostgreSQL server."""

    host: str
    port: int
    password: str
    """Of the superuser `postgres`."""

    def start(self) -> None:
        """Start it, on the data it had, and wait until it takes connections."""
        ...

    def stop(self) -> None:
        """Stop it in order."""
        ...

    def kill(self) -> None:
        """End it as `kill -9` does."""
        ...

    def remove(self) -> None:
        """Stop it and delete its data."""
        ...


class Nats(Protocol):
    """One nats-server with the streams and consumers of the platform."""

    host: str
    port: int
    monitor_url: str
    issuer: Issuer
    """The key with which notify signs partners in."""
    store: Path
    """Folder with all its messages and positions; copy it only while the server is stopped."""

    def start(self) -> None:
        """Start it, on the store it had, and wait until JetStream is ready."""
        ...

    def stop(self) -> None:
        """Stop it in order."""
        ...

    def kill(self) -> None:
        """End it as `kill -9` does."""
        ...

    def remove(self) -> None:
        """Stop it and delete its store."""
        ...

    def url(self, user: str) -> str:
        """Address with user and password of a service, of `provisioner` or of `admin`."""
        ...

    def provision(self) -> None:
        """Make streams and consumers, as the platform does before services start."""
        ...


class Servers:
    """PostgreSQL and NATS together, in the words of the tests that stop and kill them."""

    def __init__(self, postgres: Postgres, nats: Nats) -> None:
        self.postgres = postgres
        self.nats = nats

    @property
    def nats_url(self) -> str:
        """Address of NATS for the all-powerful test user."""
        return self.nats.url(ADMIN)

    def stop_nats(self) -> None:
        """Stop NATS in order."""
        self.nats.stop()

    def kill_nats(self) -> None:
        """End NATS as `kill -9` does."""
        self.nats.kill()

    def start_nats(self) -> None:
        """Start NATS again on the store it had."""
        self.nats.start()

    def stop_postgres(self) -> None:
        """Stop PostgreSQL in order."""
        self.postgres.stop()

    def kill_postgres(self) -> None:
        """End PostgreSQL as `kill -9` does."""
        self.postgres.kill()

    def start_postgres(self) -> None:
        """Start PostgreSQL again on the data it had."""
        self.postgres.start()


class EmbeddedPostgres:
    """PostgreSQL from the wheel on a free port. Made to be thrown away, so without fsync unless it is to be measured."""

    def __init__(self, *, durable: bool = False) -> None:
        self.host, self.port, self.password = postgres_program.HOST, free_port(), "superuser-pw"
        self._folder = Path(tempfile.mkdtemp(prefix="mulin-postgres-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._settings = postgres_program.DURABLE if durable else postgres_program.FAST_AND_FORGETFUL
        postgres_program.initialise(self._folder / "data", self.password, durable=False)

    def start(self) -> None:
        """Start it, on the data it had, and wait until it takes connections."""
        launch = postgres_program.launch(self._folder / "data", self.port, self._settings)
        log = self._folder / "log"
        deadline = time.monotonic() + STARTS_WITHIN
        while (
            True
        ):  # after kill -9 its children hold the shared memory for a moment, and a start fails until they are gone
            self._process = _start(launch, log)
            if _became_ready(self._process, lambda: postgres_program.is_ready(self.port), deadline):
                return
            _end(self._process, signal.SIGKILL)
            if time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')[-2000:]}")

    def stop(self) -> None:
        """Stop it in order."""
        _end(self._process, signal.SIGINT)
        self._process = None

    def kill(self) -> None:
        """End it as `kill -9` does."""
        _end(self._process, signal.SIGKILL)
        self._process = None

    def remove(self) -> None:
        """Stop it at once and delete its data."""
        _end(self._process, signal.SIGQUIT)
        self._process = None
        shutil.rmtree(self._folder, ignore_errors=True)


class ConfiguredNats:
    """What every nats-server of the tests has, however it is run: users, their passwords, the provisioning step."""

    host: str
    port: int

    def __init__(self) -> None:
        self.issuer = new_issuer()

    def url(self, user: str) -> str:
        """Address with user and password of a service, of `provisioner` or of `admin`."""
        return f"nats://{user}:{user}-pw@{self.host}:{self.port}"

    def provision(self) -> None:
        """Make streams and consumers, as the platform does before services start."""
        in_own_loop(provision(self.url(nats_config.PROVISIONER)))

    def configuration(self, server: nats_config.ServerConfig) -> str:
        """The configuration of the platform, with the all-powerful test user added."""
        passwords = {user: f"{user}-pw" for user in (*PUBLISHERS, nats_config.PROVISIONER)}
        members = nats_config.users(passwords)
        members.append(nats_config.User(ADMIN, f"{ADMIN}-pw", (">",), (">",)))
        return nats_config.render(server, members, "system-pw", self.issuer.public_key)


class EmbeddedNats(ConfiguredNats):
    """nats-server from the wheel on free ports; syncs rarely unless it is to be as in production."""

    def __init__(self, *, durable: bool = False) -> None:
        super().__init__()
        self._sync_interval = nats_config.SYNC_INTERVAL if durable else "2m"
        self.host, self.port, self._monitor_port = "127.0.0.1", free_port(), free_port()
        self.monitor_url = f"http://{self.host}:{self._monitor_port}"
        self._folder = Path(tempfile.mkdtemp(prefix="mulin-nats-"))
        self.store = self._folder / "store"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, on the store it had, and wait until JetStream is ready."""
        server = nats_config.ServerConfig(self.port, self._monitor_port, self.store, sync_interval=self._sync_interval)
        (self._folder / "nats.conf").write_text(self.configuration(server), encoding="utf-8")
        log = self._folder / "log"
        self._process = _start(nats_program.launch(self._folder / "nats.conf"), log)
        deadline = time.monotonic() + STARTS_WITHIN
        if not _became_ready(self._process, lambda: nats_program.is_ready(self.monitor_url), deadline):
            _end(self._process, signal.SIGKILL)
            raise RuntimeError(f"NATS did not start:\n{log.read_text(errors='replace')[-2000:]}")

    def stop(self) -> None:
        """Stop it in order."""
        _end(self._process, signal.SIGTERM)
        self._process = None

    def kill(self) -> None:
        """End it as `kill -9` does."""
        _end(self._process, signal.SIGKILL)
        self._process = None

    def remove(self) -> None:
        """Stop it and delete its store."""
        _end(self._process, signal.SIGKILL)
        self._process = None
        shutil.rmtree(self._folder, ignore_errors=True)


def in_own_loop(work: Coroutine[Any, Any, Result]) -> Result:
    """Run asynchronous work to its end from synchronous code, also where a test's event loop is running."""
    with ThreadPoolExecutor(1, thread_name_prefix="own-loop") as thread:
        return thread.submit(asyncio.run, work).result()


def wait_until(true: Callable[[], bool], otherwise: str, seconds: float = STARTS_WITHIN) -> None:
    """Ask again and again until it is true; raise with this text when the time is over."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError(otherwise)
        time.sleep(0.02)


def _start(launch: Launch, log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(
            launch.command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            **launch.popen_arguments(),
        )


def _became_ready(process: subprocess.Popen[bytes], ready: Callable[[], bool], deadline: float) -> bool:
    while process.poll() is None and time.monotonic() < deadline:
        if ready():
            return True
        time.sleep(0.02)
    return False


def _end(process: subprocess.Popen[bytes] | None, how: signal.Signals) -> None:
    """Signal and wait; what does not stop within the grace is killed."""
    if process is None or process.poll() is not None:
        return
    with suppress(ProcessLookupError):
        process.send_signal(how)
    try:
        process.wait(STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
