from dataclasses import dataclass
from pathlib import Path

import pytest

from shared.settings import ServiceSettings, SettingMissing, owner_url, setting


def test_a_setting_comes_from_the_environment_or_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from the file\n")
    assert setting({"A": "direct"}, "A") == "direct"
    assert setting({"A_FILE": str(secret)}, "A") == "from the file"
    assert setting({"A": "direct", "A_FILE": str(secret)}, "A") == "direct"
    assert setting({"A": ""}, "A", "default") == "default"
    assert setting({}, "A") is None


def test_what_is_missing_is_named() -> None:
    with pytest.raises(SettingMissing, match="MULIN_DATABASE_URL is missing"):
        ServiceSettings.from_environment("issues", {})
    with pytest.raises(SettingMissing, match="MULIN_OWNER_DATABASE_URL is missing"):
        owner_url({})
    settings = ServiceSettings.from_environment("issues", {"MULIN_DATABASE_URL": "postgresql+asyncpg://x"})
    with pytest.raises(SettingMissing, match="MULIN_PRINCIPAL_PUBLIC_KEY"):
        settings.required_public_key()


@dataclass(frozen=True, slots=True)
class OwnSettings(ServiceSettings):
    hosts: str = ""

    @classmethod
    def own(cls, environment: object) -> dict[str, object]:
        return {"hosts": setting(environment, "MULIN_HOSTS") or "none"}  # type: ignore[arg-type]


def test_a_service_adds_its_own_settings(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.write_bytes(b"pem")
    settings = OwnSettings.from_environment(
        "notify",
        {
            "MULIN_DATABASE_URL": "postgresql+asyncpg://user:secret@db/x",
            "MULIN_PRINCIPAL_PUBLIC_KEY": str(key),
            "MULIN_HOSTS": "a,b",
            "MULIN_PORT": "9001",
        },
    )
    assert (settings.service, settings.hosts, settings.port, settings.required_public_key()) == (
        "notify",
        "a,b",
        9001,
        b"pem",
    )
    assert "secret" not in repr(settings)
