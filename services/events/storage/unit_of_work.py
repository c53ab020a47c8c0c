"""One transaction of events: the shared unit of work with our stores, and the short way for sign-ups."""

from functools import cached_property
from typing import Any, Self
from uuid import UUID

from services.events.storage.check_ins import PostgresCheckInStore
from services.events.storage.events import PostgresEventStore, PostgresPlaceStore
from services.events.storage.neighbourhood import PostgresNeighbourhoodStore
from services.events.storage.recollection import Recollection, Remembered, SupposedWrongly
from services.events.storage.registrations import PostgresRegistrationStore
from services.events.storage.sign_up_statement import SupposedSignUp, sign_up_in_one_statement
from shared.database.unit_of_work import Once, UnitOfWork, UnitOfWorkFactory
from shared.errors import AppError, Unavailable
from shared.http.idempotency import IdempotentRequest


class PostgresEventsUnitOfWork(UnitOfWork):
    """Satisfies `ports.EventsUnitOfWork`.

    A sign-up is first tried the short way: the use case runs on what this process remembers of the event, and all of it is written
    by one statement that checks the memory. When that comes to nothing, or when a refusal would rest on the memory, the use
    case runs again (`@one_transaction` repeats on `TryAgain`): once more on what was learned, then the long, careful way.
    """

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.recollection = Recollection()
        """Nothing remembered, unless the factory hands in what the process remembers."""
        self.careful = False
        """Nothing may be supposed any more: read, lock, decide, write."""
        self.remembered: Remembered | None = None
        """The event that this attempt supposes to be unchanged."""
        self.supposed: SupposedSignUp | None = None
        self._attempts = 0

    @cached_property
    def events(self) -> PostgresEventStore:
        """Neighbourhood events."""
        return PostgresEventStore(self)

    @cached_property
    def places(self) -> PostgresPlaceStore:
        """Places."""
        return PostgresPlaceStore(self)

    @cached_property
    def registrations(self) -> PostgresRegistrationStore:
        """Registrations."""
        return PostgresRegistrationStore(self)

    @cached_property
    def check_ins(self) -> PostgresCheckInStore:
        """Arrivals."""
        return PostgresCheckInStore(self)

    @cached_property
    def neighbourhood(self) -> PostgresNeighbourhoodStore:
        """Copy of the master data."""
        return PostgresNeighbourhoodStore(self)

    async def __aenter__(self) -> Self:
        """Start anew; two attempts may suppose something, the last one not."""
        self.remembered = self.supposed = None
        self._attempts += 1
        self.careful = self.careful or self._attempts > 2
        return await super().__aenter__()

    async def __aexit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        """Commit or roll back; what was refused on the strength of a memory is looked at again."""
        await super().__aexit__(kind, *rest)
        error = rest[0] if rest else None
        if self.remembered is not None and isinstance(error, AppError) and not isinstance(error, Unavailable):
            self.careful = True
            raise SupposedWrongly from error

    async def finish(self, result: object) -> None:
        """Write everything: a supposed sign-up in one statement, anything else as usual."""
        if self.supposed is None:
            await super().finish(result)
        else:
            await sign_up_in_one_statement(self, self.supposed, result)

    def suppose(self, event_id: UUID) -> Remembered | None:
        """What is remembered of the event, if this attempt may rest on it; from then on it does."""
        if not self.careful and self.untouched and isinstance(self.once, IdempotentRequest):
            known = self.recollection.recall(self.community, event_id)
            if known is not None and (known.event.plan.has_waitlist or not known.waits):
                self.remembered = known
        return self.remembered


class EventsUnitOfWorkFactory(UnitOfWorkFactory[PostgresEventsUnitOfWork]):
    """Builds the units of work of this service; they share what the process remembers of its events."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(PostgresEventsUnitOfWork, *arguments, **keywords)
        self.recollection = Recollection()

    def __call__(
        self, community: str, *, correlation_id: str, causation_id: str | None = None, once: Once | None = None
    ) -> PostgresEventsUnitOfWork:
        """A unit of work for one community and one command."""
        uow = super().__call__(community, correlation_id=correlation_id, causation_id=causation_id, once=once)
        uow.recollection = self.recollection
        return uow
