"""Whistles (吹哨报到): blowing, what each called unit answers, and how fast units arrive."""

from collections.abc import Awaitable
from datetime import date
from typing import Annotated
from uuid import UUID

from starlette.responses import Response

from services.issues.api.parts import PREFIX, Community, Uow
from services.issues.domain.errors.issues import ISSUE_ERRORS, ConflictOfInterest, NotTheirStep
from services.issues.domain.errors.master_data import UnknownOrganisation
from services.issues.domain.errors.moments import PeriodTooLong
from services.issues.domain.errors.whistles import (
    PlaceCodeRefused,
    RatedAlready,
    UnitAlreadyCalled,
    UnitNamedTwice,
    UnitNotCalled,
    UnitNotNamed,
    WhistleNotFound,
    WhistleStepRefused,
)
from services.issues.domain.period import Period
from services.issues.domain.whistle import Whistle
from services.issues.domain.words.whistles import WhistleLevel, WhistleState
from services.issues.permissions import Action
from services.issues.queries.whistles import (
    WhistleFilter,
    arrivals_by_unit,
    history_of_whistle,
    whistle_seen_by,
    whistles_seen_by,
)
from services.issues.schemas.whistle_bodies import (
    AnswerBody,
    BlowBody,
    CancelBody,
    DoneBody,
    NoteBody,
    RateWhistleBody,
    RefuseBody,
    ReportInBody,
    UnitBody,
    UnitReasonBody,
)
from services.issues.schemas.whistles import (
    ArrivalStatistics,
    PlaceCodeView,
    WhistleEntryView,
    WhistleSummary,
    WhistleView,
)
from services.issues.use_cases.acknowledge_whistle import AcknowledgeWhistle, acknowledge_whistle
from services.issues.use_cases.blow_whistle import BlowWhistle, blow_whistle
from services.issues.use_cases.cancel_whistle import CancelWhistle, cancel_whistle
from services.issues.use_cases.confirm_arrival import ConfirmArrival, confirm_arrival
from services.issues.use_cases.finish_whistle_work import FinishWhistleWork, finish_whistle_work
from services.issues.use_cases.note_on_whistle import NoteOnWhistle, note_on_whistle
from services.issues.use_cases.rate_whistle import RateWhistle, rate_whistle
from services.issues.use_cases.refuse_whistle import RefuseWhistle, refuse_whistle
from services.issues.use_cases.reject_arrival import RejectArrival, reject_arrival
from services.issues.use_cases.release_unit import ReleaseUnit, release_unit
from services.issues.use_cases.report_in_at_whistle import ReportInAtWhistle, report_in_at_whistle
from services.issues.use_cases.show_place_code import ShowPlaceCode, show_place_code
from shared.errors import ConcurrentChange
from shared.http.commands import Reading, answered, shown
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.http.versions import IfMatch
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=PREFIX, tags=["whistles"])
Reader = Annotated[Principal, allow(Action.READ_WHISTLES)]
Answerer = Annotated[Principal, allow(Action.ANSWER_WHISTLE)]
Leader = Annotated[Principal, allow(Action.LEAD_WHISTLE)]
Speaker = Annotated[Principal, allow(Action.SPEAK_ON_WHISTLE)]
STEP = (WhistleNotFound, WhistleStepRefused, NotTheirStep, UnitNotCalled, ConcurrentChange)
ANSWER = (*STEP, UnitNotNamed)
OFFICE_STEP = (*STEP, ConflictOfInterest)
NOTHING = AnswerBody()


@router.post(
    "/issues/{issue_id}/whistle",
    status_code=201,
    response_model=WhistleView,
    responses=problems(*ISSUE_ERRORS, ConcurrentChange, UnknownOrganisation, UnitNamedTwice, UnitAlreadyCalled),
)
async def blow_whistle_for_issue(
    *,
    community: Community,
    issue_id: UUID,
    body: BlowBody,
    who: Annotated[Principal, allow(Action.BLOW_WHISTLE)],
    uow: Uow,
    if_match: IfMatch,
) -> Response:
    """吹哨：呼叫单位到场，各有到场时限。Call units to the place; each has its own arrival clock."""
    command = BlowWhistle(issue_id, tuple(body.units), body.level, body.why, body.place, who, if_match)
    base = f"/api/v1/communities/{community}/whistles"
    return await answered(
        blow_whistle(command, uow),
        uow,
        view=lambda whistle: WhistleView.of(whistle, who),
        status=201,
        location=lambda whistle: f"{base}/{whistle.id}",
    )


