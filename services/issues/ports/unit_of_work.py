"""The transaction of a use case, with its stores."""

from datetime import datetime
from typing import Protocol

from services.issues.ports.attendance import AttendanceStore
from services.issues.ports.categories import CategoryBook
from services.issues.ports.clocks import ClockRuleStore, IssueClocks
from services.issues.ports.contacts import ContactStore
from services.issues.ports.following import FollowerStore
from services.issues.ports.issues import IssueStore
from services.issues.ports.jobs import JobStore
from services.issues.ports.master_data import Directory, MasterData
from services.issues.ports.mediations import MediationStore
from services.issues.ports.meetings import MeetingStore
from services.issues.ports.minutes import MinutesStore, ProposalStore
from services.issues.ports.patrols import PatrolStore
from services.issues.ports.photos import DraftStore, PhotoFiles, PhotoStore
from services.issues.ports.reports import ReportStore
from services.issues.ports.roster import MeetingRules, RosterStore
from services.issues.ports.routing import RoutingStore
from services.issues.ports.search import SearchIndex
from services.issues.ports.series import CalendarLinks, SeriesStore
from services.issues.ports.surveys import Households, SurveyStore
from services.issues.ports.whistles import PlaceCodes, WhistleStore
from services.issues.ports.work import WorkStore
from shared.contracts.message import Message
from shared.timers.port import TimerStore
from shared.transaction import Transaction


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
    def categories(self) -> CategoryBook:
        """Its tree of categories, for changing it."""
        ...

    @property
    def contacts(self) -> ContactStore:
        """How to reach those concerned."""
        ...

    @property
    def photos(self) -> PhotoStore:
        """Photos of its issues and drafts."""
        ...

    @property
    def photo_files(self) -> PhotoFiles:
        """Where their files lie."""
        ...

    @property
    def drafts(self) -> DraftStore:
        """What people have written and not yet sent."""
        ...

    @property
    def followers(self) -> FollowerStore:
        """Who joined which issue."""
        ...

    @property
    def work(self) -> WorkStore:
        """Who works on which issue beside the lead."""
        ...

    @property
    def routing(self) -> RoutingStore:
        """Which unit answers for what."""
        ...

    @property
    def meetings(self) -> MeetingStore:
        """Its meetings."""
        ...

    @property
    def series(self) -> SeriesStore:
        """Its series of meetings."""
        ...

    @property
    def calendar_links(self) -> CalendarLinks:
        """Secret addresses for calendar programs."""
        ...

    @property
    def minutes(self) -> MinutesStore:
        """The minutes of its meetings."""
        ...

    @property
    def proposals(self) -> ProposalStore:
        """Topics that people propose for its meetings."""
        ...

    @property
    def roster(self) -> RosterStore:
        """Who sits at every meeting of a kind."""
        ...

    @property
    def meeting_rules(self) -> MeetingRules:
        """What it decided about its meetings."""
        ...

    @property
    def attendance(self) -> AttendanceStore:
        """Who came to its meetings."""
        ...

    @property
    def whistles(self) -> WhistleStore:
        """Its whistles."""
        ...

    @property
    def mediations(self) -> MediationStore:
        """Its mediations."""
        ...

    @property
    def place_codes(self) -> PlaceCodes:
        """Codes that prove a presence at a place."""
        ...

    @property
    def reports(self) -> ReportStore:
        """Its counts."""
        ...

    @property
    def jobs(self) -> JobStore:
        """Its long work."""
        ...

    @property
    def directory(self) -> Directory:
        """Its categories, buildings, organisations and members."""
        ...

    @property
    def master_data(self) -> MasterData:
        """The same, for the consumers that keep it."""
        ...

    @property
    def patrols(self) -> PatrolStore:
        """Its patrols."""
        ...

    @property
    def surveys(self) -> SurveyStore:
        """Its surveys."""
        ...

    @property
    def households(self) -> Households:
        """Who lives in which household."""
        ...

    @property
    def clocks(self) -> IssueClocks:
        """The clocks of its issues."""
        ...

    @property
    def clock_rules(self) -> ClockRuleStore:
        """Versions of the rules of clocks and of the working calendar."""
        ...

    @property
    def timers(self) -> TimerStore:
        """What is to happen by time; `services/issues/timers.py` says what."""
        ...

    @property
    def search_index(self) -> SearchIndex:
        """Its index of the search."""
        ...

    def now(self) -> datetime:
        """The present moment, UTC."""
        ...

    async def publish(self, message: Message) -> None:
        """Let the others know, if and when this transaction commits."""
        ...
