"""This service's copy of who and what there is in a community."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.issues.domain.category import Category
from services.issues.ports.reports import ProfileFigures


class Directory(Protocol):
    """This service's copy of who and what there is in the community, for reading."""

    async def category(self, code: str) -> Category:
        """A category of this community. Raises UnknownCategory."""
        ...

    async def check_building(self, building_id: UUID) -> None:
        """Raise UnknownBuilding if the community has no such building."""
        ...

    async def building(self, building_id: UUID) -> "Building":
        """A building with its compound and its grid. Raises UnknownBuilding."""
        ...

    async def check_grid(self, grid_id: UUID, field: str = "grid_id") -> None:
        """Raise UnknownGrid, naming the field, if the community has no such grid."""
        ...

    async def check_compound(self, compound_id: UUID, field: str = "compound_id") -> None:
        """Raise UnknownCompound, naming the field, if the community has no such compound."""
        ...

    async def check_organisation(self, organisation_id: UUID, *, field: str = "responsible_organisation") -> None:
        """Raise UnknownOrganisation if the organisation takes no part in the community."""
        ...

    async def check_units(self, organisation_ids: Sequence[UUID]) -> None:
        """Raise UnknownOrganisation, naming each `units[n]`, if one of them takes no part in the community."""
        ...

    async def members_among(self, person_ids: Sequence[UUID]) -> frozenset[UUID]:
        """Those of them who hold a role in the community."""
        ...

    async def check_members(self, person_ids: Sequence[UUID]) -> None:
        """Raise UnknownParticipant if one of them holds no role in the community."""
        ...


class MasterData(Protocol):
    """The same copy, for writing: fed by the gateway's messages."""

    async def open_community(self, community: "CommunityProfile", categories: Sequence[Category]) -> None:
        """Keep the community's name and code and give it its categories; a second time changes nothing but the profile."""
        ...

    async def keep_organisation(self, organisation: "Organisation") -> None:
        """Keep an organisation, or its new name."""
        ...

    async def keep_compound(self, compound_id: UUID, name: str) -> None:
        """Keep a compound, or its new name."""
        ...

    async def keep_grid(self, grid_id: UUID, name: str, worker_id: UUID | None) -> None:
        """Keep a grid, or its new worker."""
        ...

    async def keep_building(self, building: "Building") -> None:
        """Keep a building, or its new name or grid."""
        ...

    async def move_building(self, building_id: UUID, grid_id: UUID) -> None:
        """Note the new grid of a building; one that has not arrived yet comes with its own."""
        ...

    async def keep_membership(self, membership: "Membership") -> None:
        """Keep who holds which role through which organisation."""
        ...

    async def end_membership(self, membership_id: UUID, at: datetime) -> None:
        """Note that a role is no longer held."""
        ...


@dataclass(frozen=True, slots=True)
class CommunityProfile:
    """What issues must know of a community."""

    id: UUID
    code: str
    name: str
    figures: ProfileFigures | None = None


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation that takes part in the community."""

    id: UUID
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Building:
    """A building with its compound and its grid."""

    id: UUID
    compound_id: UUID
    grid_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Membership:
    """A role of a person, through an organisation or as a resident."""

    id: UUID
    person_id: UUID
    organisation_id: UUID | None
    role: str
    scope: dict[str, str] = field(default_factory=dict)
