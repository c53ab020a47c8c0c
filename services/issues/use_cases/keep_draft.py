"""Keep a draft under the id that the client made; the same again changes nothing but the time it is kept."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.draft import MOST, Draft, check_id
from services.issues.domain.errors.issues import IssueNotFound
from services.issues.domain.errors.photos import DraftIdTaken, TooManyDrafts
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction

EXPIRES = "draft_expires"
"""Timer of a draft."""


@dataclass(frozen=True, slots=True)
class KeepDraft:
    """What the person has written so far."""

    draft_id: UUID
    content: bytes
    by: Principal


@one_transaction
async def keep_draft(command: KeepDraft, uow: IssuesUnitOfWork) -> Draft:
    """Keep it, in place of what was there."""
    person, now = command.by.person, uow.now()
    await uow.drafts.lock(person)
    known = await uow.drafts.get(command.draft_id)
    if known is None:
        check_id(command.draft_id, now)
        await _check_free(command.draft_id, uow)
        if await uow.drafts.count(person) >= MOST:
            raise TooManyDrafts
    elif known.person != person:
        raise DraftIdTaken
    draft = Draft(command.draft_id, person, command.content, known.created_at if known else now, now)
    await uow.drafts.keep(draft)
    await uow.timers.set(EXPIRES, draft.id, draft.expires_at)
    return draft


async def _check_free(draft_id: UUID, uow: IssuesUnitOfWork) -> None:
    try:
        await uow.issues.get(draft_id, seen_by=None)
    except IssueNotFound:
        return
    raise DraftIdTaken
