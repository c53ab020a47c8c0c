"""Record the figures of a community as of a date; earlier figures stay what they were."""

from dataclasses import dataclass
from uuid import UUID

from services.gateway.domain.community import Figures, Profile
from services.gateway.ports import GatewayUnitOfWork
from shared.contracts.gateway import CommunityProfileRecorded
from shared.ids import new_id
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RecordProfile:
    """New figures and who states them."""

    figures: Figures
    by: UUID


@one_transaction
async def record_profile(command: RecordProfile, uow: GatewayUnitOfWork) -> Profile:
    """Add a profile to the history and tell everybody who divides by it."""
    community = await uow.directory.community()
    profile = Profile(new_id(), command.figures, command.by, uow.now())
    await uow.profiles.add(profile)
    figures = command.figures
    await uow.publish(
        CommunityProfileRecorded(
            community_id=community.id,
            figures_as_of=figures.as_of,
            area_km2=float(figures.area_km2),
            households=figures.households,
            residents=figures.residents,
            party_members=figures.party_members,
            party_members_own=figures.party_members_own,
            party_members_on_duty=figures.party_members_on_duty,
        )
    )
    return profile
