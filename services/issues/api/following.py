""" "我也遇到了": what is similar, joining and leaving."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from services.issues.api.parts import PREFIX, Community, IssueReader, Uow
from services.issues.domain.errors.issues import IssueNotFound, NotTheirStep
from services.issues.domain.errors.publicity import NotJoinable, TooEarlyToUrge, UrgedToday
from services.issues.permissions import Action
from services.issues.queries.cards import similar_cards
from services.issues.queries.earlier import earlier_seen_by
from services.issues.schemas.following import EarlierList, JoinBody, JoiningView, SimilarList, UrgeBody, UrgingView
from services.issues.use_cases.join_issue import JoinIssue, join_issue
from services.issues.use_cases.leave_issue import LeaveIssue, leave_issue
from services.issues.use_cases.urge_issue import UrgeIssue, urge_issue
from shared.clock import Clock
from shared.http.commands import Reading, answered, shown
from shared.http.problems import problems
from shared.http.routing import Router
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=PREFIX, tags=["issues"])
Joiner = Annotated[Principal, allow(Action.JOIN_ISSUE)]
NOTHING = JoinBody()


@router.get("/issues/similar", response_model=SimilarList)
async def similar(
    *,
    request: Request,
    community: Community,
    _who: IssueReader,
    reading: Reading,
    building_id: UUID,
    category: Annotated[str, Query(pattern=r"^[a-z][a-z0-9_]{1,39}$")],
) -> Response:
    """同楼同类、30天内未办结的诉求，提交前先看看。Open issues like this one; joining one helps more than reporting it again."""
    clock: Clock = request.app.state.unit_of_work.clock
    async with reading as connection:
        items = await similar_cards(connection, community, building_id, category, clock.now())
    return shown(SimilarList.model_construct(items=items))


@router.get("/issues/{issue_id}/earlier", response_model=EarlierList, responses=problems(IssueNotFound))
async def earlier(community: Community, issue_id: UUID, who: IssueReader, reading: Reading) -> Response:
    """同楼同类、之前90天内的诉求，新的在前。What happened before at the same place, newest first, twenty at most."""
    async with reading as connection:
        items = await earlier_seen_by(connection, community, issue_id, who)
    return shown(EarlierList.model_construct(items=items))


@router.post("/issues/{issue_id}/join", response_model=JoiningView, responses=problems(IssueNotFound, NotJoinable))
async def join(issue_id: UUID, who: Joiner, uow: Uow, _body: JoinBody = NOTHING) -> Response:
    """我也遇到了：加入并接收进展。Join an issue; joining twice counts once."""
    work = join_issue(JoinIssue(issue_id, who), uow)
    return await answered(work, uow, view=lambda issue: JoiningView.of(issue, following=True))


@router.post("/issues/{issue_id}/leave", response_model=JoiningView, responses=problems(IssueNotFound))
async def leave(issue_id: UUID, who: Joiner, uow: Uow, _body: JoinBody = NOTHING) -> Response:
    """不再关注。No longer follow an issue."""
    work = leave_issue(LeaveIssue(issue_id, who), uow)
    return await answered(work, uow, view=lambda issue: JoiningView.of(issue, following=False))


@router.post(
    "/issues/{issue_id}/urge",
    response_model=UrgingView,
    responses=problems(IssueNotFound, NotTheirStep, TooEarlyToUrge, UrgedToday),
)
async def urge(issue_id: UUID, body: UrgeBody, who: Joiner, uow: Uow) -> Response:
    """催办：超过时限后，诉求人（无账号的由代提人）和加入的邻居每天可催一次。After a deadline, once a day, by the reporter, a joiner, or whoever
    filed for somebody without an account.
    """
    return await answered(urge_issue(UrgeIssue(issue_id, who, body.note), uow), uow, view=UrgingView.of)
