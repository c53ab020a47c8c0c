"""Record profile figures: keep the households and residents of the community from a date on, to divide by."""

from services.issues.ports.reports import ProfileFigures
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.transaction import one_transaction


@one_transaction
async def record_profile_figures(figures: ProfileFigures, uow: IssuesUnitOfWork) -> None:
    """Keep the figures; those of the same date are replaced."""
    await uow.reports.keep_profile(figures)
