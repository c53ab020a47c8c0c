"""Events, registrations and requests as tests need them; every argument has a sensible default."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from services.events.domain.event import EventKind, EventState, NeighbourhoodEvent, Plan
from services.events.domain.registration import Registration, RegistrationState
from shared.ids import new_id

NOW = datetime(2026, 4, 20, 8, 0, tzinfo=UTC)
"""When tests play, unless they say otherwise: ten days before the banquet."""
STARTS = datetime(2026, 4, 30, 10, 0, tzinfo=UTC)


def a_plan(**changes: Any) -> Plan:
    """A banquet for 20 persons on the evening of STARTS."""
    given: dict[str, Any] = {
        "kind": EventKind.BANQUET,
        "title": "翡翠城邻里百家宴",
        "place": "中心广场",
        "starts_at": STARTS,
        "ends_at": STARTS + timedelta(hours=3),
        "capacity": 20,
        "programme": "睦邻而莱 水润万家",
    }
    return Plan(**{**given, **changes})


def an_event(*, state: EventState = EventState.PUBLISHED, **changes: Any) -> NeighbourhoodEvent:
    """A published banquet; changes go to its plan."""
    event = NeighbourhoodEvent(id=new_id(), plan=a_plan(**changes), created_by=new_id(), created_at=NOW)
    if state is not EventState.DRAFT:
        event.publish(NOW)
    if state is EventState.CANCELLED:
        event.cancel(reason="暴雨", at=NOW)
    if state is EventState.FINISHED:
        event.finish(event.plan.ends_at)
    return event


def a_registration(
    *,
    event_id: UUID | None = None,
    by: UUID | None = None,
    persons: int = 3,
    state: RegistrationState = RegistrationState.CONFIRMED,
    **changes: Any,
) -> Registration:
    """A household of three with its places."""
    return Registration(
        id=new_id(),
        event_id=event_id or new_id(),
        registered_by=by or new_id(),
        persons=persons,
        registered_at=NOW,
        state=state,
        **changes,
    )


def a_draft_body(**changes: Any) -> dict[str, Any]:
    """Body of POST …/events: a banquet for 20 persons in ten days of real time."""
    starts = datetime.now(UTC).replace(microsecond=0) + timedelta(days=10)
    return {
        "kind": "banquet",
        "title": "翡翠城邻里百家宴",
        "place": "中心广场",
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(hours=3)).isoformat(),
        "capacity": 20,
        "programme": "睦邻而莱 水润万家",
        **changes,
    }
