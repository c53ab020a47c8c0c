"""What the office does with a matter first: taking it in, correcting, dismissing, merging."""

from typing import Annotated
from uuid import UUID

from starlette.responses import Response

from services.issues.api.parts import PREFIX, Uow
from services.issues.api.steps import STEP, taken
from services.issues.domain.errors.issues import CannotMerge, NothingToChange
from services.issues.domain.errors.master_data import UnknownCategory
from services.issues.permissions import Action
from services.issues.schemas.issue_bodies import AcceptBody
from services.issues.schemas.issue_views import IssueView
from services.issues.schemas.step_bodies import ChangeCategoryBody, ContactBody, DismissBody, MergeBody, ReasonBody
from services.issues.use_cases.accept_issue import AcceptIssue, accept_issue
from services.issues.use_cases.change_category import ChangeCategory, change_category
from services.issues.use_cases.contact_reporter import ContactReporter, contact_reporter
from services.issues.use_cases.merge_issue import MergeIssue, merge_issue
from services.issues.use_cases.object_to_dismissal import ObjectToDismissal, object_to_dismissal
from services.issues.use_cases.propose_dismissal import ProposeDismissal, propose_dismissal
from shared.http.problems import problems
from shared.http.routing import Router
from shared.http.versions import IfMatch
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=PREFIX, tags=["issues"])


@router.post("/issues/{issue_id}/accept", response_model=IssueView, responses=problems(*STEP))
async def accept(
    issue_id: UUID,
    body: AcceptBody,
    who: Annotated[Principal, allow(Action.ACCEPT_ISSUE)],
    uow: Uow,
    if_match: IfMatch,
) -> Response:
    """受理诉求并定级。Take an issue in and set its tier."""
    return await taken(accept_issue(AcceptIssue(issue_id, body.tier, who, body.note, if_match), uow), uow, who)


@router.post(
    "/issues/{issue_id}/change-category",
    response_model=IssueView,
    responses=problems(*STEP, UnknownCategory, NothingToChange),
)
async def change_issue_category(
    issue_id: UUID,
    body: ChangeCategoryBody,
    who: Annotated[Principal, allow(Action.CORRECT_ISSUE)],
    uow: Uow,
    if_match: IfMatch,
) -> Response:
    """更正分类或级别；暂停的时间不会丢失。Correct category or tier; what stood still is never forgotten."""
    command = ChangeCategory(issue_id, body.category, body.tier, who, body.note, if_match)
    return await taken(change_category(command, uow), uow, who)


@router.post("/issues/{issue_id}/contact", response_model=IssueView, responses=problems(*STEP))
async def contact(
    issue_id: UUID,
    body: ContactBody,
    who: Annotated[Principal, allow(Action.CONTACT_REPORTER)],
    uow: Uow,
    if_match: IfMatch,
) -> Response:
    """记录与诉求人的联系；第一次联系计入响应率。Note a contact with the reporter; the first one counts."""
    command = ContactReporter(issue_id, body.way, who, body.note, if_match)
    return await taken(contact_reporter(command, uow), uow, who)


@router.post("/issues/{issue_id}/dismiss", response_model=IssueView, responses=problems(*STEP))
async def dismiss(
    issue_id: UUID,
    body: DismissBody,
    who: Annotated[Principal, allow(Action.DISMISS_ISSUE)],
    uow: Uow,
    if_match: IfMatch,
) -> Response:
    """提请不予受理，须由第二人审批。Propose to dismiss; a second person decides."""
    command = ProposeDismissal(issue_id, body.reason_code, body.refer_to, body.reason, who, if_match)
    return await taken(propose_dismissal(command, uow), uow, who)


@router.post("/issues/{issue_id}/object", response_model=IssueView, responses=problems(*STEP))
async def object_to(
    issue_id: UUID,
    body: ReasonBody,
    who: Annotated[Principal, allow(Action.OBJECT_TO_DISMISSAL)],
    uow: Uow,
    if_match: IfMatch,
) -> Response:
    """诉求人对不予受理提出异议（一次）。The reporter objects to a dismissal, once."""
    return await taken(object_to_dismissal(ObjectToDismissal(issue_id, body.reason, who, if_match), uow), uow, who)


@router.post("/issues/{issue_id}/merge", response_model=IssueView, responses=problems(*STEP, CannotMerge))
async def merge(
    issue_id: UUID, body: MergeBody, who: Annotated[Principal, allow(Action.MERGE_ISSUE)], uow: Uow, if_match: IfMatch
) -> Response:
    """合并到另一条未办结的诉求。Merge into another open issue."""
    return await taken(merge_issue(MergeIssue(issue_id, body.target_id, who, body.note, if_match), uow), uow, who)
