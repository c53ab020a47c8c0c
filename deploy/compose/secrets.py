"""Makes every password and key once and gives each container the ones it needs, in a volume of its own.

Running it again changes nothing but what is missing. The one step that runs as root: it makes volumes over to their users.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from deploy.compose.installation import (
    DEMO,
    GRAFANA_UID,
    NATS_MONITOR_PORT,
    NATS_PORT,
    NATS_STORE,
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
    """Write the volumes of PostgreSQL, NATS, the five services, the seed and Grafana."""
    STATE.prepare()
    make_principal_keys(STATE)
    for role in roles.role_names():
        STATE.secret(f"postgres_{role}")
    for service in roles.SERVICES:
        for name, text in _files_of(service).items():
            _give(VOLUMES / service / name, text, SERVICE_UID)
    _give(VOLUMES / "nats" / "nats.conf", _nats_configuration(), SERVICE_UID)
    _give(VOLUMES / "grafana" / "admin_password", STATE.secret("grafana_admin"), GRAFANA_UID)
    superuser_password = VOLUMES / "postgres" / "superuser_password"
    _give(superuser_password, STATE.secret("postgres_superuser"), os.getuid())
    superuser_password.chmod(0o444)  # the user of the PostgreSQL image has another number in each variant
    DEMO.prepare()
    for name, text in _bootstrap().items():
        _give(DEMO.secret_file(name), text, SERVICE_UID)
    _make_over([*_everything_in(STATE.folder), *_everything_in(DEMO.folder), NATS_STORE])
    print("密钥已就绪 · secrets are ready")


def _give(file: Path, text: str, user: int) -> None:
    """Write a file that only `user` can read, unless it says so already."""
    if not file.exists() or file.read_text() != text:
        write_private(file, text)
    os.chown(file, user, user)


def _everything_in(folder: Path) -> Iterable[Path]:
    return [folder, *folder.rglob("*")]


def _make_over(paths: Iterable[Path]) -> None:
    for path in paths:
        os.chown(path, SERVICE_UID, SERVICE_UID)


def _bootstrap() -> dict[str, str]:
    """The first operator's account."""
    return {
        "bootstrap_login": STATE.secret("bootstrap_login", lambda: BOOTSTRAP_LOGIN),
        "bootstrap_password": STATE.secret("bootstrap_password"),
    }


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
        files |= _bootstrap() | {
            "identity_database_url": database_url(service, "gateway_identity"),
            "principal_private_key.pem": STATE.secret_file("principal_private.pem").read_text(),
        }
    return files


def _nats_configuration() -> str:
    passwords = {user: nats_password(STATE, user) for user in (*PUBLISHERS, nats_config.PROVISIONER)}
    server = nats_config.ServerConfig(NATS_PORT, NATS_MONITOR_PORT, NATS_STORE, host="0.0.0.0")  # noqa: S104
    return nats_config.render(
        server,
        nats_config.users(passwords),
        nats_password(STATE, nats_config.SYSTEM),
        issuer_of(nats_issuer_seed(STATE)).public_key,
    )


if __name__ == "__main__":
    main()