@router.get("/whistles", response_model=Page[WhistleSummary])
async def list_whistles(
    *,
    community: Community,
    who: Reader,
    reading: Reading,
    page: PageQuery,
    state: WhistleState | None = None,
    level: WhistleLevel | None = None,
    unit: UUID | None = None,
    issue_id: UUID | None = None,
    missed: bool | None = None,
) -> Response:
    """吹哨列表，新的在前；单位只见呼叫本单位的，街道只见超时未到的。Newest first; units see their own, the subdistrict the missed ones."""
    wanted = WhistleFilter(state, level, unit, issue_id, missed)
    async with reading as connection:
        return shown(await whistles_seen_by(connection, community, who, wanted, page))


@router.get("/whistles/arrivals", response_model=ArrivalStatistics, responses=problems(PeriodTooLong))
async def arrivals_of_units(
    *,
    community: Community,
    who: Reader,
    reading: Reading,
    since: date,
    until: date,
    level: WhistleLevel | None = None,
) -> Response:
    """各单位到场统计：次数、按时、超时、用时中位数。How each unit arrives: calls, in time, missed, median minutes with its n."""
    period = Period(since, until)
    async with reading as connection:
        return shown(await arrivals_by_unit(connection, community, who, period=period, level=level))


@router.get("/whistles/{whistle_id}", response_model=WhistleView, responses=problems(WhistleNotFound))
async def read_whistle(community: Community, whistle_id: UUID, who: Reader, reading: Reading) -> Response:
    """一次吹哨，含各单位时钟与可办事项。A whistle with the clock of each unit and what the caller can do."""
    async with reading as connection:
        whistle = await whistle_seen_by(connection, community, whistle_id, who)
    return shown(WhistleView.of(whistle, who))


@router.get(
    "/whistles/{whistle_id}/history", response_model=Page[WhistleEntryView], responses=problems(WhistleNotFound)
)
async def whistle_history(
    community: Community, whistle_id: UUID, who: Reader, reading: Reading, page: PageQuery
) -> Response:
    """经过与记录，早的在前。What happened, with the notes, oldest first."""
    async with reading as connection:
        whistle = await whistle_seen_by(connection, community, whistle_id, who)
        return shown(await history_of_whistle(connection, community, whistle, who, page))


@router.post(
    "/whistles/{whistle_id}/place-code",
    response_model=PlaceCodeView,
    responses=problems(WhistleNotFound, WhistleStepRefused),
)
async def place_code(
    whistle_id: UUID,
    who: Annotated[Principal, allow(Action.SHOW_PLACE_CODE)],
    uow: Uow,
    _body: AnswerBody = NOTHING,
) -> Response:
    """现场码：30分钟内有效，供到场人员扫描。A code to show at the place, valid for 30 minutes."""
    return await answered(show_place_code(ShowPlaceCode(whistle_id, who), uow), uow, view=PlaceCodeView.of)


@router.post("/whistles/{whistle_id}/acknowledge", response_model=WhistleView, responses=problems(*ANSWER))
async def acknowledge_call(
    whistle_id: UUID, who: Answerer, uow: Uow, if_match: IfMatch, body: AnswerBody = NOTHING
) -> Response:
    """响应：已听到，尚未到场。The call was heard; nobody is there yet."""
    return await _step(
        acknowledge_whistle(AcknowledgeWhistle(whistle_id, body.organisation, who, if_match), uow), uow, who
    )


@router.post("/whistles/{whistle_id}/refuse", response_model=WhistleView, responses=problems(*ANSWER))
async def refuse_call(whistle_id: UUID, body: RefuseBody, who: Answerer, uow: Uow, if_match: IfMatch) -> Response:
    """拒绝并说明理由；到场时钟不停。Refuse with a reason; the clock runs until the office releases the unit."""
    command = RefuseWhistle(whistle_id, body.organisation, body.reason, who, if_match)
    return await _step(refuse_whistle(command, uow), uow, who)


