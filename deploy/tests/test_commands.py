"""Commands of `./mulin` that must be clear when something is in the way, and the state folder they stand on."""

import json
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.embedded.environment import Ports, make_principal_keys, service_environment
from deploy.embedded.logins import DemoLogin, load_logins, one_per_role, save_logins
from deploy.embedded.state import State

ROOT = Path(__file__).resolve().parents[2]
PORTS = Ports(
    postgres=1, nats=2, nats_monitor=3, services={"gateway": 4, "issues": 5, "volunteers": 6, "events": 7, "notify": 8}
)


@pytest.fixture
def state(tmp_path: Path) -> State:
    made = State(tmp_path / "state")
    made.prepare()
    return made


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def mulin(state: State, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "deploy.embedded", *arguments],
        cwd=ROOT,
        env={**os.environ, "MULIN_STATE": str(state.folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_taken_port_is_said_with_what_to_do_and_nothing_is_started(state: State, taken_port: int) -> None:
    done = mulin(state, "up", "--port", str(taken_port))
    assert done.returncode == 1
    assert f"Port {taken_port} on 127.0.0.1 is taken" in done.stderr
    assert "./mulin up --port " in done.stderr
    assert not state.postgres.exists()


def test_a_second_start_says_that_it_runs_and_where(state: State) -> None:
    lock = state.try_lock()
    assert lock is not None
    state.set_record({"pid": os.getpid(), "address": "http://127.0.0.1:8765", "phase": "ready"})
    done = mulin(state, "up")
    os.close(lock)
    assert done.returncode == 0
    assert "http://127.0.0.1:8765" in done.stdout


def test_status_of_nothing(state: State) -> None:
    done = mulin(state, "status", "--json")
    assert done.returncode == 3
    assert json.loads(done.stdout) == {"running": False, "state": str(state.folder), "logins": []}
    assert mulin(state, "down").returncode == 0


def test_logs_of_an_unknown_process_names_the_known_ones(state: State) -> None:
    (state.logs / "gateway.log").write_text("one\ntwo\nthree\n")
    assert mulin(state, "logs", "gateway", "-n", "2").stdout == "two\nthree\n"
    unknown = mulin(state, "logs", "gatway")
    assert unknown.returncode == 2
    assert "gateway" in unknown.stderr


def test_secrets_are_made_once_and_only_their_owner_can_read_them(state: State) -> None:
    first = service_environment(state, PORTS, "gateway")
    assert service_environment(state, PORTS, "gateway") == first
    private = [file for file in (state.folder / "secrets").iterdir() if stat.S_IMODE(file.stat().st_mode) != 0o600]
    assert private == []
    assert stat.S_IMODE((state.folder / "secrets").stat().st_mode) == 0o700


def test_each_service_gets_its_own_passwords_and_only_the_gateway_the_signing_key(state: State) -> None:
    environments = {service: service_environment(state, PORTS, service) for service in PORTS.services}
    for name in ("MULIN_DATABASE_URL", "MULIN_NATS_URL", "MULIN_DATA_KEY"):
        assert len({environment[name] for environment in environments.values()}) == len(environments)
    with_key = [service for service, given in environments.items() if "MULIN_PRINCIPAL_PRIVATE_KEY" in given]
    assert with_key == ["gateway"]
    assert [service for service, given in environments.items() if "MULIN_NATS_ISSUER_SEED" in given] == ["notify"]
    assert environments["gateway"]["MULIN_SERVICE_URLS"].startswith("issues=http://127.0.0.1:5,")


def test_the_signing_key_is_kept(state: State) -> None:
    make_principal_keys(state)
    before = state.secret_file("principal_private.pem").read_text()
    make_principal_keys(state)
    assert state.secret_file("principal_private.pem").read_text() == before


def test_only_one_platform_can_hold_a_state_folder(state: State) -> None:
    lock = state.try_lock()
    assert lock is not None
    assert state.try_lock() is None
    assert state.is_locked()
    os.close(lock)
    assert not state.is_locked()


def test_demo_logins_are_kept_and_shown_once_per_role(state: State) -> None:
    resident = DemoLogin("resident", "居民", "Resident", "wang", "pw", "feicuicheng")
    another = DemoLogin("resident", "居民", "Resident", "li", "pw", "feicuicheng")
    save_logins(state.folder, [resident, another])
    assert load_logins(state.folder) == [resident, another]
    assert one_per_role(load_logins(state.folder)) == [resident]
