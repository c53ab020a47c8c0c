"""Where a matter is: a building of the community, words, or both. Communities know buildings, not coordinates."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.errors.issues import PlaceMissing


@dataclass(frozen=True, slots=True)
class Place:
    """A building, a description, or both; never neither."""

    building_id: UUID | None = None
    text: str | None = None

    def __post_init__(self) -> None:
        if self.building_id is None and not self.text:
            raise PlaceMissing(
                "请选择楼栋或填写地点",
                "Choose a building or describe the place",
                fields={"place": ("请选择楼栋或填写地点", "choose a building or describe the place")},
            )