@router.post(
    "/whistles/{whistle_id}/report-in", response_model=WhistleView, responses=problems(*ANSWER, PlaceCodeRefused)
)
async def report_in_at_place(
    whistle_id: UUID, body: ReportInBody, who: Answerer, uow: Uow, if_match: IfMatch
) -> Response:
    """报到：扫现场码，或自报待社区确认。Report in with the code of the place, or declare it for the office to confirm."""
    command = ReportInAtWhistle(whistle_id, body.organisation, body.place, body.place_code, who, if_match)
    return await _step(report_in_at_whistle(command, uow), uow, who)


@router.post("/whistles/{whistle_id}/confirm", response_model=WhistleView, responses=problems(*OFFICE_STEP))
async def confirm_presence(whistle_id: UUID, body: UnitBody, who: Leader, uow: Uow, if_match: IfMatch) -> Response:
    """社区确认单位自报的到场。The office saw the unit at the place."""
    return await _step(confirm_arrival(ConfirmArrival(whistle_id, body.organisation, who, if_match), uow), uow, who)


@router.post("/whistles/{whistle_id}/reject", response_model=WhistleView, responses=problems(*OFFICE_STEP))
async def reject_presence(whistle_id: UUID, body: UnitReasonBody, who: Leader, uow: Uow, if_match: IfMatch) -> Response:
    """社区否认自报的到场，时钟照走。The office did not see the unit; its clock runs as before."""
    command = RejectArrival(whistle_id, body.organisation, body.reason, who, if_match)
    return await _step(reject_arrival(command, uow), uow, who)


@router.post("/whistles/{whistle_id}/note", response_model=WhistleView, responses=problems(*ANSWER))
async def note_work(whistle_id: UUID, body: NoteBody, who: Speaker, uow: Uow, if_match: IfMatch) -> Response:
    """记录办理情况。Write down what is being done."""
    command = NoteOnWhistle(whistle_id, body.organisation, body.text, who, if_match)
    return await _step(note_on_whistle(command, uow), uow, who)


@router.post("/whistles/{whistle_id}/done", response_model=WhistleView, responses=problems(*ANSWER))
async def finish_work(whistle_id: UUID, body: DoneBody, who: Answerer, uow: Uow, if_match: IfMatch) -> Response:
    """单位办毕；全部办毕即结哨。The unit is done; with the last one the whistle closes."""
    command = FinishWhistleWork(whistle_id, body.organisation, body.result, who, if_match)
    return await _step(finish_whistle_work(command, uow), uow, who)


@router.post("/whistles/{whistle_id}/release", response_model=WhistleView, responses=problems(*OFFICE_STEP))
async def release_called_unit(
    whistle_id: UUID, body: UnitReasonBody, who: Leader, uow: Uow, if_match: IfMatch
) -> Response:
    """解除一个单位。The office needs this unit no more."""
    command = ReleaseUnit(whistle_id, body.organisation, body.reason, who, if_match)
    return await _step(release_unit(command, uow), uow, who)


@router.post(
    "/whistles/{whistle_id}/cancel",
    response_model=WhistleView,
    responses=problems(WhistleNotFound, WhistleStepRefused, ConcurrentChange),
)
async def cancel_call(whistle_id: UUID, body: CancelBody, who: Leader, uow: Uow, if_match: IfMatch) -> Response:
    """撤哨。Take the whistle back."""
    return await _step(cancel_whistle(CancelWhistle(whistle_id, body.reason, who, if_match), uow), uow, who)


@router.post(
    "/whistles/{whistle_id}/rate",
    response_model=WhistleView,
    responses=problems(*ANSWER, ConflictOfInterest, RatedAlready),
)
async def rate_each_other(
    whistle_id: UUID, body: RateWhistleBody, who: Speaker, uow: Uow, if_match: IfMatch
) -> Response:
    """互评，办毕后各一次。Rate each other after the work, once each."""
    command = RateWhistle(whistle_id, body.organisation, body.score, body.comment, who, if_match)
    return await _step(rate_whistle(command, uow), uow, who)


async def _step(work: Awaitable[Whistle], uow: Uow, who: Principal) -> Response:
    return await answered(work, uow, view=lambda whistle: WhistleView.of(whistle, who))
