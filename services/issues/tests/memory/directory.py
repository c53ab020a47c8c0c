"""Master data in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.issues.domain.category import Category
from services.issues.domain.default_categories import DEFAULT_CATEGORIES
from services.issues.domain.errors.master_data import (
    UnknownBuilding,
    UnknownCategory,
    UnknownCompound,
    UnknownGrid,
    UnknownOrganisation,
    UnknownParticipant,
)
from services.issues.ports.master_data import Building, CommunityProfile, Membership, Organisation
from services.issues.tests.builders import BUILDING, COMPOUND, GRID, OTHER_GRID, PEOPLE, PROPERTY, UNIT
from shared.ids import new_id


class MemoryDirectory:
    """Satisfies `ports.Directory` and `ports.MasterData`: the community of the builders."""

    def __init__(self) -> None:
        self.categories = {category.code: category for category in DEFAULT_CATEGORIES}
        self.buildings = {BUILDING: Building(BUILDING, COMPOUND, GRID, "12号楼")}
        self.compounds: dict[UUID, str] = {COMPOUND: "翡翠城"}
        self.grids = {GRID, OTHER_GRID}
        self.organisations = {PROPERTY: "翡翠物业", UNIT: "水集供电所"}
        self.members = {new_id(): who.person for who in PEOPLE}

    async def category(self, code: str) -> Category:
        """A shipped category."""
        if code not in self.categories:
            raise UnknownCategory(fields={"category": ("-", "-")})
        if self.categories[code].retired:
            raise UnknownCategory(fields={"category": ("-", "-")})
        return self.categories[code]

    async def check_building(self, building_id: UUID) -> None:
        """Raise UnknownBuilding."""
        if building_id not in self.buildings:
            raise UnknownBuilding(fields={"place.building_id": ("-", "-")})

    async def building(self, building_id: UUID) -> Building:
        """The building."""
        await self.check_building(building_id)
        return self.buildings[building_id]

    async def check_compound(self, compound_id: UUID, field: str = "compound_id") -> None:
        """Raise UnknownCompound."""
        if compound_id not in self.compounds:
            raise UnknownCompound(fields={field: ("-", "-")})

    async def check_grid(self, grid_id: UUID, field: str = "grid_id") -> None:
        """Raise UnknownGrid."""
        if grid_id not in self.grids:
            raise UnknownGrid(fields={field: ("-", "-")})

    async def check_organisation(self, organisation_id: UUID, *, field: str = "responsible_organisation") -> None:
        """Raise UnknownOrganisation."""
        if organisation_id not in self.organisations:
            raise UnknownOrganisation(fields={field: ("-", "-")})

    async def check_units(self, organisation_ids: Sequence[UUID]) -> None:
        """Raise UnknownOrganisation."""
        wrong = [n for n, unit in enumerate(organisation_ids) if unit not in self.organisations]
        if wrong:
            raise UnknownOrganisation(fields={f"units[{n}]": ("-", "-") for n in wrong})

    async def members_among(self, person_ids: Sequence[UUID]) -> frozenset[UUID]:
        """Who is a member."""
        return frozenset(person_ids) & frozenset(self.members.values())

    async def check_members(self, person_ids: Sequence[UUID]) -> None:
        """Raise UnknownParticipant."""
        wrong = [n for n, person in enumerate(person_ids) if person not in self.members.values()]
        if wrong:
            raise UnknownParticipant(fields={f"participants[{n}].person_id": ("-", "-") for n in wrong})

    async def open_community(self, community: CommunityProfile, categories: Sequence[Category]) -> None:  # noqa: ARG002
        """Give it its categories."""
        self.categories = {category.code: category for category in categories}

    async def keep_organisation(self, organisation: Organisation) -> None:
        """Keep an organisation."""
        self.organisations[organisation.id] = organisation.name

    async def keep_compound(self, compound_id: UUID, name: str) -> None:
        """Keep a compound."""
        self.compounds[compound_id] = name

    async def keep_grid(self, grid_id: UUID, name: str, worker_id: UUID | None) -> None:  # noqa: ARG002
        """Keep a grid."""
        self.grids.add(grid_id)

    async def keep_building(self, building: Building) -> None:
        """Keep a building."""
        self.buildings[building.id] = building

    async def move_building(self, building_id: UUID, grid_id: UUID) -> None:
        """Move a building."""
        self.buildings[building_id] = replace(self.buildings[building_id], grid_id=grid_id)

    async def keep_membership(self, membership: Membership) -> None:
        """Keep a member."""
        self.members[membership.id] = membership.person_id

    async def end_membership(self, membership_id: UUID, at: datetime) -> None:  # noqa: ARG002
        """Forget a member."""
        self.members.pop(membership_id, None)
