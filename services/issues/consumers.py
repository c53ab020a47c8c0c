"""What issues listens to: the gateway's master data, of which this service keeps the copy it needs."""

from services.issues.ports.master_data import Building, CommunityProfile, Membership, Organisation
from services.issues.ports.reports import ProfileFigures
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.end_membership import end_membership
from services.issues.use_cases.move_building import MoveBuilding, move_building
from services.issues.use_cases.open_community import open_community
from services.issues.use_cases.record_building import record_building
from services.issues.use_cases.record_compound import RecordCompound, record_compound
from services.issues.use_cases.record_grid import RecordGrid, record_grid
from services.issues.use_cases.record_household import RecordHousehold, record_household
from services.issues.use_cases.record_membership import record_membership
from services.issues.use_cases.record_organisation import record_organisation
from services.issues.use_cases.record_profile_figures import record_profile_figures
from shared.contracts.gateway import (
    BuildingAdded,
    BuildingMoved,
    CommunityCreated,
    CommunityProfileRecorded,
    CompoundAdded,
    GridDrawn,
    HouseholdJoined,
    HouseholdRegistered,
    MembershipEnded,
    MembershipGranted,
    OrganisationRegistered,
)
from shared.messaging import Consumers, MessageContext

consumers = Consumers("issues")


@consumers.consumes(CommunityCreated)
async def give_a_new_community_its_categories(
    message: CommunityCreated, context: MessageContext[IssuesUnitOfWork]
) -> None:
    """A new community starts with the shipped categories and its own number code."""
    figures = ProfileFigures(message.figures_as_of, message.households, message.residents)
    await open_community(CommunityProfile(message.community_id, message.code, message.name, figures), context.uow)


@consumers.consumes(CommunityProfileRecorded)
async def remember_the_figures_of_a_date(
    message: CommunityProfileRecorded, context: MessageContext[IssuesUnitOfWork]
) -> None:
    """Rates per 1000 households or residents divide by the figures that were true at the time."""
    await record_profile_figures(
        ProfileFigures(message.figures_as_of, message.households, message.residents), context.uow
    )


@consumers.consumes(OrganisationRegistered)
async def remember_an_organisation(message: OrganisationRegistered, context: MessageContext[IssuesUnitOfWork]) -> None:
    """An organisation can be made responsible from now on."""
    await record_organisation(Organisation(message.organisation_id, message.kind, message.name), context.uow)


@consumers.consumes(CompoundAdded)
async def remember_a_compound(message: CompoundAdded, context: MessageContext[IssuesUnitOfWork]) -> None:
    """Buildings of this compound have a name to go with."""
    await record_compound(RecordCompound(message.compound_id, message.name), context.uow)


@consumers.consumes(GridDrawn)
async def remember_a_grid(message: GridDrawn, context: MessageContext[IssuesUnitOfWork]) -> None:
    """Who walks the grid in which an issue lies."""
    await record_grid(RecordGrid(message.grid_id, message.name, message.worker_id), context.uow)


@consumers.consumes(BuildingAdded)
async def remember_a_building(message: BuildingAdded, context: MessageContext[IssuesUnitOfWork]) -> None:
    """Issues can be placed at this building from now on."""
    building = Building(message.building_id, message.compound_id, message.grid_id, message.name)
    await record_building(building, context.uow)


@consumers.consumes(BuildingMoved)
async def remember_the_new_grid_of_a_building(
    message: BuildingMoved, context: MessageContext[IssuesUnitOfWork]
) -> None:
    """Its issues belong to another grid worker from now on."""
    await move_building(MoveBuilding(message.building_id, message.grid_id), context.uow)


@consumers.consumes(MembershipGranted)
async def remember_a_membership(message: MembershipGranted, context: MessageContext[IssuesUnitOfWork]) -> None:
    """The person can be asked to a meeting from now on."""
    membership = Membership(
        message.membership_id, message.person_id, message.organisation_id, message.role, message.scope
    )
    await record_membership(membership, context.uow)


@consumers.consumes(MembershipEnded)
async def forget_a_membership(message: MembershipEnded, context: MessageContext[IssuesUnitOfWork]) -> None:
    """The role no longer counts for meetings."""
    await end_membership(message.membership_id, context.uow)


@consumers.consumes(HouseholdRegistered)
async def remember_a_household(message: HouseholdRegistered, context: MessageContext[IssuesUnitOfWork]) -> None:
    """The household can answer surveys from now on, once each."""
    command = RecordHousehold(message.household_id, message.building_id, message.person_ids)
    await record_household(command, context.uow)


@consumers.consumes(HouseholdJoined)
async def remember_who_joined_a_household(message: HouseholdJoined, context: MessageContext[IssuesUnitOfWork]) -> None:
    """The person answers surveys for this household from now on."""
    await record_household(
        RecordHousehold(message.household_id, message.building_id, (message.person_id,)), context.uow
    )
