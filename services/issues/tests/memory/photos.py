"""Photos, their files and drafts in memory."""

from collections.abc import Sequence
from uuid import UUID

from services.issues.domain.draft import Draft
from services.issues.domain.errors.photos import DraftIdTaken, PhotoNotFound
from services.issues.domain.photo import Photo
from services.issues.domain.words.photos import PhotoKind


class MemoryPhotos:
    """Satisfies `ports.PhotoStore`."""

    def __init__(self) -> None:
        self.kept: list[Photo] = []

    async def lock(self, issue_id: UUID) -> None:
        """Nobody else is here."""

    async def of(self, issue_id: UUID) -> Sequence[Photo]:
        """Those of one issue or draft."""
        return [photo for photo in self.kept if photo.issue_id == issue_id]

    async def at(self, issue_id: UUID, kind: PhotoKind, position: int) -> Photo | None:
        """The photo in one place."""
        found = [it for it in await self.of(issue_id) if (it.kind, it.position) == (kind, position)]
        return found[0] if found else None

    async def add(self, photo: Photo) -> None:
        """Keep."""
        self.kept.append(photo)

    async def remove(self, photo: Photo) -> None:
        """Forget."""
        self.kept.remove(photo)


class MemoryPhotoFiles:
    """Satisfies `ports.PhotoFiles`."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[bytes, bytes]] = {}

    async def put(self, file: str, photo: bytes, thumbnail: bytes) -> None:
        """Keep."""
        self.kept[file] = (photo, thumbnail)

    async def get(self, file: str, *, thumbnail: bool) -> bytes:
        """Read."""
        if file not in self.kept:
            raise PhotoNotFound
        return self.kept[file][int(thumbnail)]

    async def delete(self, file: str) -> None:
        """Remove."""
        self.kept.pop(file, None)


class MemoryDrafts:
    """Satisfies `ports.DraftStore`."""

    def __init__(self) -> None:
        self.kept: dict[UUID, Draft] = {}

    async def lock(self, person: UUID) -> None:
        """Nobody else is here."""

    async def get(self, draft_id: UUID) -> Draft | None:
        """A draft."""
        return self.kept.get(draft_id)

    async def count(self, person: UUID) -> int:
        """How many a person has."""
        return sum(1 for draft in self.kept.values() if draft.person == person)

    async def keep(self, draft: Draft) -> None:
        """Keep."""
        if draft.id in self.kept and self.kept[draft.id].person != draft.person:
            raise DraftIdTaken
        self.kept[draft.id] = draft

    async def remove(self, draft_id: UUID) -> None:
        """Throw away."""
        self.kept.pop(draft_id, None)
