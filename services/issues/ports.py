"""What the use cases need of the outside world, as Protocols. Storage fulfils them with PostgreSQL, unit tests in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.issues.domain.category import Category
from services.issues.domain.issue import Issue
from services.issues.domain.meeting import Meeting
from shared.contracts.message import Message
from shared.principal import Principal
from shared.transaction import Transaction


class IssueStore(Protocol):
    """The issues of one community."""

    def next_number(self) -> str:
        """The number of an issue about to be added. Numbers are given out without gaps when the transaction is written, so until then
        this is a placeholder that nobody can guess; whatever carries it gets the real number at the end."""
        ...

    async def get(self, issue_id: UUID, *, seen_by: Principal, expected_version: int | None = None) -> Issue:
        """The issue, if this person may see it. Raises IssueNotFound or PreconditionFailed."""
        ...

    async def add(self, issue: Issue, *, origin: "Origin | None" = None) -> None:
        """Keep a new issue, with where it came from if another system had it first."""
        ...

    async def save(self, issue: Issue) -> None:
        """Keep a changed issue and what happened to it. Raises ConcurrentChange."""
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


class MeetingStore(Protocol):
    """The meetings of one community, with participants and agenda."""

    async def get(self, meeting_id: UUID, *, seen_by: Principal | None, expected_version: int | None = None) -> Meeting:
        """The meeting, if this person may see it (None: the rules ask). Raises MeetingNotFound or PreconditionFailed."""
        ...

    async def add(self, meeting: Meeting) -> None:
        """Keep a new meeting."""
        ...

    async def save(self, meeting: Meeting) -> None:
        """Keep a changed meeting with its items. Raises ConcurrentChange."""
        ...


class Directory(Protocol):
    """This service's copy of who and what there is in the community, for reading."""

    async def category(self, code: str) -> Category:
        """A category of this community. Raises UnknownCategory."""
        ...

    async def check_building(self, building_id: UUID) -> None:
        """Raise UnknownBuilding if the community has no such building."""
        ...

    async def check_organisation(self, organisation_id: UUID) -> None:
        """Raise UnknownOrganisation if the organisation takes no part in the community."""
        ...

    async def check_members(self, person_ids: Sequence[UUID]) -> None:
        """Raise UnknownParticipant if one of them holds no role in the community."""
        ...


class MasterData(Protocol):
    """The same copy, for writing: fed by the gateway's messages."""

    async def open_community(self, community: "CommunityProfile", categories: Sequence[Category]) -> None:
        """Keep the community's name and code and give it its categories; a second time changes nothing but the profile."""
        ...

    async def keep_organisation(self, organisation: "Organisation") -> None:
        """Keep an organisation, or its new name."""
        ...

    async def keep_compound(self, compound_id: UUID, name: str) -> None:
        """Keep a compound, or its new name."""
        ...

    async def keep_grid(self, grid_id: UUID, name: str, worker_id: UUID | None) -> None:
        """Keep a grid, or its new worker."""
        ...

    async def keep_building(self, building: "Building") -> None:
        """Keep a building, or its new name or grid."""
        ...

    async def keep_membership(self, membership: "Membership") -> None:
        """Keep who holds which role through which organisation."""
        ...

    async def end_membership(self, membership_id: UUID, at: datetime) -> None:
        """Note that a role is no longer held."""
        ...


@dataclass(frozen=True, slots=True)
class CommunityProfile:
    """What issues must know of a community."""

    id: UUID
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation that takes part in the community."""

    id: UUID
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Building:
    """A building with its compound and its grid."""

    id: UUID
    compound_id: UUID
    grid_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Membership:
    """A role of a person, through an organisation or as a resident."""

    id: UUID
    person_id: UUID
    organisation_id: UUID | None
    role: str
    scope: dict[str, str] = field(default_factory=dict)


class IssuesUnitOfWork(Transaction, Protocol):
    """One transaction of one community, as the use cases of this service see it."""

    @property
    def community(self) -> str:
        """Key of the community."""
        ...

    @property
    def issues(self) -> IssueStore:
        """Its issues."""
        ...

    @property
    def meetings(self) -> MeetingStore:
        """Its meetings."""
        ...

    @property
    def directory(self) -> Directory:
        """Its categories, buildings, organisations and members."""
        ...

    @property
    def master_data(self) -> MasterData:
        """The same, for the consumers that keep it."""
        ...

    def now(self) -> datetime:
        """The present moment, UTC."""
        ...

    async def publish(self, message: Message) -> None:
        """Let the others know, if and when this transaction commits."""
        ...
