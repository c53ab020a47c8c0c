"""What the compose file promises without being brought up: photos outlive their container, and storage elsewhere can be named."""

import re
from typing import Any

import yaml

from deploy.embedded.state import ROOT

SETTINGS = re.compile(r'"(MULIN_PHOTOS\w*)"')


def the_file() -> Any:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


def test_photos_lie_in_a_volume_unless_another_place_is_named() -> None:
    compose = the_file()
    issues = compose["services"]["issues"]
    place = re.fullmatch(r"\$\{MULIN_PHOTOS:-(/\w+)\}", issues["environment"]["MULIN_PHOTOS"])
    assert place is not None
    assert f"photos:{place[1]}" in issues["volumes"]
    assert "photos" in compose["volumes"]


def test_whatever_the_service_asks_about_its_photo_store_can_be_said_in_the_environment() -> None:
    asked = set(SETTINGS.findall((ROOT / "services/issues/settings.py").read_text(encoding="utf-8")))
    given = the_file()["services"]["issues"]["environment"]
    assert len(asked) == 5
    for name in asked:
        assert given[name].startswith("${" + name + ":-"), name


def test_operations_tell_how_to_keep_photos_and_keys() -> None:
    told = (ROOT / "docs/operations.md").read_text(encoding="utf-8").partition("## Backups")[2].partition("\n## ")[0]
    for needed in ("`photos`", "MULIN_DATA_KEY", "`postgres-data`", "restore"):
        assert needed in told
