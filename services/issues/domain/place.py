"""Where a matter is: compound, grid, building, unit, words, or several of them. Communities know buildings, not coordinates."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.errors.issues import PlaceMissing


@dataclass(frozen=True, slots=True)
class Place:
    """A known place, a description, or both; never neither. A unit (单元) and a floor are those of a building."""

    building_id: UUID | None = None
    text: str | None = None
    compound_id: UUID | None = None
    grid_id: UUID | None = None
    unit: str | None = None
    floor: int | None = None

    def __post_init__(self) -> None:
        if not self.text and self.building_id is None and self.compound_id is None and self.grid_id is None:
            raise PlaceMissing(
                "请选择楼栋或填写地点",
                "Choose a building or describe the place",
                fields={"place": ("请选择楼栋或填写地点", "choose a building or describe the place")},
            )
        if self.building_id is None and (self.unit is not None or self.floor is not None):
            raise PlaceMissing(
                "填写单元或楼层时请选择楼栋",
                "A unit or a floor needs its building",
                fields={"place.building_id": ("填写单元或楼层时必须选择", "needed with a unit or a floor")},
            )
