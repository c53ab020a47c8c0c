"""What one person proposes and another decides: deferral and extension, and every decision on a proposal."""

from typing import Annotated
from uuid import UUID

from starlette.responses import Response

from services.issues.api.parts import PREFIX, Uow
from services.issues.api.steps import STEP, taken
from services.issues.domain.errors.issues import ConflictOfInterest
from services.issues.domain.errors.moments import DateNotInFuture
from services.issues.permissions import Action
from services.issues.schemas.issue_views import IssueView
from services.issues.schemas.step_bodies import ApproveBody, DeferBody, ExtendBody, ReasonBody, ReviewBody
from services.issues.use_cases.approve_proposal import ApproveProposal, approve_proposal
from services.issues.use_cases.propose_deferral import ProposeDeferral, propose_deferral
from services.issues.use_cases.propose_extension import ProposeExtension, propose_extension
from services.issues.use_cases.refuse_proposal import RefuseProposal, refuse_proposal
from services.issues.use_cases.review_deferral import ReviewDeferral, review_deferral
from shared.http.problems import problems
from shared.http.routing import Router
from shared.http.versions import IfMatch
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=PREFIX, tags=["issues"])


@router.post("/issues/{issue_id}/defer", response_model=IssueView, responses=problems(*STEP, DateNotInFuture))
async def defer(
    issue_id: UUID, body: DeferBody, who: Annotated[Principal, allow(Action.WORK_ON_ISSUE)], uow: Uow, if_match: IfMatch
) -> Response:
    """提请挂账，由街道审批。Propose to defer; the subdistrict decides."""
    command = ProposeDeferral(issue_id, body.reason, body.review_at, who, body.historical, if_match)
    return await taken(propose_deferral(command, uow), uow, who)


@router.post("/issues/{issue_id}/review", response_model=IssueView, responses=problems(*STEP, DateNotInFuture))
async def review(
    issue_id: UUID,
    body: ReviewBody,
    who: Annotated[Principal, allow(Action.REVIEW_DEFERRAL)],
    uow: Uow,
    if_match: IfMatch,
) -> Response:
    """复核挂账：继续挂账或恢复办理。Look at a deferred issue again."""
    command = ReviewDeferral(issue_id, body.review_at, who, body.note, if_match)
    return await taken(review_deferral(command, uow), uow, who)


@router.post("/issues/{issue_id}/extend", response_model=IssueView, responses=problems(*STEP, DateNotInFuture))
async def extend(
    issue_id: UUID,
    body: ExtendBody,
    who: Annotated[Principal, allow(Action.WORK_ON_ISSUE)],
    uow: Uow,
    if_match: IfMatch,
) -> Response:
    """申请延期，由他人审批。Ask for more time; another person decides."""
    return await taken(
        propose_extension(ProposeExtension(issue_id, body.reason, body.until, who, if_match), uow), uow, who
    )


@router.post("/issues/{issue_id}/approve", response_model=IssueView, responses=problems(*STEP, ConflictOfInterest))
async def approve(
    issue_id: UUID,
    body: ApproveBody,
    who: Annotated[Principal, allow(Action.DECIDE_ON_PROPOSAL)],
    uow: Uow,
    if_match: IfMatch,
) -> Response:
    """同意待审批的申请。Approve the pending proposal."""
    return await taken(approve_proposal(ApproveProposal(issue_id, who, body.note, if_match), uow), uow, who)


@router.post("/issues/{issue_id}/refuse", response_model=IssueView, responses=problems(*STEP, ConflictOfInterest))
async def refuse(
    issue_id: UUID,
    body: ReasonBody,
    who: Annotated[Principal, allow(Action.DECIDE_ON_PROPOSAL)],
    uow: Uow,
    if_match: IfMatch,
) -> Response:
    """不同意待审批的申请，说明理由。Refuse the pending proposal, with a reason."""
    return await taken(refuse_proposal(RefuseProposal(issue_id, body.reason, who, if_match), uow), uow, who)
