"""Index issues: bring what was written since into the search, a bite at a time. Run in the background, once per community."""

from dataclasses import dataclass

from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class IndexIssues:
    """At most `limit` in one transaction."""

    limit: int = 200


@one_transaction
async def index_issues(command: IndexIssues, uow: IssuesUnitOfWork) -> int:
    """Index what waits, else a bite of what is older than the index; returns how many issues."""
    documents = await uow.search_index.take_changed(command.limit) or await uow.search_index.take_older(command.limit)
    if documents:
        await uow.search_index.add(documents)
    return len(documents)
