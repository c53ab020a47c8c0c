"""Send a draft: it becomes the issue with the same id and keeps its photos. Sent twice, it is still one issue."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from services.issues.domain.errors.issues import IssueNotFound
from services.issues.domain.errors.photos import DraftNotFound
from services.issues.domain.issue import Issue
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.keep_draft import EXPIRES
from services.issues.use_cases.put_issue_on_record import ReportIssue, put_issue_on_record
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class SubmitDraft:
    """Which draft; `read` turns what the client wrote into a report, or refuses it naming what is missing."""

    draft_id: UUID
    by: Principal
    read: Callable[[bytes], ReportIssue]


@one_transaction
async def submit_draft(command: SubmitDraft, uow: IssuesUnitOfWork) -> Issue:
    """Put it on record, or answer the issue that it became before."""
    await uow.drafts.lock(command.by.person)
    draft = await uow.drafts.get(command.draft_id)
    if draft is None or draft.person != command.by.person:
        return await _submitted_before(command, uow)
    await uow.photos.lock(draft.id)  # a photo that comes in at this moment is in, or finds no draft any more
    report = replace(command.read(draft.content), issue_id=draft.id)
    issue = await put_issue_on_record(report, uow)
    await uow.drafts.remove(draft.id)
    await uow.timers.cancel(EXPIRES, draft.id)
    return issue


async def _submitted_before(command: SubmitDraft, uow: IssuesUnitOfWork) -> Issue:
    try:
        issue = await uow.issues.get(command.draft_id, seen_by=command.by)
    except IssueNotFound:
        raise DraftNotFound from None
    if command.by.person not in (issue.reported_by, issue.filing.filed_by):
        raise DraftNotFound
    return issue
