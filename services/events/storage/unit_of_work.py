"""One transaction of events: the shared unit of work with our stores."""

from functools import cached_property

from services.events.storage.check_ins import PostgresCheckInStore
from services.events.storage.events import PostgresEventStore, PostgresPlaceStore
from services.events.storage.neighbourhood import PostgresNeighbourhoodStore
from services.events.storage.registrations import PostgresRegistrationStore
from shared.database.unit_of_work import UnitOfWork


class PostgresEventsUnitOfWork(UnitOfWork):
    """Satisfies `ports.EventsUnitOfWork`."""

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
