"""How the use cases keep photos and drafts."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from services.issues.domain.draft import Draft
from services.issues.domain.photo import Photo
from services.issues.domain.words.photos import PhotoKind


class PhotoFiles(Protocol):
    """Where the files of photos lie. Raises PhotoFilesUnavailable."""

    async def put(self, file: str, photo: bytes, thumbnail: bytes) -> None:
        """Keep a photo and its thumbnail."""
        ...

    async def get(self, file: str, *, thumbnail: bool) -> bytes:
        """Read one of the two. Raises PhotoNotFound."""
        ...

    async def delete(self, file: str) -> None:
        """Remove both. Nothing happens when they are not there."""
        ...


class PhotoStore(Protocol):
    """What is kept of the photos of one community beside their files."""

    async def lock(self, issue_id: UUID) -> None:
        """Let others who change photos of this issue or draft wait until this transaction ends."""
        ...

    async def of(self, issue_id: UUID) -> Sequence[Photo]:
        """The photos of an issue or draft, in order."""
        ...

    async def at(self, issue_id: UUID, kind: PhotoKind, position: int) -> Photo | None:
        """The photo in one place."""
        ...

    async def add(self, photo: Photo) -> None:
        """Keep a photo."""
        ...

    async def remove(self, photo: Photo) -> None:
        """Forget a photo of a draft."""
        ...


class DraftStore(Protocol):
    """The drafts of one community, sealed."""

    async def lock(self, person: UUID) -> None:
        """Let other changes to drafts of this person wait until this transaction ends."""
        ...

    async def get(self, draft_id: UUID) -> Draft | None:
        """A draft, whosever it is."""
        ...

    async def count(self, person: UUID) -> int:
        """How many a person has."""
        ...

    async def keep(self, draft: Draft) -> None:
        """Keep a draft in place of what was there. Raises DraftIdTaken when it is somebody else's."""
        ...

    async def remove(self, draft_id: UUID) -> None:
        """Throw a draft away."""
        ...
