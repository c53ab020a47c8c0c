"""Record an organisation: keep the copy of who takes part in the community."""

from services.issues.ports.master_data import Organisation
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.transaction import one_transaction


@one_transaction
async def record_organisation(organisation: Organisation, uow: IssuesUnitOfWork) -> None:
    """Keep an organisation, or its new name."""
    await uow.master_data.keep_organisation(organisation)
