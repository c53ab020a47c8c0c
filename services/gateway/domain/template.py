"""Templates from which communities are made: which organisations every community of a kind starts with."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.gateway.domain.errors import UnknownTemplate
from services.gateway.domain.organisation import OrganisationKind


@dataclass(frozen=True, slots=True)
class DefaultOrganisation:
    """An organisation every community of the template has; `{community}` in the name is its name."""

    kind: OrganisationKind
    name: str
    name_en: str
    child_of: str | None = None
    """Name (pattern) of the default organisation it belongs under."""


@dataclass(frozen=True, slots=True)
class CommunityTemplate:
    """A kind of community. Categories, clocks and point rules of the kind are kept by their services under the same name."""

    key: str
    name: str
    name_en: str
    description: str
    organisations: tuple[DefaultOrganisation, ...]


def template_named(templates: Mapping[str, CommunityTemplate], key: str) -> CommunityTemplate:
    """The template, or a refusal that says which there are."""
    if key not in templates:
        known = "、".join(templates)
        raise UnknownTemplate(
            f"没有模板“{key}”，可用：{known}",
            f"No template '{key}'; there are: {', '.join(templates)}",
            fields={"template": ("未知模板", "unknown template")},
        )
    return templates[key]
