"""The numbers of events, counted from the check-ins that stand."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.events.domain.errors import EventNotFound
from services.events.domain.event import EventState
from services.events.schemas.attendance import (
    AttendanceView,
    Participation,
    Party,
    Present,
    ProgrammeAttendanceView,
)
from shared.clock import CHINA

PRESENT = """
SELECT coalesce(sum(r.present_persons), 0) AS person_times,
       count(DISTINCT r.registered_by) AS registrants,
       count(DISTINCT coalesce(r.household_id, m.household_id, r.registered_by)) AS households,
       count(DISTINCT m.building_id) AS buildings
FROM registrations AS r
JOIN events AS e ON e.community = r.community AND e.id = r.event_id
LEFT JOIN household_members AS m ON m.community = r.community AND m.person_id = r.registered_by
WHERE r.community = :community AND r.present_persons > 0
"""
"""A person whose household we do not know counts as a household of its own."""
PRESENT_AT_EVENT = text(PRESENT + " AND r.event_id = :event_id")
PRESENT_IN_PERIOD = text(
    PRESENT
    + """ AND e.state = 'finished' AND e.starts_at >= :starts_from AND e.starts_at < :starts_before
          AND (CAST(:programme AS text) IS NULL OR e.programme = :programme)"""
)
HELD_IN_PERIOD = text("""
SELECT count(*) FROM events
WHERE community = :community AND state = 'finished' AND starts_at >= :starts_from AND starts_at < :starts_before
  AND (CAST(:programme AS text) IS NULL OR programme = :programme)
""")
REGISTERED = text("""
SELECT e.state, e.starts_at,
       count(r.id) FILTER (WHERE r.state = 'confirmed') AS confirmed,
       coalesce(sum(r.persons) FILTER (WHERE r.state = 'confirmed'), 0) AS confirmed_persons,
       count(r.id) FILTER (WHERE r.state = 'waitlisted') AS waitlisted,
       coalesce(sum(r.persons) FILTER (WHERE r.state = 'waitlisted'), 0) AS waitlisted_persons
FROM events AS e LEFT JOIN registrations AS r ON r.community = e.community AND r.event_id = e.id
WHERE e.community = :community AND e.id = :event_id
GROUP BY e.state, e.starts_at
""")
FIGURES = text("""
SELECT as_of, households FROM community_figures WHERE community = :community
ORDER BY (as_of <= :day) DESC, abs(as_of - :day) LIMIT 1
""")
"""The figures that were true on the day; the nearest later ones if there are none."""


async def attendance_of_event(connection: AsyncConnection, community: str, event_id: UUID) -> AttendanceView:
    """Registered, waiting and present, of one event. Raises EventNotFound."""
    given = {"community": community, "event_id": event_id}
    row = (await connection.execute(REGISTERED, given)).first()
    if row is None:
        raise EventNotFound
    present = await _present(connection, PRESENT_AT_EVENT, given)
    return AttendanceView(
        event_id=event_id,
        times_held=int(row.state == EventState.FINISHED.value),
        registered=Party(households=row.confirmed, persons=row.confirmed_persons),
        waitlisted=Party(households=row.waitlisted, persons=row.waitlisted_persons),
        present=present,
        participation=await _participation(connection, community, present, row.starts_at.astimezone(CHINA).date()),
    )


async def attendance_in_period(
    connection: AsyncConnection, community: str, first_day: date, last_day: date, programme: str | None
) -> ProgrammeAttendanceView:
    """Finished events that started on these days (local time), all or of one programme."""
    given = {
        "community": community,
        "starts_from": _midnight(first_day),
        "starts_before": _midnight(last_day + timedelta(days=1)),
        "programme": programme,
    }
    present = await _present(connection, PRESENT_IN_PERIOD, given)
    return ProgrammeAttendanceView(
        first_day=first_day,
        last_day=last_day,
        programme=programme,
        times_held=(await connection.execute(HELD_IN_PERIOD, given)).scalar_one(),
        present=present,
        participation=await _participation(connection, community, present, last_day),
    )


async def _present(connection: AsyncConnection, statement: TextClause, given: Mapping[str, Any]) -> Present:
    return Present(**(await connection.execute(statement, given)).mappings().one())


async def _participation(
    connection: AsyncConnection, community: str, present: Present, day: date
) -> Participation | None:
    figures = (await connection.execute(FIGURES, {"community": community, "day": day})).first()
    if figures is None:
        return None
    return Participation(
        households_present=present.households, households_total=figures.households, as_of=figures.as_of
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA)
