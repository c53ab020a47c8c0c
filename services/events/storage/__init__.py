"""Tables of events and the stores that use cases see."""

from services.events.storage.unit_of_work import PostgresEventsUnitOfWork

__all__ = ["PostgresEventsUnitOfWork"]
