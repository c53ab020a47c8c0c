"""Open a community: from now on its residents can report; it starts with the shipped categories."""

from services.issues.domain.default_categories import DEFAULT_CATEGORIES
from services.issues.ports.master_data import CommunityProfile
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.transaction import one_transaction


@one_transaction
async def open_community(community: CommunityProfile, uow: IssuesUnitOfWork) -> None:
    """Keep the community's name and code and copy the default categories for it; its first figures are what rates divide by."""
    await uow.master_data.open_community(community, DEFAULT_CATEGORIES)
    if community.figures is not None:
        await uow.reports.keep_profile(community.figures)
