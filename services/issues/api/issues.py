"""Issues: reading them, and every step of the transition table that is not taken inside a meeting."""

from collections.abc import Awaitable
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.issues.api.parts import PREFIX, Community, IssueReader, Now, Uow
from services.issues.domain.errors.issues import ISSUE_ERRORS, ConflictOfInterest, IssueNotFound
from services.issues.domain.errors.master_data import UnknownBuilding, UnknownCategory, UnknownOrganisation
from services.issues.domain.errors.meetings import MeetingClosedAlready, MeetingNotFound
from services.issues.domain.errors.moments import DateNotInFuture
from services.issues.domain.issue import READERS, Issue
from services.issues.domain.resolution import Quantity
from services.issues.domain.words.issues import State
from services.issues.permissions import Action
from services.issues.queries.issues import IssueFilter, history_of, issue_seen_by, issues_seen_by
from services.issues.schemas.issue_bodies import (
    AcceptBody,
    AssignBody,
    PlaceOnAgendaBody,
    RateBody,
    ReportIssueBody,
    ResolveBody,
    SignBody,
    WithdrawBody,
)
from services.issues.schemas.issue_views import HistoryView, IssueSummary, IssueView
from services.issues.use_cases.accept_issue import AcceptIssue, accept_issue
from services.issues.use_cases.assign_issue import AssignIssue, assign_issue
from services.issues.use_cases.place_on_agenda import PlaceOnAgenda, place_on_agenda
from services.issues.use_cases.rate_issue import RateIssue, rate_issue
from services.issues.use_cases.report_issue import ReportIssue, report_issue
from services.issues.use_cases.resolve_issue import ResolveIssue, resolve_issue
from services.issues.use_cases.sign_for_issue import SignForIssue, sign_for_issue
from services.issues.use_cases.withdraw_issue import WithdrawIssue, withdraw_issue
from shared.errors import ConcurrentChange
from shared.http.commands import Reading, answered, shown
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.http.versions import IfMatch
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=PREFIX, tags=["issues"])
NOTHING = SignBody()
STEP = (*ISSUE_ERRORS, ConcurrentChange)


@router.post("/issues", status_code=201, response_model=IssueView, responses=problems(UnknownCategory, UnknownBuilding))
async def report(
    community: Community, body: ReportIssueBody, who: Annotated[Principal, allow(Action.REPORT_ISSUE)], uow: Uow
) -> Response:
    """提出诉求，立即取得编号。Report a matter; the receipt with its number comes at once."""
    command = ReportIssue(
        category=body.category,
        building_id=body.place.building_id,
        place_text=body.place.text,
        text=body.text,
        title=body.title,
        kind=body.kind,
        consent=body.consent,
        by=who,
    )
    base = f"/api/v1/communities/{community}/issues"
    return await answered(
        report_issue(command, uow),
        uow,
        view=lambda issue: IssueView.of(issue, who, uow.now()),
        status=201,
        location=lambda issue: f"{base}/{issue.id}",
    )


@router.get("/issues", response_model=Page[IssueSummary])
async def list_issues(
    *,
    community: Community,
    who: IssueReader,
    reading: Reading,
    page: PageQuery,
    state: State | None = None,
    category: Annotated[str | None, Query(pattern=r"^[a-z][a-z0-9_]{1,39}$")] = None,
    responsible_organisation: UUID | None = None,
    reported_by: Annotated[Literal["me"] | None, Query(description="me：只看本人提出的。Only one's own")] = None,
    number: Annotated[
        str | None, Query(pattern=r"^[A-Z0-9-]{1,30}$", description="编号前缀。Beginning of a number")
    ] = None,
) -> Response:
    """诉求列表，新的在前；居民只看到本人的。Newest first; residents see their own, handlers those of their organisation."""
    wanted = IssueFilter(state, category, responsible_organisation, reported_by, number)
    async with reading as connection:
        return shown(await issues_seen_by(connection, community, who, wanted, page))


@router.get("/issues/{issue_id}", response_model=IssueView, responses=problems(IssueNotFound))
async def read_issue(community: Community, issue_id: UUID, who: IssueReader, reading: Reading, now: Now) -> Response:
    """一条诉求，含四步公开进程和当前可办事项。One issue with its public trail and what the caller can do."""
    async with reading as connection:
        issue = await issue_seen_by(connection, community, issue_id, who)
    return shown(IssueView.of(issue, who, now))


@router.get("/issues/{issue_id}/history", response_model=Page[HistoryView], responses=problems(IssueNotFound))
async def issue_history(community: Community, issue_id: UUID, who: IssueReader, reading: Reading) -> Response:
    """办理经过。What happened, oldest first."""
    async with reading as connection:
        issue = await issue_seen_by(connection, community, issue_id, who)
        entries = await history_of(connection, community, issue_id)
    names = bool(who.roles & READERS) or issue.is_handled_by(who)
    items = [HistoryView.of(entry, names=names, by=who) for entry in entries]
    return shown(Page[HistoryView].model_construct(items=items, next_cursor=None))


@router.post("/issues/{issue_id}/accept", response_model=IssueView, responses=problems(*STEP))
async def accept(
    issue_id: UUID,
    body: AcceptBody,
    who: Annotated[Principal, allow(Action.ACCEPT_ISSUE)],
    uow: Uow,
    if_match: IfMatch,
) -> Response:
    """受理诉求并定级。Take an issue in and set its tier."""
    return await _step(accept_issue(AcceptIssue(issue_id, body.tier, who, body.note, if_match), uow), uow, who)


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
    return await _step(place_on_agenda(PlaceOnAgenda(issue_id, body.meeting_id, who, if_match), uow), uow, who)


@router.post(
    "/issues/{issue_id}/assign",
    response_model=IssueView,
    responses=problems(*STEP, UnknownOrganisation, DateNotInFuture),
)
async def assign(
    issue_id: UUID,
    body: AssignBody,
    who: Annotated[Principal, allow(Action.ASSIGN_ISSUE)],
    uow: Uow,
    if_match: IfMatch,
) -> Response:
    """派单：记录、责任单位、时限、计划。Make one organisation responsible."""
    command = AssignIssue(issue_id, body.record, body.responsible_organisation, body.deadline, body.plan, who, if_match)
    return await _step(assign_issue(command, uow), uow, who)


@router.post("/issues/{issue_id}/sign", response_model=IssueView, responses=problems(*STEP))
async def sign(
    issue_id: UUID,
    who: Annotated[Principal, allow(Action.SIGN_FOR_ISSUE)],
    uow: Uow,
    if_match: IfMatch,
    _body: SignBody = NOTHING,
) -> Response:
    """责任单位签收。The responsible organisation takes the issue over."""
    return await _step(sign_for_issue(SignForIssue(issue_id, who, if_match), uow), uow, who)


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
    return await _step(resolve_issue(command, uow), uow, who)


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
    return await _step(rate_issue(command, uow), uow, who)


@router.post("/issues/{issue_id}/withdraw", response_model=IssueView, responses=problems(*STEP))
async def withdraw(
    issue_id: UUID,
    body: WithdrawBody,
    who: Annotated[Principal, allow(Action.WITHDRAW_ISSUE)],
    uow: Uow,
    if_match: IfMatch,
) -> Response:
    """诉求人撤回。The reporter takes the matter back."""
    return await _step(withdraw_issue(WithdrawIssue(issue_id, who, body.reason, if_match), uow), uow, who)


async def _step(work: Awaitable[Issue], uow: Uow, who: Principal) -> Response:
    return await answered(work, uow, view=lambda issue: IssueView.of(issue, who, uow.now()))
