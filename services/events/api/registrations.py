"""Operations on registrations."""

from typing import Annotated
from uuid import UUID

from starlette.responses import Response

from services.events.api.dependencies import PREFIX, Neighbour, Uow
from services.events.domain.errors import (
    AlreadyRegistered,
    EventHasStarted,
    EventIsCancelled,
    EventIsFinished,
    EventIsFull,
    EventNotFound,
    ParticularsRefused,
    PartyIsTooLarge,
    RegistrationIsClosed,
    RegistrationNotFound,
    RegistrationTransitionRefused,
)
from services.events.domain.registration import RegistrationState
from services.events.permissions import Action, organises
from services.events.queries.registrations import my_registrations, registration_by_id, registrations_of_event
from services.events.schemas.registrations import (
    MyRegistrationView,
    RegisterBody,
    RegistrationDetailView,
    RegistrationView,
)
from services.events.use_cases.leave_event import LeaveEvent, leave_event
from services.events.use_cases.register_household import RegisterHousehold, register_household
from shared.http.commands import Reading, answered, shown
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=PREFIX, tags=["registrations"])


@router.get("/registrations/mine", response_model=Page[MyRegistrationView])
async def list_my_event_registrations(community: str, page: PageQuery, who: Neighbour, reading: Reading) -> Response:
    """我的报名。One's own registrations, newest first, with rank while waiting."""
    async with reading as connection:
        return shown(await my_registrations(connection, community, who.person, page))


@router.post(
    "/{event_id}/registrations",
    response_model=RegistrationView,
    status_code=201,
    responses=problems(
        EventNotFound,
        AlreadyRegistered,
        EventIsFull,
        PartyIsTooLarge,
        RegistrationIsClosed,
        EventHasStarted,
        EventIsCancelled,
        EventIsFinished,
        ParticularsRefused,
    ),
)
async def register_for_event(event_id: UUID, body: RegisterBody, who: Neighbour, uow: Uow) -> Response:
    """按户报名；名额不足则候补。Sign a household up; it gets its places, or a rank on the waitlist."""
    command = RegisterHousehold(event_id, who.person, body.persons, body.dish, body.table)
    return await answered(register_household(command, uow), uow, view=RegistrationView.of, status=201)


@router.get("/{event_id}/registrations", response_model=Page[RegistrationView], responses=problems(EventNotFound))
async def list_event_registrations(
    *,
    community: str,
    event_id: UUID,
    page: PageQuery,
    who: Annotated[Principal, allow(Action.READ_REGISTRATIONS)],  # noqa: ARG001 - the permission is the point
    reading: Reading,
    state: RegistrationState | None = None,
) -> Response:
    """报名名单，按先后。Everybody registered, in their order, for organisers."""
    async with reading as connection:
        return shown(await registrations_of_event(connection, community, event_id, page, state))


@router.get(
    "/{event_id}/registrations/{registration_id}",
    response_model=RegistrationDetailView,
    responses=problems(RegistrationNotFound),
)
async def show_event_registration(
    community: str, event_id: UUID, registration_id: UUID, who: Neighbour, reading: Reading
) -> Response:
    """报名详情与签到。A registration with its arrivals: one's own, or anybody's for organisers."""
    person = None if organises(who) else who.person
    async with reading as connection:
        return shown(await registration_by_id(connection, community, event_id, registration_id, person=person))


@router.post(
    "/{event_id}/registrations/{registration_id}/leave",
    response_model=RegistrationView,
    responses=problems(EventNotFound, RegistrationNotFound, RegistrationTransitionRefused, EventHasStarted),
)
async def leave_neighbourhood_event(event_id: UUID, registration_id: UUID, who: Neighbour, uow: Uow) -> Response:
    """退出报名或候补。Give places or rank back before the start; the head of the waitlist comes in at once."""
    command = LeaveEvent(event_id, registration_id, who.person, organises(who))
    return await answered(leave_event(command, uow), uow, view=RegistrationView.of)
