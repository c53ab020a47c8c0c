"""Holds over HTTP: points set aside for something that will be fetched."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from starlette.responses import Response

from services.volunteers.api.access import COMMUNITY, Uow, may
from services.volunteers.domain.errors import HoldNotFound, HoldNotOpen, InsufficientPoints, PersonNotFound
from services.volunteers.permissions import Action
from services.volunteers.schemas.points import HoldPointsBody, HoldView, TransferView
from services.volunteers.use_cases.capture_hold import CaptureHold, capture_hold
from services.volunteers.use_cases.hold_points import HoldPoints, hold_points
from services.volunteers.use_cases.release_hold import ReleaseHold, release_hold
from shared.http.commands import answered
from shared.http.problems import problems
from shared.http.routing import Router
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=COMMUNITY + "/points/holds", tags=["points"])


@router.post("", response_model=HoldView, status_code=201, responses=problems(InsufficientPoints, PersonNotFound))
async def hold(body: HoldPointsBody, who: Annotated[Principal, allow(Action.HOLD_POINTS)], uow: Uow) -> Response:
    """冻结积分，到期自动释放。Set points aside; freed by themselves when the time is over."""
    command = HoldPoints(
        person=body.person or who.person,
        points=body.points,
        reason=body.reason,
        by=who.person,
        lasts=timedelta(hours=body.hours),
        may_act_for_others=may(who, Action.CAPTURE_HOLD),
    )
    return await answered(hold_points(command, uow), uow, view=HoldView.of, status=201)


@router.post(
    "/{hold_id}/capture", response_model=TransferView, status_code=201, responses=problems(HoldNotFound, HoldNotOpen)
)
async def capture(hold_id: UUID, who: Annotated[Principal, allow(Action.CAPTURE_HOLD)], uow: Uow) -> Response:
    """核销冻结积分（物品已领取）。Spend what was set aside: the thing was fetched."""
    return await answered(capture_hold(CaptureHold(hold_id, who.person), uow), uow, view=TransferView.of, status=201)


@router.post("/{hold_id}/release", response_model=HoldView, responses=problems(HoldNotFound, HoldNotOpen))
async def release_held_points(
    hold_id: UUID, who: Annotated[Principal, allow(Action.RELEASE_HOLD)], uow: Uow
) -> Response:
    """释放冻结积分。Free what was set aside."""
    command = ReleaseHold(hold_id, who.person, may_act_for_others=may(who, Action.CAPTURE_HOLD))
    return await answered(release_hold(command, uow), uow, view=HoldView.of)
