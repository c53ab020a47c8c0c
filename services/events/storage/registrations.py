"""Registrations on PostgreSQL. Taking places is one conditional statement: it is right whatever happens beside it."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import RowMapping, func, select, text, update
from sqlalchemy.exc import IntegrityError

from services.events.domain.errors import AlreadyRegistered, RegistrationNotFound
from services.events.domain.registration import EndedBy, Registration, RegistrationState
from services.events.storage.sign_up_statement import UNKNOWN_RANK, SupposedSignUp
from services.events.storage.tables import registrations
from shared.database.failures import violated_constraint
from shared.errors import ConcurrentChange

if TYPE_CHECKING:
    from services.events.storage.unit_of_work import PostgresEventsUnitOfWork

PLACE = text("""
WITH taken AS (
    UPDATE event_places AS p
    SET confirmed_persons = confirmed_persons
            + CASE WHEN waiting = 0 AND confirmed_persons + :persons <= capacity THEN :persons ELSE 0 END,
        waiting = waiting + CASE WHEN waiting = 0 AND confirmed_persons + :persons <= capacity THEN 0 ELSE 1 END,
        last_position = last_position + 1
    WHERE community = :community AND event_id = :event_id
      AND is_open AND closes_at > :at AND capacity >= :persons
      AND (has_waitlist OR (waiting = 0 AND confirmed_persons + :persons <= capacity))
    RETURNING last_position AS position, waiting AS rank, new.waiting > old.waiting AS waits
)
INSERT INTO registrations (community, id, event_id, registered_by, household_id, persons, dish, table_number,
                           state, position, registered_at, present_persons, version)
SELECT :community, :id, :event_id, :registered_by,
       (SELECT household_id FROM household_members WHERE community = :community AND person_id = :registered_by),
       :persons, :dish, :table_number,
       CASE WHEN taken.waits THEN 'waitlisted' ELSE 'confirmed' END, taken.position, :at, 0, 1
FROM taken
RETURNING position, state, (SELECT rank FROM taken) AS rank
""")
"""One row when places or a rank were taken, none when they could not be. The row lock of `event_places` makes the order."""


class PostgresRegistrationStore:
    """Satisfies `ports.RegistrationStore`."""

    def __init__(self, uow: "PostgresEventsUnitOfWork") -> None:
        self._uow = uow

    async def place(self, registration: Registration, *, at: datetime) -> bool:
        """Take places or a rank in one statement, or suppose it; a supposition is checked and written at the end of the use case."""
        remembered = self._uow.remembered
        if remembered is not None:
            registration.state = RegistrationState.WAITLISTED if remembered.waits else RegistrationState.CONFIRMED
            registration.rank = UNKNOWN_RANK if remembered.waits else None
            self._uow.supposed = SupposedSignUp(registration, remembered.event.version, at)
            return True
        given = {
            "community": self._uow.community,
            "id": registration.id,
            "event_id": registration.event_id,
            "registered_by": registration.registered_by,
            "persons": registration.persons,
            "dish": registration.dish,
            "table_number": registration.table,
            "at": at,
        }
        try:
            row = (await self._uow.execute(PLACE, given)).first()
        except IntegrityError as error:
            if violated_constraint(error) == "registrations_one_active":
                raise AlreadyRegistered from error
            raise
        if row is None:
            return False
        registration.position, registration.state = row.position, RegistrationState(row.state)
        registration.rank = row.rank if registration.waits else None
        self._uow.recollection.note_places(self._uow.community, registration.event_id, waits=registration.waits)
        return True

    async def get(self, registration_id: UUID, *, event_id: UUID) -> Registration:
        """Load and lock a registration of this event."""
        c = registrations.c
        wanted = select(registrations).where(*self._of(event_id), c.id == registration_id).with_for_update()
        row = (await self._uow.execute(wanted)).mappings().first()
        if row is None:
            raise RegistrationNotFound
        return registration_of(row)

    async def save(self, registration: Registration) -> None:
        """Keep what can change. The row was locked by `get` or by the lock of the places."""
        c = registrations.c
        saved = await self._uow.execute(
            update(registrations)
            .where(*self._of(registration.event_id), c.id == registration.id, c.version == registration.version)
            .values(
                state=registration.state.value,
                promoted_at=registration.promoted_at,
                cancelled_at=registration.cancelled_at,
                ended_by=registration.ended_by.value if registration.ended_by else None,
                present_persons=registration.present_persons,
                version=registration.version + 1,
            )
        )
        if saved.rowcount != 1:
            raise ConcurrentChange
        registration.version += 1

    async def head_of_waitlist(self, event_id: UUID, *, limit: int) -> Sequence[Registration]:
        """The first households that wait."""
        wanted = (
            select(registrations)
            .where(*self._waiting(event_id))
            .order_by(registrations.c.position)
            .limit(limit)
            .with_for_update()
        )
        return [registration_of(row) for row in (await self._uow.execute(wanted)).mappings()]

    async def largest_waiting_party(self, event_id: UUID) -> int:
        """Persons of the largest waiting household."""
        largest = select(func.coalesce(func.max(registrations.c.persons), 0)).where(*self._waiting(event_id))
        return int((await self._uow.execute(largest)).scalar_one())

    async def end_all(self, event_id: UUID, *, at: datetime) -> Sequence[UUID]:
        """End every registration in one statement."""
        c = registrations.c
        ended = await self._uow.execute(
            update(registrations)
            .where(*self._of(event_id), c.state != RegistrationState.CANCELLED.value)
            .values(
                state=RegistrationState.CANCELLED.value,
                ended_by=EndedBy.EVENT_CANCELLED.value,
                cancelled_at=at,
                version=c.version + 1,
            )
            .returning(c.position, c.registered_by)
        )
        return [row.registered_by for row in sorted(ended, key=lambda row: row.position)]

    def _of(self, event_id: UUID) -> tuple[Any, ...]:
        return registrations.c.community == self._uow.community, registrations.c.event_id == event_id

    def _waiting(self, event_id: UUID) -> tuple[Any, ...]:
        return *self._of(event_id), registrations.c.state == RegistrationState.WAITLISTED.value


def registration_of(row: RowMapping) -> Registration:
    """The aggregate of a row, without rank: that is counted where it is shown."""
    return Registration(
        id=row["id"],
        event_id=row["event_id"],
        registered_by=row["registered_by"],
        persons=row["persons"],
        registered_at=row["registered_at"],
        dish=row["dish"],
        table=row["table_number"],
        state=RegistrationState(row["state"]),
        position=row["position"],
        promoted_at=row["promoted_at"],
        cancelled_at=row["cancelled_at"],
        ended_by=EndedBy(row["ended_by"]) if row["ended_by"] else None,
        present_persons=row["present_persons"],
        version=row["version"],
    )
