"""Rows as the things of the domain; one function per thing, for stores and queries alike."""

from collections.abc import Mapping
from typing import Any

from services.gateway.domain.account import ApiKey
from services.gateway.domain.community import Community, Figures, Profile, Subdistrict
from services.gateway.domain.membership import Membership
from services.gateway.domain.organisation import Organisation, OrganisationKind
from services.gateway.domain.territory import Building, Compound, Grid, Household
from shared.principal import Role

Values = Mapping[Any, Any]
"""Column values of a row, without `community`."""

FIGURES = (
    "as_of",
    "area_km2",
    "households",
    "residents",
    "party_members",
    "party_members_own",
    "party_members_on_duty",
    "sample",
)


def own_values(row: Values) -> dict[str, Any]:
    """A row of a community without its community."""
    return {name: value for name, value in row.items() if name != "community"}


def organisation_of(values: Values) -> Organisation:
    """An organisation."""
    return Organisation(**{**values, "kind": OrganisationKind(values["kind"])})


def compound_of(values: Values) -> Compound:
    """A compound."""
    return Compound(**values)


def grid_of(values: Values) -> Grid:
    """A grid."""
    return Grid(**values)


def building_of(values: Values) -> Building:
    """A building."""
    return Building(**values)


def household_of(values: Values) -> Household:
    """A household."""
    return Household(**{**values, "person_ids": tuple(values["person_ids"])})


def membership_of(values: Values) -> Membership:
    """A membership."""
    return Membership(**{**values, "role": Role(values["role"])})


def api_key_of(values: Values) -> ApiKey:
    """An API key."""
    return ApiKey(**{**values, "role": Role(values["role"])})


def profile_of(values: Values) -> Profile:
    """A profile."""
    figures = Figures(**{name: values[name] for name in FIGURES})
    return Profile(values["id"], figures, values["recorded_by"], values["recorded_at"])


def subdistrict_of(values: Values) -> Subdistrict:
    """A subdistrict."""
    return Subdistrict(**values)


def community_of(values: Values) -> Community:
    """A community."""
    return Community(**values)
