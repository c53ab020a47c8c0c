"""Throw a draft away with its photos: its person does it, or nobody touched it for thirty days."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.errors.photos import DraftNotFound
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.delete_photo_file import PHOTO_FILE
from services.issues.use_cases.keep_draft import EXPIRES
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class DiscardDraft:
    """Which draft. `by` is None when its time is over."""

    draft_id: UUID
    by: Principal | None = None


@one_transaction
async def discard_draft(command: DiscardDraft, uow: IssuesUnitOfWork) -> None:
    """Forget it; the files go once this is sure."""
    draft = await uow.drafts.get(command.draft_id)
    if draft is not None:
        await uow.drafts.lock(draft.person)
        draft = await uow.drafts.get(command.draft_id)
    if draft is None or (command.by is not None and draft.person != command.by.person):
        if command.by is None:
            return
        raise DraftNotFound
    now = uow.now()
    if command.by is None and draft.expires_at > now:
        return
    await uow.photos.lock(draft.id)
    for photo in await uow.photos.of(draft.id):
        await uow.photos.remove(photo)
        await uow.timers.set(PHOTO_FILE, draft.id, now, photo.file)
    await uow.drafts.remove(draft.id)
    await uow.timers.cancel(EXPIRES, draft.id)
