"""Bring an issue before the subdistrict: far beyond its time, or a whistle was missed. From here its officers see it."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.issue import Issue
from services.issues.domain.platform import PLATFORM
from services.issues.domain.words.issues import BroughtUp, Verb
from services.issues.facts import about
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import IssueBroughtUp
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class BringBeforeSubdistrict:
    """Which issue, and why."""

    issue_id: UUID
    why: BroughtUp


@one_transaction
async def bring_before_subdistrict(command: BringBeforeSubdistrict, uow: IssuesUnitOfWork) -> Issue:
    """Let the subdistrict see it. An issue that is finished or lies there already is left alone."""
    return await bring_up(command, uow)


async def bring_up(command: BringBeforeSubdistrict, uow: IssuesUnitOfWork) -> Issue:
    """The same inside a transaction that does something else as well."""
    issue = await uow.issues.get(command.issue_id, seen_by=PLATFORM)
    if issue.refusal(Verb.BRING_UP, PLATFORM, uow.now()) is None:
        issue.bring_up(why=command.why, by=PLATFORM, at=uow.now())
        await uow.issues.save(issue)
        await uow.publish(IssueBroughtUp(**about(issue), why=command.why))
    return issue
