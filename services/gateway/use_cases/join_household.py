"""Let a person belong to a household."""

from dataclasses import dataclass
from uuid import UUID

from services.gateway.domain.references import refuse_unknown
from services.gateway.domain.territory import Household
from services.gateway.ports import GatewayUnitOfWork
from shared.contracts.gateway import HouseholdJoined
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class JoinHousehold:
    """Who joins which household."""

    household_id: UUID
    person_id: UUID
    expected_version: int | None = None


@one_transaction
async def join_household(command: JoinHousehold, uow: GatewayUnitOfWork) -> Household:
    """Add the person to the household; joining twice changes nothing."""
    household = await uow.households.get(command.household_id, command.expected_version)
    refuse_unknown("person_id", [command.person_id], await uow.accounts.unknown({command.person_id}))
    if household.join(command.person_id):
        await uow.households.save(household)
        await uow.publish(
            HouseholdJoined(household_id=household.id, building_id=household.building_id, person_id=command.person_id)
        )
    return household
