"""Operations on arrivals."""

from typing import Annotated
from uuid import UUID

from starlette.responses import Response

from services.events.api.dependencies import PREFIX, Uow
from services.events.domain.errors import (
    AlreadyAnnulled,
    CheckInNotFound,
    EventIsCancelled,
    EventNotFound,
    MoreThanRegistered,
    NonceReused,
    NotConfirmed,
    OutsideCheckInTime,
    RegistrationNotFound,
)
from services.events.permissions import Action
from services.events.schemas.registrations import AnnulBody, ArrivalView, CheckInBody
from services.events.use_cases.annul_check_in import AnnulCheckIn, annul_check_in
from services.events.use_cases.check_in import CheckInHousehold, check_in
from shared.http.commands import answered
from shared.http.problems import problems
from shared.http.routing import Router
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=PREFIX + "/{event_id}/registrations/{registration_id}/check-ins", tags=["check-ins"])
AtTheDoor = Annotated[Principal, allow(Action.CHECK_IN)]


@router.post(
    "",
    response_model=ArrivalView,
    status_code=201,
    responses=problems(
        EventNotFound,
        RegistrationNotFound,
        EventIsCancelled,
        NotConfirmed,
        MoreThanRegistered,
        OutsideCheckInTime,
        NonceReused,
    ),
)
async def check_in_household(
    event_id: UUID, registration_id: UUID, body: CheckInBody, who: AtTheDoor, uow: Uow
) -> Response:
    """签到。Persons of a registered household arrive; the same nonce again counts nothing."""
    command = CheckInHousehold(event_id, registration_id, body.nonce, body.persons, who.person, body.occurred_at)
    return await answered(check_in(command, uow), uow, view=ArrivalView.of_arrival, status=201)


@router.post(
    "/{check_in_id}/annul",
    response_model=ArrivalView,
    responses=problems(RegistrationNotFound, CheckInNotFound, AlreadyAnnulled),
)
async def annul_household_check_in(
    *, event_id: UUID, registration_id: UUID, check_in_id: UUID, body: AnnulBody, who: AtTheDoor, uow: Uow
) -> Response:
    """撤销签到。Take a mistaken check-in back, with the reason."""
    command = AnnulCheckIn(event_id, registration_id, check_in_id, body.reason, who.person)
    return await answered(annul_check_in(command, uow), uow, view=ArrivalView.of_arrival)
