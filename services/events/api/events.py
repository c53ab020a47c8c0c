"""Operations on neighbourhood events."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.events.api.dependencies import PREFIX, Organiser, Reader, Uow
from services.events.domain.errors import (
    CapacityTooSmall,
    EventHasStarted,
    EventInvalid,
    EventNotFound,
    EventTransitionRefused,
)
from services.events.domain.event import EventKind, EventState
from services.events.permissions import Action, organises
from services.events.queries.attendance import attendance_in_period, attendance_of_event
from services.events.queries.events import Wanted, event_by_id, events_by_start
from services.events.schemas.attendance import AttendanceView, ProgrammeAttendanceView
from services.events.schemas.events import CancelEventBody, ChangeEventBody, DraftEventBody, EventView
from services.events.use_cases.cancel_event import CancelEvent, cancel_event
from services.events.use_cases.change_event import ChangeEvent, change_event
from services.events.use_cases.draft_event import DraftEvent, draft_event
from services.events.use_cases.finish_event import FinishEvent, finish_event
from services.events.use_cases.publish_event import PublishEvent, publish_event
from shared.errors import ConcurrentChange, Invalid
from shared.http.bodies import Day, Moment
from shared.http.commands import Reading, answered, shown
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.http.versions import IfMatch
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=PREFIX, tags=["events"])
CHANGING = problems(EventNotFound, EventTransitionRefused, ConcurrentChange)
LONGEST_PERIOD_DAYS = 3660
Programme = Annotated[
    str | None, Query(max_length=80, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$", description="品牌项目。Programme tag")
]


@router.get("", response_model=Page[EventView])
async def list_neighbourhood_events(
    *,
    community: str,
    page: PageQuery,
    who: Reader,
    reading: Reading,
    state: EventState | None = None,
    kind: EventKind | None = None,
    programme: Programme = None,
    starts_from: Moment | None = None,
    starts_before: Moment | None = None,
) -> Response:
    """活动列表，按开始时间。Neighbourhood events by their start; drafts only for organisers."""
    wanted = Wanted(organises(who), state, kind, programme, starts_from, starts_before)
    async with reading as connection:
        return shown(await events_by_start(connection, community, page, wanted))


@router.post("", response_model=EventView, status_code=201, responses=problems(EventInvalid))
async def draft_neighbourhood_event(body: DraftEventBody, who: Organiser, uow: Uow) -> Response:
    """拟定活动。Draft a neighbourhood event; only organisers see it until it is published."""
    command = DraftEvent(body.plan(), who.person)
    return await answered(draft_event(command, uow), uow, view=EventView.of, status=201)


@router.get("/attendance", response_model=ProgrammeAttendanceView)
async def show_event_attendance_of_period(
    *,
    community: str,
    who: Annotated[Principal, allow(Action.READ_ATTENDANCE)],  # noqa: ARG001 - the permission is the point
    reading: Reading,
    first_day: Day,
    last_day: Day,
    programme: Programme = None,
) -> Response:
    """一段时间内的次、人次、人数。Events held, attendances and households of a period."""
    _check_period(first_day, last_day)
    async with reading as connection:
        return shown(await attendance_in_period(connection, community, first_day, last_day, programme))


@router.get("/{event_id}", response_model=EventView, responses=problems(EventNotFound))
async def show_neighbourhood_event(community: str, event_id: UUID, who: Reader, reading: Reading) -> Response:
    """活动详情。One neighbourhood event."""
    async with reading as connection:
        return shown(await event_by_id(connection, community, event_id, drafts=organises(who)))


@router.patch(
    "/{event_id}",
    response_model=EventView,
    responses={**CHANGING, **problems(EventInvalid, CapacityTooSmall, EventHasStarted, EventTransitionRefused)},
)
async def change_neighbourhood_event(
    event_id: UUID,
    body: ChangeEventBody,
    who: Organiser,  # noqa: ARG001 - the permission is the point
    uow: Uow,
    if_match: IfMatch,
) -> Response:
    """修改活动。Change an event until it starts; more places bring in the head of the waitlist at once."""
    command = ChangeEvent(event_id, body.changes(), if_match)
    return await answered(change_event(command, uow), uow, view=EventView.of)


@router.post("/{event_id}/publish", response_model=EventView, responses=CHANGING)
async def publish_neighbourhood_event(event_id: UUID, who: Organiser, uow: Uow, if_match: IfMatch) -> Response:  # noqa: ARG001
    """发布活动，开放报名。Publish an event and open the registration."""
    return await answered(publish_event(PublishEvent(event_id, if_match), uow), uow, view=EventView.of)


@router.post("/{event_id}/cancel", response_model=EventView, responses=CHANGING)
async def cancel_neighbourhood_event(
    event_id: UUID,
    body: CancelEventBody,
    who: Organiser,  # noqa: ARG001 - the permission is the point
    uow: Uow,
    if_match: IfMatch,
) -> Response:
    """取消活动并告知报名者。Call an event off and tell everybody registered why."""
    return await answered(cancel_event(CancelEvent(event_id, body.reason, if_match), uow), uow, view=EventView.of)


@router.post("/{event_id}/finish", response_model=EventView, responses=CHANGING)
async def finish_neighbourhood_event(event_id: UUID, who: Organiser, uow: Uow, if_match: IfMatch) -> Response:  # noqa: ARG001
    """活动结束，计一次。Say that an event took place."""
    return await answered(finish_event(FinishEvent(event_id, if_match), uow), uow, view=EventView.of)


@router.get("/{event_id}/attendance", response_model=AttendanceView, responses=problems(EventNotFound))
async def show_event_attendance(
    community: str,
    event_id: UUID,
    who: Annotated[Principal, allow(Action.READ_ATTENDANCE)],  # noqa: ARG001 - the permission is the point
    reading: Reading,
) -> Response:
    """报名、候补与到场人数。Registered, waiting and present, counted apart."""
    async with reading as connection:
        return shown(await attendance_of_event(connection, community, event_id))


def _check_period(first_day: date, last_day: date) -> None:
    if last_day < first_day:
        raise Invalid(fields={"last_day": ("不得早于 first_day", "must not be before first_day")})
    if (last_day - first_day).days > LONGEST_PERIOD_DAYS:
        raise Invalid(fields={"last_day": ("时间跨度过长", "the period is too long")})
