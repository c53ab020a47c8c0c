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
    name_en: str = ""
    subdistrict: str = Field(default="", description="Slug of the subdistrict it belongs to")


class SubdistrictCreated(Message, type="gateway.subdistrict_created.v1", aggregate="subdistrict_id"):
    """A subdistrict (街道) joined the platform; travels under the community token `all`."""

    subdistrict_id: UUID
    subdistrict: str = Field(description="Slug")
    name: str
    name_en: str = ""


class CommunityProfileRecorded(Message, type="gateway.community_profile_recorded.v1", aggregate="community_id"):
    """New figures of a community, true from a date on: denominators of rates from that date."""

    community_id: UUID
    figures_as_of: date
    area_km2: float
    households: int
    residents: int
    party_members: int
    party_members_own: int
    party_members_on_duty: int


class OrganisationRegistered(Message, type="gateway.organisation_registered.v1", aggregate="organisation_id"):
    """An organisation (居委会, 物业, 共建单位 …) takes part in a community."""

    organisation_id: UUID
    kind: str
    name: str = Field(description="Public name of the organisation")
    name_en: str = ""
    parent_id: UUID | None = Field(default=None, description="Organisation it belongs under")


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


class BuildingMoved(Message, type="gateway.building_moved.v1", aggregate="building_id"):
    """A building left its grid for another one."""

    building_id: UUID
    grid_id: UUID


class HouseholdRegistered(Message, type="gateway.household_registered.v1", aggregate="household_id"):
    """A household was registered in a building, with the persons who belong to it."""

    household_id: UUID
    building_id: UUID
    person_ids: tuple[UUID, ...] = ()


class HouseholdJoined(Message, type="gateway.household_joined.v1", aggregate="household_id"):
    """A person with an account now belongs to a household."""

    household_id: UUID
    building_id: UUID
    person_id: UUID


class ApiKeyIssued(Message, type="gateway.api_key_issued.v1", aggregate="api_key_id"):
    """A program of an organisation may call the platform; its requests carry the key's id as person."""

    api_key_id: UUID
    organisation_id: UUID | None = None
    role: str
    scope: dict[str, str] = Field(default_factory=dict)


class ApiKeyRevoked(Message, type="gateway.api_key_revoked.v1", aggregate="api_key_id"):
    """That program may not call any more."""

    api_key_id: UUID
    organisation_id: UUID | None = None
