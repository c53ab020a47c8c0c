"""Tables of events and the stores that use cases see."""

from services.events.storage.unit_of_work import EventsUnitOfWorkFactory, PostgresEventsUnitOfWork

__all__ = ["EventsUnitOfWorkFactory", "PostgresEventsUnitOfWork"]
