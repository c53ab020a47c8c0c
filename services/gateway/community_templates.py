"""Reads the templates from which communities are made: one TOML file each in `templates/`, the file name is the key."""

import tomllib
from pathlib import Path

from services.gateway.domain.organisation import OrganisationKind
from services.gateway.domain.template import CommunityTemplate, DefaultOrganisation

FOLDER = Path(__file__).parent / "templates"


def load_templates(folder: Path = FOLDER) -> dict[str, CommunityTemplate]:
    """All templates by key. A parent must stand before its children; raises ValueError where it does not."""
    return {path.stem: _template(path) for path in sorted(folder.glob("*.toml"))}


def _template(path: Path) -> CommunityTemplate:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    organisations: list[DefaultOrganisation] = []
    for entry in content["organisations"]:
        parent = entry.get("child_of")
        if parent is not None and parent not in {known.name for known in organisations}:
            raise ValueError(f"{path.name}: {entry['name']} stands before its parent {parent}")
        organisations.append(
            DefaultOrganisation(OrganisationKind(entry["kind"]), entry["name"], entry["name_en"], parent)
        )
    return CommunityTemplate(
        key=path.stem,
        name=content["name"],
        name_en=content["name_en"],
        description=content["description"],
        organisations=tuple(organisations),
    )
