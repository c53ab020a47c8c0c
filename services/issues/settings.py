"""What the issues service is told from outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.settings import ServiceSettings, SettingMissing, setting


@dataclass(frozen=True, slots=True)
class IssuesSettings(ServiceSettings):
    """Beside what every service has: the keys that seal mediation records and contacts, and sign the codes of places."""

    data_key: str = field(repr=False, default="")
    """`name:base64,name:base64` or one base64 key; see `shared/security/sealing.py`."""

    @classmethod
    def own(cls, environment: Mapping[str, str]) -> dict[str, object]:
        """Without a key nothing may be served: records would be kept open."""
        data_key = setting(environment, "MULIN_DATA_KEY")
        if data_key is None:
            raise SettingMissing("MULIN_DATA_KEY")
        return {"data_key": data_key}
