"""How the use cases keep issues."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.issues.domain.issue import Issue
from services.issues.domain.place import Place
from shared.principal import Principal


class IssueStore(Protocol):
    """The issues of one community."""

    def next_number(self) -> str:
        """The number of an issue about to be added. Numbers are given out without gaps when the transaction is written, so until then
        this is a placeholder that nobody can guess; whatever carries it gets the real number at the end."""
        ...

    async def get(self, issue_id: UUID, *, seen_by: Principal | None, expected_version: int | None = None) -> Issue:
        """The issue, if this person may see it (None: the rules ask). Raises IssueNotFound or PreconditionFailed."""
        ...

    async def add(self, issue: Issue, *, origin: "Origin | None" = None) -> None:
        """Keep a new issue, with where it came from if another system had it first."""
        ...

    async def save(self, issue: Issue) -> None:
        """Keep a changed issue and what happened to it. Raises ConcurrentChange."""
        ...

    async def note(self, issue: Issue) -> None:
        """Keep what happened to an issue that it did not change: no new version, so nobody's work is outdated by it."""
        ...

    async def earlier(self, issue: Issue) -> Sequence[UUID]:
        """Issues of the same category in the same building within 90 days before this one, newest first, twenty at most. Those that
        were withdrawn or merged do not count."""
        ...

    async def twin_of(self, filed_by: UUID, category: str, text: str, place: Place, *, since: datetime) -> Issue | None:
        """The newest issue that the same program filed since then in the same words of the same building, unit and words of place.
        Holds off a second one that says so at this moment."""
        ...

    async def known_origins(self, source: str, source_ids: Sequence[str]) -> dict[str, tuple[UUID, str]]:
        """Which ids of another system came in before: source id -> (issue id, number). Holds off a second import of the same."""
        ...


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an imported issue came from. `reporter` is what that system calls its user."""

    source: str
    source_id: str
    reporter: str | None
