"""Register households (户) behind the doors of buildings."""

from dataclasses import dataclass
from uuid import UUID

from services.gateway.domain.references import refuse_unknown
from services.gateway.domain.territory import Household
from services.gateway.ports import GatewayUnitOfWork
from shared.contracts.gateway import HouseholdRegistered
from shared.ids import new_id
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class NewHousehold:
    """One household: its door and the persons with an account who live there."""

    building_id: UUID
    unit: str
    room: str
    person_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class RegisterHouseholds:
    """All or none of them."""

    households: tuple[NewHousehold, ...]


@one_transaction
async def register_households(command: RegisterHouseholds, uow: GatewayUnitOfWork) -> list[Household]:
    """Enter households with the persons who belong to them."""
    buildings = [new.building_id for new in command.households]
    refuse_unknown("building_id", buildings, await uow.buildings.unknown(set(buildings)))
    strangers = await uow.accounts.unknown({person for new in command.households for person in new.person_ids})
    first_strangers = [next((p for p in new.person_ids if p in strangers), None) for new in command.households]
    refuse_unknown("person_ids", first_strangers, strangers)
    households = [
        Household(new_id(), new.building_id, new.unit, new.room, tuple(dict.fromkeys(new.person_ids)))
        for new in command.households
    ]
    await uow.households.add(*households)
    for household in households:
        await uow.publish(
            HouseholdRegistered(
                household_id=household.id, building_id=household.building_id, person_ids=household.person_ids
            )
        )
    return households
