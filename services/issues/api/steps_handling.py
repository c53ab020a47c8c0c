"""Discussing and working on a matter."""

from typing import Annotated
from uuid import UUID

from starlette.responses import Response

from services.issues.api.parts import PREFIX, Uow
from services.issues.api.steps import STEP, taken
from services.issues.domain.errors.master_data import UnknownOrganisation
from services.issues.domain.errors.meetings import MeetingClosedAlready, MeetingNotFound
from services.issues.domain.errors.moments import DateNotInFuture
from services.issues.domain.errors.routing import ReasonNeeded
from services.issues.permissions import Action
from services.issues.schemas.issue_bodies import AssignBody, PlaceOnAgendaBody, SignBody
from services.issues.schemas.issue_views import IssueView
from services.issues.schemas.step_bodies import AnswerBody, AskBody, ReasonBody
from services.issues.use_cases.answer_question import AnswerQuestion, answer_question
from services.issues.use_cases.ask_reporter import AskReporter, ask_reporter
from services.issues.use_cases.assign_issue import AssignIssue, assign_issue
from services.issues.use_cases.place_on_agenda import PlaceOnAgenda, place_on_agenda
from services.issues.use_cases.return_issue import ReturnIssue, return_issue
from services.issues.use_cases.sign_for_issue import SignForIssue, sign_for_issue
from shared.http.problems import problems
from shared.http.routing import Router
from shared.http.versions import IfMatch
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=PREFIX, tags=["issues"])
NOTHING = SignBody()


@router.post(
    "/issues/{issue_id}/place-on-agenda",
    response_model=IssueView,
    responses=problems(*STEP, MeetingNotFound, MeetingClosedAlready),
)
async def place_issue_on_agenda(
    issue_id: UUID,
    body: PlaceOnAgendaBody,
    who: Annotated[Principal, allow(Action.PLACE_ON_AGENDA)],
    uow: Uow,
    if_match: IfMatch,
) -> Response:
    """列入会议议题。Put an issue on the agenda of a dated meeting."""
    return await taken(place_on_agenda(PlaceOnAgenda(issue_id, body.meeting_id, who, if_match), uow), uow, who)


@router.post(
    "/issues/{issue_id}/assign",
    response_model=IssueView,
    responses=problems(*STEP, UnknownOrganisation, DateNotInFuture, ReasonNeeded),
)
async def assign(
    issue_id: UUID,
    body: AssignBody,
    who: Annotated[Principal, allow(Action.ASSIGN_ISSUE)],
    uow: Uow,
    if_match: IfMatch,
) -> Response:
    """派单：记录、责任单位、时限、计划。Make one organisation responsible."""
    command = AssignIssue(
        issue_id=issue_id,
        record=body.record,
        responsible_organisation=body.responsible_organisation,
        deadline=body.deadline,
        plan=body.plan,
        by=who,
        other_unit_reason=body.other_unit_reason,
        expected_version=if_match,
    )
    return await taken(assign_issue(command, uow), uow, who)


@router.post("/issues/{issue_id}/sign", response_model=IssueView, responses=problems(*STEP))
async def sign(
    issue_id: UUID,
    who: Annotated[Principal, allow(Action.SIGN_FOR_ISSUE)],
    uow: Uow,
    if_match: IfMatch,
    _body: SignBody = NOTHING,
) -> Response:
    """责任单位签收。The responsible organisation takes the issue over."""
    return await taken(sign_for_issue(SignForIssue(issue_id, who, if_match), uow), uow, who)


@router.post("/issues/{issue_id}/return", response_model=IssueView, responses=problems(*STEP))
async def return_to_office(
    issue_id: UUID,
    body: ReasonBody,
    who: Annotated[Principal, allow(Action.WORK_ON_ISSUE)],
    uow: Uow,
    if_match: IfMatch,
) -> Response:
    """责任单位退回（签收时限内，最多两次）。The organisation returns it, in time and twice at most."""
    return await taken(return_issue(ReturnIssue(issue_id, body.reason, who, if_match), uow), uow, who)


@router.post("/issues/{issue_id}/ask", response_model=IssueView, responses=problems(*STEP))
async def ask(
    issue_id: UUID, body: AskBody, who: Annotated[Principal, allow(Action.WORK_ON_ISSUE)], uow: Uow, if_match: IfMatch
) -> Response:
    """请居民补充情况，办理时限暂停。Ask the reporter; the time to solve stands still."""
    return await taken(ask_reporter(AskReporter(issue_id, body.question, who, if_match), uow), uow, who)


@router.post("/issues/{issue_id}/answer", response_model=IssueView, responses=problems(*STEP))
async def answer(
    issue_id: UUID,
    body: AnswerBody,
    who: Annotated[Principal, allow(Action.ANSWER_QUESTION)],
    uow: Uow,
    if_match: IfMatch,
) -> Response:
    """诉求人补充说明，恢复办理。The reporter answers; the work goes on."""
    return await taken(answer_question(AnswerQuestion(issue_id, body.answer, who, if_match), uow), uow, who)
