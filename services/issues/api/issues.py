"""Issues: reading them, and every step of the transition table that is not taken inside a meeting."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.issues.api.parts import PREFIX, Community, IssueReader, Now, Uow
from services.issues.domain.errors.contacts import ContactIncomplete
from services.issues.domain.errors.filing import PlaceMismatch, ProxyIncomplete, SourceRefused
from services.issues.domain.errors.issues import IssueNotFound
from services.issues.domain.errors.master_data import (
    UnknownBuilding,
    UnknownCategory,
    UnknownCompound,
    UnknownGrid,
    UnknownPerson,
)
from services.issues.domain.errors.meetings import MeetingNotFound
from services.issues.domain.issue import READERS
from services.issues.domain.words.issues import ProposalKind, Source, State
from services.issues.permissions import Action
from services.issues.queries.issues import IssueFilter, history_of, issue_seen_by, issues_seen_by
from services.issues.queries.routing import suggestion_for
from services.issues.schemas.issue_views import HistoryView, IssueSummary, IssueView
from services.issues.schemas.report_bodies import ReportIssueBody
from services.issues.use_cases.report_issue import report_issue
from shared.http.commands import Reading, answered, shown
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=PREFIX, tags=["issues"])
REPORTING = (
    UnknownCategory,
    UnknownBuilding,
    UnknownCompound,
    UnknownGrid,
    UnknownPerson,
    PlaceMismatch,
    SourceRefused,
    ProxyIncomplete,
    ContactIncomplete,
    MeetingNotFound,
)
"""What putting a matter on record may answer."""


@router.post("/issues", status_code=201, response_model=IssueView, responses=problems(*REPORTING))
async def report(
    community: Community, body: ReportIssueBody, who: Annotated[Principal, allow(Action.REPORT_ISSUE)], uow: Uow
) -> Response:
    """提出诉求，立即取得编号。Report a matter; the receipt with its number comes at once."""
    command = body.command(who, uow.now())
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
    building_id: UUID | None = None,
    compound_id: UUID | None = None,
    grid_id: UUID | None = None,
    source: Source | None = None,
    proposal: Annotated[ProposalKind | None, Query(description="待审批的申请。What waits for a second person")] = None,
    brought_up: Annotated[bool, Query(description="只看已提交街道的。Only what lies before the subdistrict")] = False,
    number: Annotated[
        str | None, Query(pattern=r"^[A-Z0-9-]{1,30}$", description="编号前缀。Beginning of a number")
    ] = None,
    overdue_level: Annotated[
        int | None, Query(ge=50, le=300, description="已升级到：50 80 100 150 300。Percent of T3 that was escalated")
    ] = None,
) -> Response:
    """诉求列表，新的在前；居民只看到本人的。Newest first; residents see their own, handlers those of their organisation."""
    wanted = IssueFilter(
        state,
        category,
        responsible_organisation,
        reported_by,
        number,
        building_id,
        compound_id,
        grid_id,
        source,
        proposal,
        brought_up,
        overdue_level,
    )
    async with reading as connection:
        return shown(await issues_seen_by(connection, community, who, wanted, page))


@router.get("/issues/{issue_id}", response_model=IssueView, responses=problems(IssueNotFound))
async def read_issue(community: Community, issue_id: UUID, who: IssueReader, reading: Reading, now: Now) -> Response:
    """一条诉求，含四步公开进程和当前可办事项。One issue with its public trail and what the caller can do."""
    async with reading as connection:
        issue = await issue_seen_by(connection, community, issue_id, who)
        suggestion = await suggestion_for(connection, community, issue, who, now)
    return shown(IssueView.of(issue, who, now).model_copy(update={"suggestion": suggestion}))


@router.get("/issues/{issue_id}/history", response_model=Page[HistoryView], responses=problems(IssueNotFound))
async def issue_history(community: Community, issue_id: UUID, who: IssueReader, reading: Reading) -> Response:
    """办理经过。What happened, oldest first."""
    async with reading as connection:
        issue = await issue_seen_by(connection, community, issue_id, who)
        entries = await history_of(connection, community, issue_id)
    names = bool(who.roles & READERS) or issue.is_handled_by(who)
    items = [HistoryView.of(entry, issue, names=names, by=who) for entry in entries]
    return shown(Page[HistoryView].model_construct(items=items, next_cursor=None))
