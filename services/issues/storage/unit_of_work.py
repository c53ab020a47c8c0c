"""The transaction of one community in the issues service, with its stores."""

from typing import Any, Self

from services.issues.storage.directory import KnownCommunities, PostgresDirectory, PostgresMasterData
from services.issues.storage.issues import PostgresIssueStore
from services.issues.storage.meetings import PostgresMeetingStore
from shared.contracts.message import Message
from shared.database.unit_of_work import Once, UnitOfWork, UnitOfWorkFactory


class PostgresIssuesUnitOfWork(UnitOfWork):
    """Satisfies `ports.IssuesUnitOfWork`."""

    directory: PostgresDirectory

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.issues = PostgresIssueStore(self)
        self.meetings = PostgresMeetingStore(self)
        self.master_data = PostgresMasterData(self)

    async def __aenter__(self) -> Self:
        """Start anew, also when the work is done again after a deadlock."""
        self.issues.new.clear()
        return await super().__aenter__()

    async def finish(self, result: object) -> None:
        """Write new issues with their numbers, then messages and proof."""
        if self.issues.new:
            numbers = await self.issues.write_new(await self.directory.code())
            self.published[:] = [
                message.model_copy(update={"number": numbers[number]})
                if isinstance(message, Message) and (number := getattr(message, "number", None)) in numbers
                else message
                for message in self.published
            ]
        await super().finish(result)


class IssuesUnitOfWorkFactory(UnitOfWorkFactory[PostgresIssuesUnitOfWork]):
    """Builds the units of work of this service; they share what the process knows of its communities."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(PostgresIssuesUnitOfWork, *arguments, **keywords)
        self.known = KnownCommunities()

    def __call__(
        self, community: str, *, correlation_id: str, causation_id: str | None = None, once: Once | None = None
    ) -> PostgresIssuesUnitOfWork:
        """A unit of work for one community and one command."""
        uow = super().__call__(community, correlation_id=correlation_id, causation_id=causation_id, once=once)
        uow.directory = PostgresDirectory(self.database, community, self.known.of(community))
        return uow
