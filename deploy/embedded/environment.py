"""The environment of each program of the embedded run: addresses, passwords and keys, from the state folder.

Services read these names in their `settings.py`. Secrets travel in the environment, never on a command line.
"""

import base64
import os
import secrets
import sys
from dataclasses import dataclass

from deploy.embedded import postgres
from deploy.embedded.launch import Launch
from deploy.embedded.ports import free_port
from deploy.embedded.state import ROOT, State, write_private
from deploy.nats.partners import new_issuer
from deploy.postgres.roles import database_of, owner_of

BOOTSTRAP_LOGIN = "operator"


@dataclass(frozen=True, slots=True)
class Ports:
    """Where everything listens in this run."""

    postgres: int
    nats: int
    nats_monitor: int
    services: dict[str, int]


def role_password(state: State, role: str) -> str:
    """Password of a database role."""
    return state.secret(f"postgres_{role}")


def nats_password(state: State, user: str) -> str:
    """Password of a NATS user."""
    return state.secret(f"nats_{user}")


def nats_url(state: State, ports: Ports, user: str) -> str:
    """Address of NATS for a user."""
    return f"nats://{user}:{nats_password(state, user)}@127.0.0.1:{ports.nats}"


def database_url(state: State, ports: Ports, service: str, role: str) -> str:
    """Address of a service's database for one of its roles."""
    return postgres.url(ports.postgres, role, role_password(state, role), database_of(service))


def nats_issuer_seed(state: State) -> str:
    """Seed of the key with which notify signs partner units in."""
    return state.secret("nats_issuer_seed", lambda: new_issuer().seed)


def data_key(state: State, service: str) -> str:
    """256 bits with which a service encrypts single columns."""
    return state.secret(f"data_key_{service}", lambda: base64.b64encode(secrets.token_bytes(32)).decode())


def demo_receiver(state: State) -> tuple[str, int]:
    """Where the demo's partner unit takes web hooks: the one inside address that notify may deliver to, unless told otherwise."""
    return "127.0.0.1", int(state.secret("demo_receiver_port", lambda: str(free_port())))


def service_url(ports: Ports, service: str) -> str:
    """Base address of a service."""
    return f"http://127.0.0.1:{ports.services[service]}"


def common_environment() -> dict[str, str]:
    """What every Python program of ours gets: the user's environment, our code, and logs that are written at once."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return given | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "PYTHONSAFEPATH": "1"}


def service_environment(state: State, ports: Ports, service: str, host: str = "127.0.0.1") -> dict[str, str]:
    """Everything that a service must know to run, to migrate, or to answer its commands."""
    make_principal_keys(state)
    environment = common_environment() | {
        "MULIN_STATE": str(state.folder),
        "MULIN_HOST": host,
        "MULIN_PORT": str(ports.services[service]),
        "MULIN_DATABASE_URL": database_url(state, ports, service, f"{service}_app"),
        "MULIN_RELAY_DATABASE_URL": database_url(state, ports, service, f"{service}_relay"),
        "MULIN_OWNER_DATABASE_URL": database_url(state, ports, service, owner_of(service)),
        "MULIN_NATS_URL": nats_url(state, ports, service),
        "MULIN_PRINCIPAL_PUBLIC_KEY": str(state.secret_file("principal_public.pem")),
        "MULIN_DATA_KEY": data_key(state, service),
    }
    if service == "notify":
        environment["MULIN_NATS_ISSUER_SEED"] = nats_issuer_seed(state)
        host, port = demo_receiver(state)
        environment.setdefault("MULIN_WEBHOOK_ALLOWED_HOSTS", f"{host}:{port}")
    if service == "gateway":
        others = [name for name in ports.services if name != "gateway"]
        environment |= {
            "MULIN_IDENTITY_DATABASE_URL": database_url(state, ports, service, "gateway_identity"),
            "MULIN_PRINCIPAL_PRIVATE_KEY": str(state.secret_file("principal_private.pem")),
            "MULIN_SERVICE_URLS": ",".join(f"{name}={service_url(ports, name)}" for name in others),
            "MULIN_BOOTSTRAP_LOGIN": state.secret("bootstrap_login", lambda: BOOTSTRAP_LOGIN),
            "MULIN_BOOTSTRAP_PASSWORD": state.secret("bootstrap_password"),
        }
    return environment


def python(name: str, *arguments: str, environment: dict[str, str]) -> Launch:
    """How to start one of our Python programs: `python("issues", "-m", "services.issues", "serve", …)`."""
    return Launch(name=name, command=(sys.executable, *arguments), cwd=ROOT, environment=environment)


def make_principal_keys(state: State) -> None:
    """The key pair with which the gateway signs who is asking, made at the first start."""
    private, public = state.secret_file("principal_private.pem"), state.secret_file("principal_public.pem")
    if private.exists() and public.exists():
        return
    from cryptography.hazmat.primitives import serialization  # large, and needed once  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

    key = Ed25519PrivateKey.generate()
    encoding = serialization.Encoding.PEM
    secret_text = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    public_text = key.public_key().public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo)
    write_private(public, public_text.decode())
    write_private(private, secret_text.decode())
