"""What came of a matter, and whether it is true."""

from typing import Annotated
from uuid import UUID

from starlette.responses import Response

from services.issues.api.parts import PREFIX, Uow
from services.issues.api.steps import STEP, taken
from services.issues.domain.errors.issues import ConflictOfInterest, NotReached
from services.issues.domain.resolution import Quantity
from services.issues.permissions import Action
from services.issues.schemas.issue_bodies import RateBody, ResolveBody, WithdrawBody
from services.issues.schemas.issue_views import IssueView
from services.issues.schemas.step_bodies import CallBackBody, ReopenBody, VerifyBody
from services.issues.use_cases.rate_issue import RateIssue, rate_issue
from services.issues.use_cases.record_call_back import RecordCallBack, record_call_back
from services.issues.use_cases.reopen_issue import ReopenIssue, reopen_issue
from services.issues.use_cases.resolve_issue import ResolveIssue, resolve_issue
from services.issues.use_cases.verify_issue import VerifyIssue, verify_issue
from services.issues.use_cases.withdraw_issue import WithdrawIssue, withdraw_issue
from shared.http.problems import problems
from shared.http.routing import Router
from shared.http.versions import IfMatch
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=PREFIX, tags=["issues"])


@router.post("/issues/{issue_id}/resolve", response_model=IssueView, responses=problems(*STEP))
async def resolve(
    issue_id: UUID,
    body: ResolveBody,
    who: Annotated[Principal, allow(Action.RESOLVE_ISSUE)],
    uow: Uow,
    if_match: IfMatch,
) -> Response:
    """办结回复，等待诉求人核实。Say what came of it; the reporter is asked to confirm."""
    command = ResolveIssue(
        issue_id=issue_id,
        outcome=body.outcome,
        public_reply=body.public_reply,
        level=body.level,
        quantity=Quantity(body.quantity.kind, body.quantity.amount) if body.quantity else None,
        by=who,
        expected_version=if_match,
    )
    return await taken(resolve_issue(command, uow), uow, who)


@router.post("/issues/{issue_id}/verify", response_model=IssueView, responses=problems(*STEP, ConflictOfInterest))
async def verify(
    issue_id: UUID, body: VerifyBody, who: Annotated[Principal, allow(Action.VERIFY_ISSUE)], uow: Uow, if_match: IfMatch
) -> Response:
    """与办理无关的核实员确认结果。A verifier who has nothing to do with the work confirms the result."""
    return await taken(verify_issue(VerifyIssue(issue_id, body.note, who, if_match), uow), uow, who)


@router.post(
    "/issues/{issue_id}/call-back", response_model=IssueView, responses=problems(*STEP, ConflictOfInterest, NotReached)
)
async def call_back(
    issue_id: UUID,
    body: CallBackBody,
    who: Annotated[Principal, allow(Action.CALL_REPORTER_BACK)],
    uow: Uow,
    if_match: IfMatch,
) -> Response:
    """记录回访；未解决则重新办理。Record a call-back; "not solved" opens it again."""
    command = RecordCallBack(issue_id, body.reached, body.solved, who, body.note, if_match)
    return await taken(record_call_back(command, uow), uow, who)


@router.post("/issues/{issue_id}/rate", response_model=IssueView, responses=problems(*STEP, ConflictOfInterest))
async def rate(
    issue_id: UUID,
    body: RateBody,
    who: Annotated[Principal, allow(Action.RATE_ISSUE)],
    uow: Uow,
    if_match: IfMatch,
) -> Response:
    """诉求人评价；“未解决”自动重新办理。The reporter's answer; "not solved" opens the issue again by itself."""
    command = RateIssue(issue_id, body.solved, body.satisfaction, who, body.comment, if_match)
    return await taken(rate_issue(command, uow), uow, who)


@router.post("/issues/{issue_id}/reopen", response_model=IssueView, responses=problems(*STEP))
async def reopen(
    issue_id: UUID, body: ReopenBody, who: Annotated[Principal, allow(Action.REOPEN_ISSUE)], uow: Uow, if_match: IfMatch
) -> Response:
    """重新办理：诉求人14天内，核实员随时。Reopen: the reporter within 14 days, a verifier at any time."""
    return await taken(reopen_issue(ReopenIssue(issue_id, body.note, who, if_match), uow), uow, who)


@router.post("/issues/{issue_id}/withdraw", response_model=IssueView, responses=problems(*STEP))
async def withdraw(
    issue_id: UUID,
    body: WithdrawBody,
    who: Annotated[Principal, allow(Action.WITHDRAW_ISSUE)],
    uow: Uow,
    if_match: IfMatch,
) -> Response:
    """诉求人撤回。The reporter takes the matter back."""
    return await taken(withdraw_issue(WithdrawIssue(issue_id, who, body.reason, if_match), uow), uow, who)
