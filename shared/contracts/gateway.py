"""Facts of the gateway: master data that the other services copy."""

from datetime import date
from uuid import UUID

from pydantic import Field

from shared.contracts.message import Message


class CommunityCreated(Message, type="gateway.community_created.v1", aggregate="community_id"):
    """A community was created from a template; every service prepares its defaults for it."""

    community_id: UUID
    community: str = Field(description="Slug, the tenant key")
    code: str = Field(description="Short code used in numbers, e.g. FCC")
    name: str
    template: str
    households: int
    residents: int
    figures_as_of: date


class OrganisationRegistered(Message, type="gateway.organisation_registered.v1", aggregate="organisation_id"):
    """An organisation (居委会, 物业, 共建单位 …) takes part in a community."""

    organisation_id: UUID
    kind: str
    name: str = Field(description="Public name of the organisation")


class MembershipGranted(Message, type="gateway.membership_granted.v1", aggregate="membership_id"):
    """A person received a role in a community, through an organisation or as a resident."""

    membership_id: UUID
    person_id: UUID
    organisation_id: UUID | None = None
    role: str
    scope: dict[str, str] = Field(default_factory=dict)


class MembershipEnded(Message, type="gateway.membership_ended.v1", aggregate="membership_id"):
    """A person no longer holds that role."""

    membership_id: UUID
    person_id: UUID
    organisation_id: UUID | None = None
    role: str


class CompoundAdded(Message, type="gateway.compound_added.v1", aggregate="compound_id"):
    """A residential compound (小区) was added."""

    compound_id: UUID
    name: str


class GridDrawn(Message, type="gateway.grid_drawn.v1", aggregate="grid_id"):
    """A grid (网格) was drawn, or its worker changed."""

    grid_id: UUID
    name: str
    worker_id: UUID | None = None


class BuildingAdded(Message, type="gateway.building_added.v1", aggregate="building_id"):
    """A building was added; it belongs to exactly one grid."""

    building_id: UUID
    compound_id: UUID
    grid_id: UUID
    name: str = Field(description="e.g. 12号楼")


class HouseholdRegistered(Message, type="gateway.household_registered.v1", aggregate="household_id"):
    """A household was registered in a building, with the persons who belong to it."""

    household_id: UUID
    building_id: UUID
    person_ids: tuple[UUID, ...] = ()
