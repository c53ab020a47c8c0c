"""Where things are inside the compose network, and the one folder that holds every secret of the installation."""

from pathlib import Path

from deploy.embedded import postgres
from deploy.embedded.environment import nats_password, role_password
from deploy.embedded.state import State
from deploy.postgres.roles import database_of

VOLUMES = Path("/secrets")
STATE = State(VOLUMES / "platform")
"""The same layout as the state folder of the embedded run, so that the same steps work on it."""
POSTGRES_HOST, POSTGRES_PORT = "postgres", 5432
NATS_HOST, NATS_PORT, NATS_MONITOR_PORT = "nats", 4222, 8222
GATEWAY = "http://gateway:8000"
SERVICE_UID = 10532
"""User of the service images, see services/Dockerfile."""


def database_url(service: str, role: str) -> str:
    """Address of a service's database for one of its roles."""
    return postgres.url(POSTGRES_PORT, role, role_password(STATE, role), database_of(service), host=POSTGRES_HOST)


def nats_url(user: str) -> str:
    """Address of NATS for a user."""
    return f"nats://{user}:{nats_password(STATE, user)}@{NATS_HOST}:{NATS_PORT}"
