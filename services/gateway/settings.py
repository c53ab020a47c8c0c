"""What the gateway is told from outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from services.gateway.front.routes import SERVICES
from shared.settings import ServiceSettings, SettingMissing, setting


@dataclass(frozen=True, slots=True)
class GatewaySettings(ServiceSettings):
    """Beyond what every service has: identity, keys, the addresses of the services, limits."""

    identity_database_url: str = field(repr=False, default="")
    principal_private_key: bytes = field(repr=False, default=b"")
    data_key: str | None = field(repr=False, default=None)
    """Keys that seal phone numbers, see `shared/security/sealing.py`; without them none are kept."""
    service_urls: Mapping[str, str] = field(default_factory=dict)
    bootstrap_login: str | None = None
    bootstrap_password: str | None = field(repr=False, default=None)
    """The first operator, made at start if there is no such account yet."""
    trusted_proxies: str = ""
    """Networks of reverse proxies whose X-Forwarded-For is believed."""
    requests_per_second_of_person: float = 200.0
    requests_per_second_of_address: float = 500.0
    """On average; ten times as many at once after a rest. 0: no limit."""
    logins_per_minute_of_account: int = 5
    logins_per_minute_of_address: int = 20

    @classmethod
    def own(cls, environment: Mapping[str, str]) -> dict[str, object]:
        """Read what the gateway adds."""
        return {
            "identity_database_url": _needed(environment, "MULIN_IDENTITY_DATABASE_URL"),
            "principal_private_key": Path(_needed(environment, "MULIN_PRINCIPAL_PRIVATE_KEY")).read_bytes(),
            "data_key": setting(environment, "MULIN_DATA_KEY"),
            "service_urls": service_urls(setting(environment, "MULIN_SERVICE_URLS") or ""),
            "bootstrap_login": setting(environment, "MULIN_BOOTSTRAP_LOGIN"),
            "bootstrap_password": setting(environment, "MULIN_BOOTSTRAP_PASSWORD"),
            "trusted_proxies": setting(environment, "MULIN_TRUSTED_PROXIES") or "",
            "requests_per_second_of_person": _number(environment, "MULIN_RATE_PER_PERSON", 200.0),
            "requests_per_second_of_address": _number(environment, "MULIN_RATE_PER_ADDRESS", 500.0),
            "logins_per_minute_of_account": int(_number(environment, "MULIN_LOGINS_PER_ACCOUNT", 5)),
            "logins_per_minute_of_address": int(_number(environment, "MULIN_LOGINS_PER_ADDRESS", 20)),
        }


def service_urls(text: str) -> dict[str, str]:
    """`issues=http://127.0.0.1:8001,…` as service -> address. Raises ValueError for a service that there is not."""
    urls = dict(part.strip().split("=", 1) for part in text.split(",") if "=" in part)
    unknown = sorted(urls.keys() - set(SERVICES))
    if unknown:
        raise ValueError(f"MULIN_SERVICE_URLS names no services of ours: {', '.join(unknown)}")
    return urls


def _needed(environment: Mapping[str, str], name: str) -> str:
    value = setting(environment, name)
    if value is None:
        raise SettingMissing(name)
    return value


def _number(environment: Mapping[str, str], name: str, default: float) -> float:
    return float(setting(environment, name) or default)
