"""What the issues service is told from outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.settings import ServiceSettings, SettingMissing, setting


@dataclass(frozen=True, slots=True)
class IssuesSettings(ServiceSettings):
    """Beside what every service has: the keys that seal mediation records, contacts and drafts and sign the codes of places; where photos lie."""

    data_key: str = field(repr=False, default="")
    """`name:base64,name:base64` or one base64 key; see `shared/security/sealing.py`."""
    photos: str = ""
    """A folder, or `s3://bucket/prefix`."""
    photos_endpoint: str | None = None
    photos_region: str = "us-east-1"
    photos_access_key: str | None = field(repr=False, default=None)
    photos_secret_key: str | None = field(repr=False, default=None)

    @classmethod
    def own(cls, environment: Mapping[str, str]) -> dict[str, object]:
        """Without a key nothing may be served: records would be kept open. Photos lie in the state folder unless told otherwise."""
        data_key = setting(environment, "MULIN_DATA_KEY")
        if data_key is None:
            raise SettingMissing("MULIN_DATA_KEY")
        state = setting(environment, "MULIN_STATE")
        photos = setting(environment, "MULIN_PHOTOS", f"{state}/photos" if state else None)
        if photos is None:
            raise SettingMissing("MULIN_PHOTOS")
        return {
            "data_key": data_key,
            "photos": photos,
            "photos_endpoint": setting(environment, "MULIN_PHOTOS_ENDPOINT"),
            "photos_region": setting(environment, "MULIN_PHOTOS_REGION", "us-east-1"),
            "photos_access_key": setting(environment, "MULIN_PHOTOS_ACCESS_KEY"),
            "photos_secret_key": setting(environment, "MULIN_PHOTOS_SECRET_KEY"),
        }
