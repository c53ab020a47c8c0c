"""Manual corrections over HTTP: one person proposes, another decides."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.volunteers.api.access import COMMUNITY, Uow
from services.volunteers.domain.adjustment import AdjustmentState
from services.volunteers.domain.errors import (
    AdjustmentAlreadyDecided,
    AdjustmentNotFound,
    InsufficientPoints,
    LedgerNotOpen,
    PersonNotFound,
    SecondPersonNeeded,
)
from services.volunteers.permissions import Action
from services.volunteers.queries.points import adjustments_in
from services.volunteers.schemas.points import AdjustmentView, ProposeAdjustmentBody, RejectAdjustmentBody
from services.volunteers.use_cases.approve_adjustment import ApproveAdjustment, approve_adjustment
from services.volunteers.use_cases.propose_adjustment import ProposeAdjustment, propose_adjustment
from services.volunteers.use_cases.reject_adjustment import RejectAdjustment, reject_adjustment
from shared.errors import ConcurrentChange
from shared.http.commands import Reading, answered, shown
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.http.versions import IfMatch
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=COMMUNITY + "/points/adjustments", tags=["points"])


@router.get("", response_model=Page[AdjustmentView])
async def list_adjustments(
    community: str,
    reading: Reading,
    page: PageQuery,
    _who: Annotated[Principal, allow(Action.READ_ADJUSTMENTS)],
    state: Annotated[AdjustmentState, Query()] = AdjustmentState.PROPOSED,
) -> Response:
    """人工调整列表。Manual corrections in one state, the newest first."""
    async with reading as connection:
        found, following = await adjustments_in(connection, community, state, limit=page.limit, cursor=page.cursor)
    return shown(Page[AdjustmentView](items=[AdjustmentView.of(a) for a in found], next_cursor=following))


@router.post("", response_model=AdjustmentView, status_code=201, responses=problems(PersonNotFound))
async def propose(
    body: ProposeAdjustmentBody, who: Annotated[Principal, allow(Action.PROPOSE_ADJUSTMENT)], uow: Uow
) -> Response:
    """提出人工调整，须由另一人审批。Propose a correction; no points move before another person approves."""
    command = ProposeAdjustment(body.person, body.points, body.reason, who.person)
    return await answered(propose_adjustment(command, uow), uow, view=AdjustmentView.of, status=201)


@router.post(
    "/{adjustment_id}/approve",
    response_model=AdjustmentView,
    responses=problems(
        AdjustmentNotFound,
        AdjustmentAlreadyDecided,
        SecondPersonNeeded,
        InsufficientPoints,
        LedgerNotOpen,
        ConcurrentChange,
    ),
)
async def approve(
    adjustment_id: UUID, who: Annotated[Principal, allow(Action.DECIDE_ADJUSTMENT)], uow: Uow, if_match: IfMatch
) -> Response:
    """批准人工调整（提出人和本人不能批准）。Approve a correction; not by who proposed it, nor by who gains from it."""
    command = ApproveAdjustment(adjustment_id, who.person, if_match)
    return await answered(approve_adjustment(command, uow), uow, view=AdjustmentView.of)


@router.post(
    "/{adjustment_id}/reject",
    response_model=AdjustmentView,
    responses=problems(AdjustmentNotFound, AdjustmentAlreadyDecided, SecondPersonNeeded, ConcurrentChange),
)
async def reject(
    adjustment_id: UUID,
    body: RejectAdjustmentBody,
    who: Annotated[Principal, allow(Action.DECIDE_ADJUSTMENT)],
    uow: Uow,
    if_match: IfMatch,
) -> Response:
    """驳回人工调整。Reject a correction, with a note."""
    command = RejectAdjustment(adjustment_id, who.person, body.note, if_match)
    return await answered(reject_adjustment(command, uow), uow, view=AdjustmentView.of)
