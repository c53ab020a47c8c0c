"""What events listens to: the gateway's master data, kept as a copy for counting households and buildings."""

from typing import Any

from services.events.domain.neighbourhood import Building, Figures
from services.events.use_cases.join_household import JoinHousehold, join_household
from services.events.use_cases.move_building import MoveBuilding, move_building
from services.events.use_cases.record_building import RecordBuilding, record_building
from services.events.use_cases.record_figures import RecordFigures, record_figures
from services.events.use_cases.record_household import RecordHousehold, record_household
from shared.contracts.gateway import (
    BuildingAdded,
    BuildingMoved,
    CommunityCreated,
    CommunityProfileRecorded,
    HouseholdJoined,
    HouseholdRegistered,
)
from shared.messaging.consumers import Consumers, MessageContext

consumers = Consumers("events")


@consumers.consumes(CommunityCreated)
async def note_first_figures(message: CommunityCreated, context: MessageContext[Any]) -> None:
    """A new community comes with its size: the denominator of its first rates."""
    figures = Figures(message.figures_as_of, message.households, message.residents)
    await record_figures(RecordFigures(figures), context.uow)


@consumers.consumes(CommunityProfileRecorded)
async def note_later_figures(message: CommunityProfileRecorded, context: MessageContext[Any]) -> None:
    """The size of a community as of another day; rates about earlier events keep their own."""
    figures = Figures(message.figures_as_of, message.households, message.residents)
    await record_figures(RecordFigures(figures), context.uow)


@consumers.consumes(BuildingAdded)
async def note_building(message: BuildingAdded, context: MessageContext[Any]) -> None:
    """A building whose neighbours may meet at events."""
    building = Building(message.building_id, message.compound_id, message.grid_id, message.name)
    await record_building(RecordBuilding(building), context.uow)


@consumers.consumes(BuildingMoved)
async def note_new_grid(message: BuildingMoved, context: MessageContext[Any]) -> None:
    """Grids were redrawn."""
    await move_building(MoveBuilding(message.building_id, message.grid_id), context.uow)


@consumers.consumes(HouseholdRegistered)
async def note_household(message: HouseholdRegistered, context: MessageContext[Any]) -> None:
    """Who lives together, and where."""
    command = RecordHousehold(message.household_id, message.building_id, message.person_ids)
    await record_household(command, context.uow)


@consumers.consumes(HouseholdJoined)
async def note_new_member(message: HouseholdJoined, context: MessageContext[Any]) -> None:
    """One more person belongs to a household."""
    await join_household(JoinHousehold(message.household_id, message.building_id, message.person_id), context.uow)
