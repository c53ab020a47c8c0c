"""Patrols: planning, walking, and what is found on the way."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.issues.api.parts import PREFIX, Community, Uow
from services.issues.domain.errors.filing import PlaceMismatch
from services.issues.domain.errors.issues import PlaceMissing
from services.issues.domain.errors.master_data import (
    UnknownBuilding,
    UnknownCategory,
    UnknownCompound,
    UnknownGrid,
    UnknownParticipant,
)
from services.issues.domain.errors.meetings import MeetingNotFound
from services.issues.domain.errors.moments import DateNotInFuture, PeriodTooLong
from services.issues.domain.errors.patrols import (
    FindingNotFound,
    FindingRaisedAlready,
    NothingToWalk,
    NotOnPatrol,
    NotOnRoute,
    PatrolNotFound,
    PatrolStepRefused,
    StopsLeftOut,
    TooManyFindings,
)
from services.issues.domain.words.patrols import FindingKind, PatrolKind, PatrolState
from services.issues.permissions import Action
from services.issues.queries.patrols import (
    PatrolFilter,
    findings_of,
    patrol_figures,
    patrol_seen_by,
    patrols_seen_by,
)
from services.issues.schemas.patrols import (
    BeginRoundBody,
    CancelPatrolBody,
    FindingBody,
    FindingView,
    FinishPatrolBody,
    PatrolFiguresView,
    PatrolSummary,
    PatrolView,
    PlanPatrolBody,
    StartPatrolBody,
    TrifleBody,
    VisitBody,
)
from services.issues.use_cases.begin_round import BeginRound, begin_round
from services.issues.use_cases.cancel_patrol import CancelPatrol, cancel_patrol
from services.issues.use_cases.finish_patrol import FinishPatrol, finish_patrol
from services.issues.use_cases.plan_patrol import PlanPatrol, plan_patrol
from services.issues.use_cases.raise_finding import RaiseFinding, raise_finding
from services.issues.use_cases.record_finding import RecordFinding, record_finding
from services.issues.use_cases.start_patrol import StartPatrol, start_patrol
from services.issues.use_cases.visit_grid import VisitGrid, visit_grid
from shared.errors import ConcurrentChange
from shared.http.commands import Reading, answered, shown
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.http.versions import IfMatch
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=PREFIX, tags=["patrols"])
Reader = Annotated[Principal, allow(Action.READ_PATROLS)]
Walker = Annotated[Principal, allow(Action.WALK_PATROL)]
STEP = (PatrolNotFound, PatrolStepRefused, NotOnPatrol, ConcurrentChange)
FINDING = (
    UnknownCategory,
    UnknownBuilding,
    UnknownCompound,
    UnknownGrid,
    PlaceMismatch,
    PlaceMissing,
    TooManyFindings,
)
"""What writing down a finding may answer."""
NOTHING, WHOLE, OWN = StartPatrolBody(), FinishPatrolBody(), BeginRoundBody()


@router.post(
    "/patrols",
    status_code=201,
    response_model=PatrolView,
    responses=problems(DateNotInFuture, UnknownGrid, UnknownParticipant, MeetingNotFound),
)
async def plan_a_patrol(
    community: Community, body: PlanPatrolBody, who: Annotated[Principal, allow(Action.PLAN_PATROL)], uow: Uow
) -> Response:
    """计划巡逻检查、实地调研或日常巡查。Plan a patrol, a field survey or a round."""
    base = f"/api/v1/communities/{community}/patrols"
    return await answered(
        plan_patrol(PlanPatrol(body.plan(), who), uow),
        uow,
        view=PatrolView.of,
        status=201,
        location=lambda patrol: f"{base}/{patrol.id}",
    )


@router.post(
    "/patrols/rounds", status_code=201, response_model=PatrolView, responses=problems(UnknownGrid, NothingToWalk)
)
async def begin_a_round(
    community: Community,
    who: Annotated[Principal, allow(Action.BEGIN_ROUND)],
    uow: Uow,
    body: BeginRoundBody = OWN,
) -> Response:
    """网格员一键开始日常巡查。A grid worker sets out with one tap."""
    base = f"/api/v1/communities/{community}/patrols"
    return await answered(
        begin_round(BeginRound(who, tuple(body.grids)), uow),
        uow,
        view=PatrolView.of,
        status=201,
        location=lambda patrol: f"{base}/{patrol.id}",
    )


@router.get("/patrols", response_model=Page[PatrolSummary])
async def list_patrols(
    *,
    community: Community,
    who: Reader,
    reading: Reading,
    page: PageQuery,
    kind: PatrolKind | None = None,
    state: PatrolState | None = None,
    meeting_id: UUID | None = None,
    grid_id: UUID | None = None,
    participant: Annotated[Literal["me"] | None, Query(description="me：只看本人参加的。Only one's own")] = None,
) -> Response:
    """巡查列表，近的在前。The latest first; those who are no staff see the ones in which they take part."""
    wanted = PatrolFilter(kind, state, meeting_id, grid_id, participant == "me")
    async with reading as connection:
        return shown(await patrols_seen_by(connection, community, who, wanted, page))


@router.get("/patrols/figures", response_model=PatrolFiguresView, responses=problems(PeriodTooLong))
async def read_patrol_figures(
    community: Community,
    _who: Annotated[Principal, allow(Action.READ_PATROL_FIGURES)],
    reading: Reading,
    from_day: Annotated[date, Query(alias="from", description="起始日（本地）。First local day")],
    to_day: Annotated[date, Query(alias="to", description="截止日，含。Last local day")],
) -> Response:
    """巡查统计：次数、人次、人数、发现和小事。Figures of a period of at most 366 days."""
    if not 0 <= (to_day - from_day).days <= 366:
        raise PeriodTooLong(fields={"to": ("须不早于起始日且不超过366天", "at most 366 days after the first day")})
    async with reading as connection:
        return shown(await patrol_figures(connection, community, from_day, to_day))


@router.get("/patrols/{patrol_id}", response_model=PatrolView, responses=problems(PatrolNotFound))
async def read_patrol(community: Community, patrol_id: UUID, who: Reader, reading: Reading) -> Response:
    """一次巡查。A patrol with its route."""
    async with reading as connection:
        return shown(PatrolView.of(await patrol_seen_by(connection, community, patrol_id, who)))


@router.get("/patrols/{patrol_id}/findings", response_model=Page[FindingView], responses=problems(PatrolNotFound))
async def list_findings(
    community: Community, patrol_id: UUID, who: Reader, reading: Reading, page: PageQuery
) -> Response:
    """巡查发现。What was found on a patrol."""
    async with reading as connection:
        patrol = await patrol_seen_by(connection, community, patrol_id, who)
        return shown(await findings_of(connection, community, patrol.id, page))


@router.post("/patrols/{patrol_id}/start", response_model=PatrolView, responses=problems(*STEP))
async def set_out(
    patrol_id: UUID, who: Walker, uow: Uow, if_match: IfMatch, _body: StartPatrolBody = NOTHING
) -> Response:
    """出发。Set out."""
    return await answered(start_patrol(StartPatrol(patrol_id, who, if_match), uow), uow, view=PatrolView.of)


@router.post("/patrols/{patrol_id}/visit", response_model=PatrolView, responses=problems(*STEP, NotOnRoute))
async def reach_grid(patrol_id: UUID, body: VisitBody, who: Walker, uow: Uow, if_match: IfMatch) -> Response:
    """到达网格。A grid of the route was reached."""
    return await answered(visit_grid(VisitGrid(patrol_id, body.grid_id, who, if_match), uow), uow, view=PatrolView.of)


@router.post("/patrols/{patrol_id}/finish", response_model=PatrolView, responses=problems(*STEP, StopsLeftOut))
async def come_back(
    patrol_id: UUID, who: Walker, uow: Uow, if_match: IfMatch, body: FinishPatrolBody = WHOLE
) -> Response:
    """收队。Come back."""
    return await answered(
        finish_patrol(FinishPatrol(patrol_id, who, body.note, if_match), uow), uow, view=PatrolView.of
    )


@router.post("/patrols/{patrol_id}/cancel", response_model=PatrolView, responses=problems(*STEP))
async def call_off(patrol_id: UUID, body: CancelPatrolBody, who: Walker, uow: Uow, if_match: IfMatch) -> Response:
    """取消。It does not take place."""
    return await answered(
        cancel_patrol(CancelPatrol(patrol_id, body.reason, who, if_match), uow), uow, view=PatrolView.of
    )


@router.post(
    "/patrols/{patrol_id}/findings",
    status_code=201,
    response_model=FindingView,
    responses=problems(*STEP, *FINDING),
)
async def record_a_finding(patrol_id: UUID, body: FindingBody, who: Walker, uow: Uow) -> Response:
    """记录隐患或问题，一步转为诉求。Write down a hazard or problem; it becomes an issue in the same step."""
    command = RecordFinding(
        patrol_id, body.kind, body.category, who, body.place.place(), body.text, body.severity, body.raise_issue
    )
    return await answered(record_finding(command, uow), uow, view=FindingView.of, status=201)


@router.post(
    "/patrols/{patrol_id}/trifles",
    status_code=201,
    response_model=FindingView,
    responses=problems(*STEP, *FINDING),
)
async def record_a_trifle(patrol_id: UUID, body: TrifleBody, who: Walker, uow: Uow) -> Response:
    """一键记录随手解决的小事。A trifle that was set right at once: one tap, and it counts."""
    place = body.place.place() if body.place is not None else None
    command = RecordFinding(patrol_id, FindingKind.TRIFLE, body.category, who, place, body.text)
    return await answered(record_finding(command, uow), uow, view=FindingView.of, status=201)


@router.post(
    "/patrols/{patrol_id}/findings/{finding_id}/raise",
    response_model=FindingView,
    responses=problems(PatrolNotFound, FindingNotFound, FindingRaisedAlready, PatrolStepRefused, UnknownCategory),
)
async def raise_a_finding(
    patrol_id: UUID, finding_id: UUID, who: Walker, uow: Uow, _body: StartPatrolBody = NOTHING
) -> Response:
    """把一条发现转为诉求。Make a finding an issue."""
    return await answered(raise_finding(RaiseFinding(patrol_id, finding_id, who), uow), uow, view=FindingView.of)
