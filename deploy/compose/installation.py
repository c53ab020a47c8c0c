"""Where things are inside the compose network, and the one folder that holds every secret of the installation."""

from pathlib import Path

from deploy.embedded import postgres
from deploy.embedded.environment import nats_password, role_password
from deploy.embedded.state import State
from deploy.postgres.roles import database_of

VOLUMES = Path("/secrets")
STATE = State(VOLUMES / "platform")
"""The same layout as the state folder of the embedded run, so that the same steps work on it."""
DEMO = State(VOLUMES / "demo")
"""What the seed may know and write: the first operator's login, and the demo logins that it makes."""
NATS_STORE = Path("/data")
"""Where NATS keeps its streams; the volume is made over to its user before it starts."""
POSTGRES_HOST, POSTGRES_PORT = "postgres", 5432
NATS_HOST, NATS_PORT, NATS_MONITOR_PORT = "nats", 4222, 8222
GATEWAY = "http://gateway:8000"
SERVICE_UID = 10532
"""User of our images, see services/Dockerfile; NATS runs as the same one, on a volume of its own."""
GRAFANA_UID = 472
"""User of the public Grafana image."""


def database_url(service: str, role: str) -> str:
    """Address of a service's database for one of its roles."""
    return postgres.url(POSTGRES_PORT, role, role_password(STATE, role), database_of(service), host=POSTGRES_HOST)


def nats_url(user: str) -> str:
    """Address of NATS for a user."""
    return f"nats://{user}:{nats_password(STATE, user)}@{NATS_HOST}:{NATS_PORT}"
