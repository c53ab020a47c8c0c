"""A unit of work in memory."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from services.issues.place_codes import SignedPlaceCodes
from services.issues.tests.builders import NOW
from services.issues.tests.memory.attendance import (
    MemoryAttendance,
    MemoryMeetingRules,
    MemoryRoster,
)
from services.issues.tests.memory.categories import MemoryCategoryBook
from services.issues.tests.memory.clocks import MemoryClockRules, MemoryIssueClocks
from services.issues.tests.memory.contacts import MemoryContacts
from services.issues.tests.memory.directory import MemoryDirectory
from services.issues.tests.memory.following import MemoryFollowers
from services.issues.tests.memory.issues import MemoryIssues
from services.issues.tests.memory.jobs import MemoryJobs
from services.issues.tests.memory.mediations import MemoryMediations
from services.issues.tests.memory.meetings import MemoryMeetings
from services.issues.tests.memory.minutes import MemoryMinutes, MemoryProposals
from services.issues.tests.memory.patrols import MemoryPatrols
from services.issues.tests.memory.photos import MemoryDrafts, MemoryPhotoFiles, MemoryPhotos
from services.issues.tests.memory.reports import MemoryReports
from services.issues.tests.memory.routing import MemoryRouting
from services.issues.tests.memory.search import MemorySearchIndex
from services.issues.tests.memory.series import MemoryCalendarLinks, MemorySeries
from services.issues.tests.memory.surveys import MemoryHouseholds, MemorySurveys
from services.issues.tests.memory.whistles import MemoryWhistles
from services.issues.tests.memory.work import MemoryWork
from shared.clock import FrozenClock
from shared.contracts.message import Message
from shared.testing.principals import COMMUNITY
from shared.testing.timers import MemoryTimers


@dataclass
class MemoryUnitOfWork:
    """Satisfies `ports.IssuesUnitOfWork`. Commits nothing: what a use case published and finished is there to be looked at."""

    community: str = COMMUNITY
    clock: FrozenClock = field(default_factory=lambda: FrozenClock(NOW))
    issues: MemoryIssues = field(default_factory=MemoryIssues)
    meetings: MemoryMeetings = field(default_factory=MemoryMeetings)
    series: MemorySeries = field(default_factory=MemorySeries)
    calendar_links: MemoryCalendarLinks = field(default_factory=MemoryCalendarLinks)
    proposals: MemoryProposals = field(default_factory=MemoryProposals)
    roster: MemoryRoster = field(default_factory=MemoryRoster)
    meeting_rules: MemoryMeetingRules = field(default_factory=MemoryMeetingRules)
    contacts: MemoryContacts = field(default_factory=MemoryContacts)
    directory: MemoryDirectory = field(default_factory=MemoryDirectory)
    photos: MemoryPhotos = field(default_factory=MemoryPhotos)
    photo_files: MemoryPhotoFiles = field(default_factory=MemoryPhotoFiles)
    drafts: MemoryDrafts = field(default_factory=MemoryDrafts)
    patrols: MemoryPatrols = field(default_factory=MemoryPatrols)
    surveys: MemorySurveys = field(default_factory=MemorySurveys)
    households: MemoryHouseholds = field(default_factory=MemoryHouseholds)
    search_index: MemorySearchIndex = field(default_factory=MemorySearchIndex)
    whistles: MemoryWhistles = field(default_factory=MemoryWhistles)
    mediations: MemoryMediations = field(default_factory=MemoryMediations)
    place_codes: SignedPlaceCodes = field(default_factory=lambda: SignedPlaceCodes(b"for tests"))
    timers: MemoryTimers = field(default_factory=MemoryTimers)
    published: list[Message] = field(default_factory=list)
    finished: int = 0

    def __post_init__(self) -> None:
        """Stores that look at others."""
        self.issues.timers = self.timers
        self.clocks = MemoryIssueClocks(self.issues)
        self.clock_rules = MemoryClockRules()
        self.followers = MemoryFollowers(self.issues)
        self.work = MemoryWork()
        self.categories = MemoryCategoryBook(self.directory)
        self.routing = MemoryRouting(self.issues, self.directory)
        self.minutes = MemoryMinutes(self.meetings)
        self.attendance = MemoryAttendance(self.meetings)
        self.reports = MemoryReports(self.issues)
        self.jobs = MemoryJobs()

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
