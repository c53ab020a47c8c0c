"""The compose file brought up under a name and on ports of its own, for the tests that look at the running containers."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Sequence
from ipaddress import ip_network
from pathlib import Path
from typing import Any, TypeVar

import yaml

from deploy.embedded.ports import free_port
from deploy.embedded.state import ROOT

COMPOSE_FILE = ROOT / "docker-compose.yml"
SERVICES = ("gateway", "issues", "volunteers", "events", "notify")
REPLICAS = 3
PATIENCE = 120.0
Found = TypeVar("Found")


def compose_command() -> list[str] | None:
    """`docker compose`, or the older `docker-compose`; None if neither is here."""
    if shutil.which("docker"):
        asked = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
        if asked.returncode == 0:
            return ["docker", "compose"]
    return ["docker-compose"] if shutil.which("docker-compose") else None


def why_no_compose() -> str | None:
    """None if the platform can be brought up from images here, otherwise what is missing."""
    import docker  # noqa: PLC0415 - only where somebody asks for containers
    import docker.errors  # noqa: PLC0415

    if compose_command() is None:
        return "neither `docker compose` nor `docker-compose` is installed"
    try:
        client = docker.from_env(timeout=5)
        client.ping()
    except docker.errors.DockerException as problem:
        return f"no Docker daemon answers ({type(problem).__name__})"
    try:
        for image in foreign_images():
            if not client.images.list(image):
                docker.from_env(timeout=600).images.pull(*image.rsplit(":", 1))
    except docker.errors.DockerException as problem:
        return f"the image {image} is not here and cannot be pulled ({type(problem).__name__})"
    finally:
        client.close()
    return None


def foreign_images() -> Sequence[str]:
    """Images of the compose file that we do not build, without those of a profile."""
    services = yaml.safe_load(COMPOSE_FILE.read_text(encoding="utf-8"))["services"].values()
    named = {one["image"] for one in services if "profiles" not in one}
    return sorted(image for image in named if not image.startswith("mulin-"))


def until(look: Callable[[], Found | None], otherwise: str, seconds: float = PATIENCE) -> Found:
    """Look again and again until something is there; fail with this text when patience ends."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.5)


def bridge_address(docker: Any) -> str:
    """This machine as containers see it. Some daemons do not name the gateway of their bridge: then it is its first address."""
    (network, *_) = docker.networks.get("bridge").attrs["IPAM"]["Config"]
    return str(network.get("Gateway") or next(ip_network(network["Subnet"]).hosts()))


class ComposeProject:
    """One run of the compose file: `up`, look, `down`."""

    def __init__(self, folder: Path) -> None:
        import docker  # noqa: PLC0415

        self.name = f"mulin-test-{secrets.token_hex(4)}"
        self.docker = docker.from_env(timeout=60)
        self.folder = folder
        self.ports = {name: free_port() for name in ("gateway", "nats", "prometheus", "receiver")}
        self.receiver = f"{bridge_address(self.docker)}:{self.ports['receiver']}"
        """Where the demo's partner unit takes web hooks: this machine, as containers see it."""
        given = {name: value for name, value in os.environ.items() if not name.startswith(("MULIN_", "COMPOSE_"))}
        self._environment = given | {
            "MULIN_PORT": str(self.ports["gateway"]),
            "MULIN_NATS_PORT": str(self.ports["nats"]),
            "MULIN_PROMETHEUS_PORT": str(self.ports["prometheus"]),
            "MULIN_WEBHOOK_ALLOWED_HOSTS": self.receiver,
        }

    @property
    def gateway(self) -> str:
        """Address of the front door."""
        return f"http://127.0.0.1:{self.ports['gateway']}"

    @property
    def nats(self) -> str:
        """Where partner units reach NATS."""
        return f"nats://127.0.0.1:{self.ports['nats']}"

    @property
    def logins(self) -> Path:
        """File with the demo logins, as the command in the documentation prints them."""
        file = self.folder / "logins.json"
        if not file.exists():
            file.write_text(self.compose("run", "--rm", "logins"), encoding="utf-8")
        return file

    def compose(self, *arguments: str) -> str:
        """Run a compose command; its output, or a failure with everything it said."""
        done = subprocess.run(
            [*(compose_command() or ["docker", "compose"]), "-p", self.name, "-f", COMPOSE_FILE, *arguments],
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"compose {' '.join(arguments)}:\n{done.stdout[-3000:]}{done.stderr[-6000:]}"
        return done.stdout

    def up(self) -> None:
        """Bring everything up with three replicas of issues; wait until it is healthy and seeded."""
        self.compose("up", "-d", "--scale", f"issues={REPLICAS}")
        until(self.is_ready, "the platform did not become healthy", 300)

    def is_ready(self) -> bool:
        """Whether every server is healthy and every step ended well."""
        containers = self.containers()
        for container in containers:
            state = container.attrs["State"]
            if container.labels["com.docker.compose.service"] in ("secrets", "prepare", "seed"):
                assert state["Running"] or state["ExitCode"] == 0, container.logs(tail=30).decode()
                if state["Running"]:
                    return False
            elif state.get("Health", {}).get("Status") != "healthy":
                return False
        return {"seed", *SERVICES} <= {one.labels["com.docker.compose.service"] for one in containers}

    def down(self) -> list[str]:
        """Take everything away, data too; returns what is left."""
        self.compose("down", "-v", "--remove-orphans", "--timeout", "30")
        label = {"label": f"com.docker.compose.project={self.name}"}
        left = [f"container {one.name}" for one in self.docker.containers.list(all=True, filters=label)]
        left += [f"volume {one.name}" for one in self.docker.volumes.list(filters=label)]
        left += [f"network {one.name}" for one in self.docker.networks.list(filters=label)]
        self.docker.close()
        return left

    def containers(self, service: str | None = None) -> list[Any]:
        """Containers of the project, or of one service of it; one-off commands are left out."""
        labels = [f"com.docker.compose.project={self.name}", "com.docker.compose.oneoff=False"]
        labels += [f"com.docker.compose.service={service}"] if service else []
        found: list[Any] = self.docker.containers.list(all=True, filters={"label": labels})
        return found

    def metrics(self, container: Any) -> dict[str, float]:
        """What one process exports: series as written -> value. Asked from inside, where every process can be reached."""
        code = "import urllib.request as u; print(u.urlopen('http://127.0.0.1:8000/metrics').read().decode())"
        status, output = container.exec_run(["python", "-c", code])
        assert status == 0, output
        lines = [line.rsplit(" ", 1) for line in output.decode().splitlines() if line and not line.startswith("#")]
        return {series: float(value) for series, value in lines}

    def prometheus(self, path: str, **parameters: str) -> Any:
        """The data of an answer of Prometheus's API."""
        query = urllib.parse.urlencode(parameters)
        address = f"http://127.0.0.1:{self.ports['prometheus']}/api/v1/{path}?{query}"
        with urllib.request.urlopen(address, timeout=20) as answer:
            return json.load(answer)["data"]

    def python(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run one of our programs here, against the containers."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self._environment | environment,
            capture_output=True,
            text=True,
            check=False,
        )
