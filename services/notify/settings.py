"""What the notify service is told from outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.settings import ServiceSettings, SettingMissing, setting


@dataclass(frozen=True, slots=True)
class NotifySettings(ServiceSettings):
    """What every service has, and the keys and exceptions of the way out."""

    data_key: str | None = field(repr=False, default=None)
    """Keys that seal the signing secrets of web hooks; see `shared/security/sealing.py`."""
    nats_issuer_seed: str | None = field(repr=False, default=None)
    """Seed of the key with which partners are signed in on NATS; the server knows its public half."""
    webhook_allowed_hosts: frozenset[str] = frozenset()
    """`host:port` of receivers that may be inside and without https. Empty in production; demo and tests use it."""

    @classmethod
    def own(cls, environment: Mapping[str, str]) -> dict[str, object]:
        """The settings of notify alone."""
        hosts = setting(environment, "MULIN_WEBHOOK_ALLOWED_HOSTS") or ""
        return {
            "data_key": setting(environment, "MULIN_DATA_KEY"),
            "nats_issuer_seed": setting(environment, "MULIN_NATS_ISSUER_SEED"),
            "webhook_allowed_hosts": frozenset(host.strip() for host in hosts.split(",") if host.strip()),
        }

    def required_data_key(self) -> str:
        """The key; ends the process when it is missing."""
        if self.data_key is None:
            raise SettingMissing("MULIN_DATA_KEY")
        return self.data_key

    def required_issuer_seed(self) -> str:
        """The seed; ends the process when it is missing."""
        if self.nats_issuer_seed is None:
            raise SettingMissing("MULIN_NATS_ISSUER_SEED")
        return self.nats_issuer_seed
