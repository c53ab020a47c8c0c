"""What a service is told from outside: environment variables, or files named by `<NAME>_FILE`. Read once, in `main.py`."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self


class SettingMissing(SystemExit):
    """A setting that this command needs was not given; ends the process with one clear line."""

    def __init__(self, name: str) -> None:
        super().__init__(f"setting {name} is missing (or give a file with it as {name}_FILE)")


def setting(environment: Mapping[str, str], name: str, default: str | None = None) -> str | None:
    """The value of `name`, or the content of the file that `<name>_FILE` points to, or the default."""
    value = environment.get(name)
    if value is not None and value != "":
        return value
    file = environment.get(f"{name}_FILE")
    if file:
        return Path(file).read_text(encoding="utf-8").strip()
    return default


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """Settings that every service has. A service subclasses it to add its own and overrides `own`."""

    service: str
    database_url: str = field(repr=False)
    relay_database_url: str | None = field(repr=False, default=None)
    nats_url: str | None = field(repr=False, default=None)
    principal_public_key: bytes | None = field(repr=False, default=None)
    host: str = "127.0.0.1"
    port: int = 8000
    log_level: str = "info"
    pool_size: int = 8

    @classmethod
    def from_environment(cls, service: str, environment: Mapping[str, str] | None = None) -> Self:
        """Read the settings of `serve`; ends the process naming the first one that is missing."""
        given = os.environ if environment is None else environment
        database_url = setting(given, "MULIN_DATABASE_URL")
        if database_url is None:
            raise SettingMissing("MULIN_DATABASE_URL")
        key_file = setting(given, "MULIN_PRINCIPAL_PUBLIC_KEY")
        return cls(
            service=service,
            database_url=database_url,
            relay_database_url=setting(given, "MULIN_RELAY_DATABASE_URL"),
            nats_url=setting(given, "MULIN_NATS_URL"),
            principal_public_key=Path(key_file).read_bytes() if key_file else None,
            host=setting(given, "MULIN_HOST") or "127.0.0.1",
            port=int(setting(given, "MULIN_PORT") or "8000"),
            log_level=setting(given, "MULIN_LOG_LEVEL") or "info",
            pool_size=int(setting(given, "MULIN_POOL_SIZE") or "8"),
            **cls.own(given),
        )

    @classmethod
    def own(cls, environment: Mapping[str, str]) -> dict[str, object]:  # noqa: ARG003 - for subclasses
        """Values of the fields that a subclass adds, read from `environment`."""
        return {}

    def required_public_key(self) -> bytes:
        """The gateway's public key; ends the process when it is missing."""
        if self.principal_public_key is None:
            raise SettingMissing("MULIN_PRINCIPAL_PUBLIC_KEY")
        return self.principal_public_key


def owner_url(environment: Mapping[str, str] | None = None) -> str:
    """The address for migrations; only `migrate` reads it."""
    url = setting(os.environ if environment is None else environment, "MULIN_OWNER_DATABASE_URL")
    if url is None:
        raise SettingMissing("MULIN_OWNER_DATABASE_URL")
    return url
