"""Bodies and views of organisations, compounds, grids, buildings and households."""

from typing import Annotated, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from services.gateway.domain.organisation import KIND_LABELS, Organisation, OrganisationKind
from services.gateway.domain.territory import Building, Compound, Grid, Household
from services.gateway.queries.territory import Coverage
from services.gateway.schemas.labels import Label
from shared.http.bodies import ONE_LINE, ShortText, StrictBody

OptionalLine = Annotated[str, StringConstraints(max_length=200, pattern=ONE_LINE, strip_whitespace=True)]
OptionalShort = Annotated[str, StringConstraints(max_length=80, pattern=ONE_LINE, strip_whitespace=True)]
MOST_AT_ONCE = 500
T = TypeVar("T", bound=StrictBody)
V = TypeVar("V", bound=BaseModel)


class Batch(StrictBody, Generic[T]):
    """一次提交多项，全部成功或全部不做。Several at once, all or none."""

    items: Annotated[list[T], Field(min_length=1, max_length=MOST_AT_ONCE)]


class Made(BaseModel, Generic[V]):
    """按提交顺序返回。What was made, in the order given."""

    items: list[V]


class OrganisationBody(StrictBody):
    """组织。An organisation that takes part in the community."""

    kind: OrganisationKind
    name: ShortText
    name_en: OptionalShort = ""
    parent_id: UUID | None = Field(default=None, description="上级组织。The organisation it belongs under")


class OrganisationView(BaseModel):
    """组织。An organisation."""

    id: UUID
    kind: OrganisationKind
    kind_label: Label
    name: Label
    parent_id: UUID | None
    version: int

    @classmethod
    def of(cls, organisation: Organisation) -> "OrganisationView":
        """The view of an organisation."""
        kind = OrganisationKind(organisation.kind)
        zh, en = KIND_LABELS[kind]
        return cls(
            id=organisation.id,
            kind=kind,
            kind_label=Label(zh=zh, en=en),
            name=Label(zh=organisation.name, en=organisation.name_en or organisation.name),
            parent_id=organisation.parent_id,
            version=organisation.version,
        )


class CompoundBody(StrictBody):
    """小区。A compound."""

    name: ShortText
    address: OptionalLine = ""


class CompoundView(BaseModel):
    """小区。A compound."""

    id: UUID
    name: str
    address: str
    version: int

    @classmethod
    def of(cls, compound: Compound) -> "CompoundView":
        """The view of a compound."""
        return cls(id=compound.id, name=compound.name, address=compound.address, version=compound.version)


class GridBody(StrictBody):
    """网格。A grid."""

    name: ShortText


class GridWorkerBody(StrictBody):
    """网格员；null 表示暂缺。The worker of a grid; null leaves it without one."""

    worker_id: UUID | None


class GridView(BaseModel):
    """网格。A grid."""

    id: UUID
    name: str
    worker_id: UUID | None
    version: int

    @classmethod
    def of(cls, grid: Grid) -> "GridView":
        """The view of a grid."""
        return cls(id=grid.id, name=grid.name, worker_id=grid.worker_id, version=grid.version)


class BuildingBody(StrictBody):
    """楼栋：属于且只属于一个网格。A building; it belongs to exactly one grid."""

    compound_id: UUID
    grid_id: UUID
    name: ShortText
    units: int = Field(default=1, ge=1, le=100, description="单元数。Number of units")
    floors: int = Field(default=1, ge=1, le=200, description="层数。Number of floors")


class MoveBuildingBody(StrictBody):
    """新的网格。The grid it will belong to."""

    grid_id: UUID


class BuildingView(BaseModel):
    """楼栋。A building."""

    id: UUID
    compound_id: UUID
    grid_id: UUID
    name: str
    units: int
    floors: int
    version: int

    @classmethod
    def of(cls, building: Building) -> "BuildingView":
        """The view of a building."""
        return cls(
            id=building.id,
            compound_id=building.compound_id,
            grid_id=building.grid_id,
            name=building.name,
            units=building.units,
            floors=building.floors,
            version=building.version,
        )


class HouseholdBody(StrictBody):
    """户：门牌与有账号的成员。A household: its door, and members with an account."""

    building_id: UUID
    unit: OptionalShort = Field(default="", description="单元。Unit")
    room: ShortText = Field(description="室号。Room")
    person_ids: Annotated[list[UUID], Field(max_length=50)] = Field(default_factory=list)


class JoinHouseholdBody(StrictBody):
    """加入的人。Who joins."""

    person_id: UUID


class HouseholdView(BaseModel):
    """户。A household."""

    id: UUID
    building_id: UUID
    unit: str
    room: str
    person_ids: list[UUID]
    version: int

    @classmethod
    def of(cls, household: Household) -> "HouseholdView":
        """The view of a household."""
        return cls(
            id=household.id,
            building_id=household.building_id,
            unit=household.unit,
            room=household.room,
            person_ids=list(household.person_ids),
            version=household.version,
        )


class Gap(BaseModel):
    """缺口。Something that lacks something."""

    id: UUID
    name: str


class CoverageView(BaseModel):
    """覆盖情况与缺口（各列表最多 200 项）。What is mapped, and the gaps (at most 200 of each)."""

    grids: int
    buildings: int
    households_registered: int
    households_in_profile: int | None = Field(description="社区概况中的户数。Households by the current figures")
    grids_without_worker: list[Gap]
    grids_without_building: list[Gap]
    compounds_without_building: list[Gap]
    buildings_without_household: list[Gap]

    @classmethod
    def of(cls, coverage: Coverage, households_in_profile: int | None) -> "CoverageView":
        """The view of a coverage."""

        def gaps(found: list[tuple[UUID, str]]) -> list[Gap]:
            return [Gap(id=gap_id, name=name) for gap_id, name in found]

        return cls(
            grids=coverage.grids,
            buildings=coverage.buildings,
            households_registered=coverage.households,
            households_in_profile=households_in_profile,
            grids_without_worker=gaps(coverage.grids_without_worker),
            grids_without_building=gaps(coverage.grids_without_building),
            compounds_without_building=gaps(coverage.compounds_without_building),
            buildings_without_household=gaps(coverage.buildings_without_household),
        )
