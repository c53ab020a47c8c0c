"""Completes a place from the master data: the building says its compound and its grid, and what is given beside it must agree."""

from dataclasses import replace

from services.issues.domain.errors.filing import PlaceMismatch
from services.issues.domain.place import Place
from services.issues.ports.master_data import Directory


async def located(place: Place, directory: Directory) -> Place:
    """The place with all that is known of it. Raises UnknownBuilding, UnknownCompound, UnknownGrid and PlaceMismatch."""
    if place.building_id is None:
        if place.compound_id is not None:
            await directory.check_compound(place.compound_id, "place.compound_id")
        if place.grid_id is not None:
            await directory.check_grid(place.grid_id, "place.grid_id")
        return place
    building = await directory.building(place.building_id)
    wrong: dict[str, tuple[str, str]] = {}
    if place.compound_id not in (None, building.compound_id):
        wrong["place.compound_id"] = ("该楼栋不在这个小区", "the building is not in this compound")
    if place.grid_id not in (None, building.grid_id):
        wrong["place.grid_id"] = ("该楼栋不在这个网格", "the building is not in this grid")
    if wrong:
        raise PlaceMismatch(fields=wrong)
    return replace(place, compound_id=building.compound_id, grid_id=building.grid_id)
