"""Close an issue that nobody confirmed: T8 is over and three call-backs were not answered. It never counts as solved."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.issue import Issue
from services.issues.domain.platform import PLATFORM
from services.issues.domain.words.issues import Verb
from services.issues.facts import publish_closed
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class CloseUnconfirmed:
    """Which issue."""

    issue_id: UUID


@one_transaction
async def close_unconfirmed(command: CloseUnconfirmed, uow: IssuesUnitOfWork) -> Issue:
    """Close it by the platform. An issue that was answered meanwhile is left alone."""
    issue = await uow.issues.get(command.issue_id, seen_by=PLATFORM)
    if issue.refusal(Verb.CLOSE, PLATFORM, uow.now()) is None:
        issue.close_unconfirmed(by=PLATFORM, at=uow.now())
        await uow.issues.save(issue)
        await publish_closed(issue, PLATFORM, uow)
    return issue
