"""The transaction of one community in the issues service, with its stores."""

from typing import Any, Self

from services.issues.ports.photos import PhotoFiles
from services.issues.ports.whistles import PlaceCodes
from services.issues.storage.attendance import PostgresAttendanceStore
from services.issues.storage.categories import PostgresCategoryBook
from services.issues.storage.clock_rules import KnownAlmanac, PostgresClockRules
from services.issues.storage.clocks import PostgresIssueClocks
from services.issues.storage.contacts import PostgresContacts
from services.issues.storage.directory import KnownCommunities, PostgresDirectory
from services.issues.storage.drafts import PostgresDrafts
from services.issues.storage.following import PostgresFollowerStore
from services.issues.storage.households import PostgresHouseholds
from services.issues.storage.issues import PostgresIssueStore
from services.issues.storage.jobs import PostgresJobStore
from services.issues.storage.master_data import PostgresMasterData
from services.issues.storage.mediations import PostgresMediationStore
from services.issues.storage.meetings import PostgresMeetingStore
from services.issues.storage.minutes import PostgresMinutesStore, PostgresProposalStore
from services.issues.storage.patrols import PostgresPatrolStore
from services.issues.storage.photos import PostgresPhotos
from services.issues.storage.report_statement import report_in_one_statement
from services.issues.storage.reports import PostgresReportStore
from services.issues.storage.roster import PostgresMeetingRules, PostgresRosterStore
from services.issues.storage.routing import PostgresRoutingStore
from services.issues.storage.search_index import PostgresSearchIndex
from services.issues.storage.series import PostgresCalendarLinks, PostgresSeriesStore
from services.issues.storage.surveys import PostgresSurveyStore
from services.issues.storage.whistles import PostgresWhistleStore
from services.issues.storage.work import PostgresWorkStore
from shared.contracts.message import Message
from shared.database.unit_of_work import Once, UnitOfWork, UnitOfWorkFactory
from shared.http.idempotency import IdempotentRequest
from shared.security.sealing import Seal
from shared.timers.store import PostgresTimers


class PostgresIssuesUnitOfWork(UnitOfWork):
    """Satisfies `ports.IssuesUnitOfWork`."""

    directory: PostgresDirectory
    place_codes: PlaceCodes
    contacts: PostgresContacts
    mediations: PostgresMediationStore
    drafts: PostgresDrafts
    photo_files: PhotoFiles

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.timers = PostgresTimers(self)
        self.clock_rules = PostgresClockRules(self)
        self.clocks = PostgresIssueClocks(self, self.clock_rules, self.timers)
        self.issues = PostgresIssueStore(self, self.clocks)
        self.followers = PostgresFollowerStore(self)
        self.meetings = PostgresMeetingStore(self)
        self.work = PostgresWorkStore(self)
        self.routing = PostgresRoutingStore(self)
        self.minutes = PostgresMinutesStore(self)
        self.proposals = PostgresProposalStore(self)
        self.series = PostgresSeriesStore(self)
        self.calendar_links = PostgresCalendarLinks(self)
        self.roster = PostgresRosterStore(self)
        self.meeting_rules = PostgresMeetingRules(self)
        self.attendance = PostgresAttendanceStore(self)
        self.reports = PostgresReportStore(self)
        self.jobs = PostgresJobStore(self)
        self.master_data = PostgresMasterData(self)
        self.photos = PostgresPhotos(self)
        self.patrols = PostgresPatrolStore(self)
        self.search_index = PostgresSearchIndex(self)
        self.categories = PostgresCategoryBook(self, self.master_data)
        self.surveys = PostgresSurveyStore(self)
        self.households = PostgresHouseholds(self)
        self.whistles = PostgresWhistleStore(self)

    async def __aenter__(self) -> Self:
        """Start anew, also when the work is done again after a deadlock."""
        self.issues.new.clear()
        self.master_data.changed = False
        return await super().__aenter__()

    async def __aexit__(self, kind: type[BaseException] | None, /, *rest: object) -> None:
        """End; what this process has seen of the community is looked up again if this transaction changed it."""
        await super().__aexit__(kind, *rest)
        if self.master_data.changed:
            self.directory.forget()

    async def finish(self, result: object) -> None:
        """Write new issues with their numbers, then messages and proof: in one statement if a report is all there is."""
        if self._is_a_single_report():
            first_look = await self.clocks.first_look(self.issues.new[0].issue)
            if await report_in_one_statement(self, await self.directory.code(), first_look, result):
                return
            await self._begin_after_all()  # the key is known: the claim answers with what was stored, or refuses
        if self.issues.new:
            numbers = await self.issues.write_new(await self.directory.code())
            self.published[:] = [
                message.model_copy(update={"number": numbers[number]})
                if isinstance(message, Message) and (number := getattr(message, "number", None)) in numbers
                else message
                for message in self.published
            ]
        await super().finish(result)

    def _is_a_single_report(self) -> bool:
        return (
            self._connection is None
            and isinstance(self.once, IdempotentRequest)
            and len(self.issues.new) == len(self.published) == 1
            and self.issues.new[0].origin is None
        )

    async def _begin_after_all(self) -> None:
        """Begin a transaction although the one statement was tried: it broke and left nothing behind."""
        self._in_one_statement = False
        await self.connection()


class IssuesUnitOfWorkFactory(UnitOfWorkFactory[PostgresIssuesUnitOfWork]):
    """Builds the units of work of this service; they share what the process knows of its communities."""

    def __init__(
        self, *arguments: Any, place_codes: PlaceCodes, seal: Seal, photo_files: PhotoFiles, **keywords: Any
    ) -> None:
        super().__init__(PostgresIssuesUnitOfWork, *arguments, **keywords)
        self.seal = seal
        self.photo_files = photo_files
        self.known = KnownCommunities()
        self._place_codes = place_codes
        self.almanacs: dict[str, KnownAlmanac] = {}

    def __call__(
        self, community: str, *, correlation_id: str, causation_id: str | None = None, once: Once | None = None
    ) -> PostgresIssuesUnitOfWork:
        """A unit of work for one community and one command."""
        uow = super().__call__(community, correlation_id=correlation_id, causation_id=causation_id, once=once)
        uow.directory = PostgresDirectory(self.database, community, self.known.of(community))
        uow.place_codes = self._place_codes
        uow.contacts = PostgresContacts(uow, self.seal)
        uow.mediations = PostgresMediationStore(uow, self.seal)
        uow.drafts = PostgresDrafts(uow, self.seal)
        uow.photo_files = self.photo_files
        uow.clocks.known = self.almanacs.setdefault(community, KnownAlmanac())
        return uow
