"""Makes every password and key once and gives each container the ones it needs, in a volume of its own.

Running it again changes nothing but what is missing.
"""

import os
from pathlib import Path

from deploy.compose.installation import (
    NATS_MONITOR_PORT,
    NATS_PORT,
    SERVICE_UID,
    STATE,
    VOLUMES,
    database_url,
    nats_url,
)
from deploy.embedded.environment import (
    BOOTSTRAP_LOGIN,
    data_key,
    make_principal_keys,
    nats_issuer_seed,
    nats_password,
)
from deploy.embedded.state import write_private
from deploy.nats import config as nats_config
from deploy.nats.partners import issuer_of
from deploy.nats.topology import PUBLISHERS
from deploy.postgres import roles


def main() -> None:
    """Write the volumes of PostgreSQL, NATS and the five services."""
    STATE.prepare()
    make_principal_keys(STATE)
    write_private(VOLUMES / "postgres" / "superuser_password", STATE.secret("postgres_superuser"))
    write_private(VOLUMES / "nats" / "nats.conf", _nats_configuration())
    for service in roles.SERVICES:
        for name, text in _files_of(service).items():
            file = VOLUMES / service / name
            write_private(file, text)
            os.chown(file, SERVICE_UID, SERVICE_UID)
    for role in roles.role_names():
        STATE.secret(f"postgres_{role}")
    print("密钥已就绪 · secrets are ready")


def _files_of(service: str) -> dict[str, str]:
    """What one service may know; the owner role's password is not among it."""
    files = {
        "database_url": database_url(service, f"{service}_app"),
        "relay_database_url": database_url(service, f"{service}_relay"),
        "nats_url": nats_url(service),
        "principal_public_key.pem": STATE.secret_file("principal_public.pem").read_text(),
        "data_key": data_key(STATE, service),
    }
    if service == "notify":
        files["nats_issuer_seed"] = nats_issuer_seed(STATE)
    if service == "gateway":
        files |= {
            "identity_database_url": database_url(service, "gateway_identity"),
            "principal_private_key.pem": STATE.secret_file("principal_private.pem").read_text(),
            "bootstrap_login": STATE.secret("bootstrap_login", lambda: BOOTSTRAP_LOGIN),
            "bootstrap_password": STATE.secret("bootstrap_password"),
        }
    return files


def _nats_configuration() -> str:
    passwords = {user: nats_password(STATE, user) for user in (*PUBLISHERS, nats_config.PROVISIONER)}
    server = nats_config.ServerConfig(NATS_PORT, NATS_MONITOR_PORT, Path("/data"), host="0.0.0.0")  # noqa: S104
    return nats_config.render(
        server,
        nats_config.users(passwords),
        nats_password(STATE, nats_config.SYSTEM),
        issuer_of(nats_issuer_seed(STATE)).public_key,
    )


if __name__ == "__main__":
    main()
