"""The ports in memory, for unit tests. `integration/test_stores.py` proves that they behave like PostgreSQL."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self
from uuid import UUID

from services.issues.domain.category import Category
from services.issues.domain.default_categories import DEFAULT_CATEGORIES
from services.issues.domain.errors import (
    IssueNotFound,
    MeetingNotFound,
    UnknownBuilding,
    UnknownCategory,
    UnknownOrganisation,
    UnknownParticipant,
)
from services.issues.domain.history import HistoryEntry
from services.issues.domain.issue import Issue
from services.issues.domain.meeting import Meeting
from services.issues.domain.number import issue_number, number_year
from services.issues.ports import Building, CommunityProfile, Membership, Organisation, Origin
from services.issues.tests.builders import BUILDING, NOW, PEOPLE, PROPERTY, UNIT
from shared.clock import FrozenClock
from shared.contracts.message import Message
from shared.database.versioned import check_version
from shared.errors import ConcurrentChange
from shared.ids import new_id
from shared.principal import Principal
from shared.testing.principals import COMMUNITY


class MemoryIssues:
    """Satisfies `ports.IssueStore`."""

    def __init__(self) -> None:
        self.kept: dict[UUID, Issue] = {}
        self.history: dict[UUID, list[HistoryEntry]] = {}
        self.origins: dict[tuple[str, str], UUID] = {}
        self.last = 0

    def next_number(self) -> str:
        """In memory nothing fails after this, so the number is real at once."""
        self.last += 1
        return issue_number("FCC", number_year(NOW), self.last)

    async def get(self, issue_id: UUID, *, seen_by: Principal, expected_version: int | None = None) -> Issue:
        """A copy of the issue."""
        if issue_id not in self.kept:
            raise IssueNotFound
        issue = deepcopy(self.kept[issue_id])
        issue.check_visible_to(seen_by)
        check_version(issue.version, expected_version)
        return issue

    async def add(self, issue: Issue, *, origin: Origin | None = None) -> None:
        """Keep a new issue."""
        if origin is not None:
            self.origins[origin.source, origin.source_id] = issue.id
        self._keep(issue)

    async def save(self, issue: Issue) -> None:
        """Keep a changed issue."""
        known = self.kept.get(issue.id)
        if known is None:
            raise IssueNotFound
        if known.version != issue.version:
            raise ConcurrentChange
        issue.version += 1
        self._keep(issue)

    async def known_origins(self, source: str, source_ids: Sequence[str]) -> dict[str, tuple[UUID, str]]:
        """Which ids came in before."""
        found = {key: self.origins[source, key] for key in source_ids if (source, key) in self.origins}
        return {key: (issue_id, self.kept[issue_id].number) for key, issue_id in found.items()}

    def _keep(self, issue: Issue) -> None:
        self.history.setdefault(issue.id, []).extend(issue.happened)
        issue.happened.clear()
        self.kept[issue.id] = deepcopy(issue)


class MemoryMeetings:
    """Satisfies `ports.MeetingStore`."""

    def __init__(self) -> None:
        self.kept: dict[UUID, Meeting] = {}

    async def get(self, meeting_id: UUID, *, seen_by: Principal | None, expected_version: int | None = None) -> Meeting:
        """A copy of the meeting."""
        if meeting_id not in self.kept:
            raise MeetingNotFound
        meeting = deepcopy(self.kept[meeting_id])
        if seen_by is not None:
            meeting.check_visible_to(seen_by)
        check_version(meeting.version, expected_version)
        return meeting

    async def add(self, meeting: Meeting) -> None:
        """Keep a new meeting."""
        self.kept[meeting.id] = deepcopy(meeting)

    async def save(self, meeting: Meeting) -> None:
        """Keep a changed meeting."""
        if meeting.id not in self.kept:
            raise MeetingNotFound
        if self.kept[meeting.id].version != meeting.version:
            raise ConcurrentChange
        meeting.version += 1
        self.kept[meeting.id] = deepcopy(meeting)


class MemoryDirectory:
    """Satisfies `ports.Directory` and `ports.MasterData`: the community of the builders."""

    def __init__(self) -> None:
        self.categories = {category.code: category for category in DEFAULT_CATEGORIES}
        self.buildings = {BUILDING: "12号楼"}
        self.organisations = {PROPERTY: "翡翠物业", UNIT: "水集供电所"}
        self.members = {new_id(): who.person for who in PEOPLE}

    async def category(self, code: str) -> Category:
        """A shipped category."""
        if code not in self.categories:
            raise UnknownCategory(fields={"category": ("-", "-")})
        return self.categories[code]

    async def check_building(self, building_id: UUID) -> None:
        """Raise UnknownBuilding."""
        if building_id not in self.buildings:
            raise UnknownBuilding(fields={"place.building_id": ("-", "-")})

    async def check_organisation(self, organisation_id: UUID) -> None:
        """Raise UnknownOrganisation."""
        if organisation_id not in self.organisations:
            raise UnknownOrganisation(fields={"responsible_organisation": ("-", "-")})

    async def check_members(self, person_ids: Sequence[UUID]) -> None:
        """Raise UnknownParticipant."""
        wrong = [n for n, person in enumerate(person_ids) if person not in self.members.values()]
        if wrong:
            raise UnknownParticipant(fields={f"participants[{n}].person_id": ("-", "-") for n in wrong})

    async def open_community(self, community: CommunityProfile, categories: Sequence[Category]) -> None:  # noqa: ARG002
        """Give it its categories."""
        self.categories = {category.code: category for category in categories}

    async def keep_organisation(self, organisation: Organisation) -> None:
        """Keep an organisation."""
        self.organisations[organisation.id] = organisation.name

    async def keep_compound(self, compound_id: UUID, name: str) -> None:
        """No rule asks for compounds."""

    async def keep_grid(self, grid_id: UUID, name: str, worker_id: UUID | None) -> None:
        """No rule asks for grids."""

    async def keep_building(self, building: Building) -> None:
        """Keep a building."""
        self.buildings[building.id] = building.name

    async def keep_membership(self, membership: Membership) -> None:
        """Keep a member."""
        self.members[membership.id] = membership.person_id

    async def end_membership(self, membership_id: UUID, at: datetime) -> None:  # noqa: ARG002
        """Forget a member."""
        self.members.pop(membership_id, None)


@dataclass
class MemoryUnitOfWork:
    """Satisfies `ports.IssuesUnitOfWork`. Commits nothing: what a use case published and finished is there to be looked at."""

    community: str = COMMUNITY
    clock: FrozenClock = field(default_factory=lambda: FrozenClock(NOW))
    issues: MemoryIssues = field(default_factory=MemoryIssues)
    meetings: MemoryMeetings = field(default_factory=MemoryMeetings)
    directory: MemoryDirectory = field(default_factory=MemoryDirectory)
    published: list[Message] = field(default_factory=list)
    finished: int = 0

    @property
    def master_data(self) -> MemoryDirectory:
        """Reading and writing go to the same place."""
        return self.directory

    def now(self) -> datetime:
        """The frozen moment."""
        return self.clock.now()

    async def publish(self, message: Message) -> None:
        """Remember the message."""
        self.published.append(message)

    async def __aenter__(self) -> Self:
        """Begin."""
        return self

    async def __aexit__(self, *exc: object) -> None:
        """End."""

    async def finish(self, result: object) -> None:  # noqa: ARG002
        """Count."""
        self.finished += 1
