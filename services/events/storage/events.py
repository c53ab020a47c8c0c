"""Events and their places on PostgreSQL."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import RowMapping, insert, select, update

from services.events.domain.errors import EventNotFound
from services.events.domain.event import EventKind, EventState, NeighbourhoodEvent, Plan
from services.events.domain.places import Places
from services.events.storage.tables import event_places, events
from shared.database.unit_of_work import UnitOfWork
from shared.database.versioned import save_versioned
from shared.expected_version import check_version

if TYPE_CHECKING:
    from services.events.storage.unit_of_work import PostgresEventsUnitOfWork


class PostgresEventStore:
    """Satisfies `ports.EventStore`."""

    def __init__(self, uow: "PostgresEventsUnitOfWork") -> None:
        self._uow = uow

    async def add(self, event: NeighbourhoodEvent) -> None:
        """Keep a new event."""
        row = {"community": self._uow.community, "id": event.id, "version": event.version, **_values(event)}
        await self._uow.execute(insert(events), row)

    async def get(self, event_id: UUID, *, expected_version: int | None = None) -> NeighbourhoodEvent:
        """Load an event."""
        of_community = events.c.community == self._uow.community
        found = await self._uow.execute(select(events).where(of_community, events.c.id == event_id))
        row = found.mappings().first()
        if row is None:
            raise EventNotFound
        check_version(row["version"], expected_version)
        return event_of(row)

    async def glance(self, event_id: UUID) -> NeighbourhoodEvent:
        """The event as this process remembers it, where that is checked in the end; else read, and remembered for the next time."""
        known = self._uow.suppose(event_id)
        if known is not None:
            return known.event
        event = await self.get(event_id)
        self._uow.recollection.note(self._uow.community, event)
        return event

    async def save(self, event: NeighbourhoodEvent) -> None:
        """Keep the changes of the version that was read."""
        event.version = await save_versioned(
            self._uow, events, event.id, version=event.version, values=_values(event), missing=EventNotFound
        )


class PostgresPlaceStore:
    """Satisfies `ports.PlaceStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def add(self, event_id: UUID, places: Places) -> None:
        """Set the places of a new event out."""
        row = {"community": self._uow.community, "event_id": event_id, **asdict(places)}
        await self._uow.execute(insert(event_places), row)

    async def lock(self, event_id: UUID) -> Places:
        """Load the places and keep everybody else waiting."""
        found = await self._uow.execute(select(event_places).where(*self._of(event_id)).with_for_update())
        row = found.mappings().first()
        if row is None:
            raise EventNotFound
        return Places(**{name: row[name] for name in Places.__dataclass_fields__})

    async def save(self, event_id: UUID, places: Places) -> None:
        """Keep locked places."""
        await self._uow.execute(update(event_places).where(*self._of(event_id)).values(**asdict(places)))

    def _of(self, event_id: UUID) -> tuple[Any, ...]:
        return event_places.c.community == self._uow.community, event_places.c.event_id == event_id


PLAN_FIELDS = tuple(Plan.__dataclass_fields__)


def event_of(row: RowMapping) -> NeighbourhoodEvent:
    """The aggregate of a row."""
    plan = Plan(**{**{name: row[name] for name in PLAN_FIELDS}, "kind": EventKind(row["kind"])})
    return NeighbourhoodEvent(
        id=row["id"],
        plan=plan,
        created_by=row["created_by"],
        created_at=row["created_at"],
        state=EventState(row["state"]),
        published_at=row["published_at"],
        cancelled_at=row["cancelled_at"],
        cancel_reason=row["cancel_reason"],
        finished_at=row["finished_at"],
        version=row["version"],
    )


def _values(event: NeighbourhoodEvent) -> dict[str, Any]:
    return {
        **{name: getattr(event.plan, name) for name in PLAN_FIELDS},
        "kind": event.plan.kind.value,
        "created_by": event.created_by,
        "created_at": event.created_at,
        "state": event.state.value,
        "published_at": event.published_at,
        "cancelled_at": event.cancelled_at,
        "cancel_reason": event.cancel_reason,
        "finished_at": event.finished_at,
    }
