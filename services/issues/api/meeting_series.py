"""Series of meetings: beginning, changing this and the following or all, ending; single meetings moved or cancelled."""

from typing import Annotated
from uuid import UUID

from starlette.responses import Response

from services.issues.api.parts import PREFIX, Community, MeetingReader, Now, Uow
from services.issues.domain.errors.meetings import MeetingCancelled, MeetingClosedAlready, MeetingNotFound
from services.issues.domain.errors.moments import DateNotInFuture
from services.issues.domain.errors.series import (
    ItemsHaveNowhereToGo,
    SeriesDatesWrong,
    SeriesNotFound,
    SeriesOver,
    TooManySeries,
)
from services.issues.domain.words.meetings import MeetingKind
from services.issues.permissions import Action
from services.issues.queries.series import series_by_id, series_listed
from services.issues.schemas.meetings import MeetingView
from services.issues.schemas.series import (
    BeginSeriesBody,
    CancelMeetingBody,
    ChangeSeriesBody,
    EndSeriesBody,
    RescheduleBody,
    SeriesView,
)
from services.issues.use_cases.begin_series import BeginSeries, begin_series
from services.issues.use_cases.cancel_meeting import CancelMeeting, cancel_meeting
from services.issues.use_cases.change_series import ChangeSeries, change_series
from services.issues.use_cases.end_series import EndSeries, end_series
from services.issues.use_cases.reschedule_meeting import RescheduleMeeting, reschedule_meeting
from shared.errors import ConcurrentChange
from shared.http.commands import Reading, answered, shown
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.http.versions import IfMatch
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=PREFIX, tags=["meetings"])
Convener = Annotated[Principal, allow(Action.CONVENE_MEETING)]
SERIES = (SeriesNotFound, SeriesOver, SeriesDatesWrong, ItemsHaveNowhereToGo, ConcurrentChange)
MEETING = (MeetingNotFound, MeetingClosedAlready, MeetingCancelled, ConcurrentChange)


@router.post(
    "/meeting-series",
    status_code=201,
    response_model=SeriesView,
    responses=problems(SeriesDatesWrong, TooManySeries),
)
async def begin_a_series(community: Community, body: BeginSeriesBody, who: Convener, uow: Uow) -> Response:
    """开始系列会议：按规则自动召集，遇节假日调整。Begin a series; its meetings are convened by themselves, off holidays."""
    base = f"/api/v1/communities/{community}/meeting-series"
    return await answered(
        begin_series(BeginSeries(body.plan(), body.first, body.last, who), uow),
        uow,
        view=SeriesView.of,
        status=201,
        location=lambda series: f"{base}/{series.id}",
    )


@router.get("/meeting-series", response_model=Page[SeriesView])
async def list_series(
    *, community: Community, _who: MeetingReader, reading: Reading, page: PageQuery, kind: MeetingKind | None = None
) -> Response:
    """系列会议，新的在前。Newest first."""
    async with reading as connection:
        return shown(await series_listed(connection, community, page, kind))


@router.get("/meeting-series/{series_id}", response_model=SeriesView, responses=problems(SeriesNotFound))
async def read_series(community: Community, series_id: UUID, _who: MeetingReader, reading: Reading) -> Response:
    """一个系列。One series."""
    async with reading as connection:
        return shown(SeriesView.of(await series_by_id(connection, community, series_id)))


@router.post(
    "/meeting-series/{series_id}/change", response_model=SeriesView, responses=problems(*SERIES, TooManySeries)
)
async def change_a_series(
    series_id: UUID, body: ChangeSeriesBody, who: Convener, uow: Uow, if_match: IfMatch
) -> Response:
    """修改本次及以后或全部；已开的会不动，已改期的保留。Change the following or all; answers the series that holds from now on."""
    command = ChangeSeries(series_id, body.scope, body.since, body.changes(), who, if_match)
    return await answered(change_series(command, uow), uow, view=SeriesView.of)


@router.post("/meeting-series/{series_id}/end", response_model=SeriesView, responses=problems(*SERIES))
async def end_a_series(series_id: UUID, body: EndSeriesBody, who: Convener, uow: Uow, if_match: IfMatch) -> Response:
    """结束系列；之后的会议取消，议题转出。End a series; later meetings are cancelled, their agendas go on."""
    command = EndSeries(series_id, body.last, body.reason, who, if_match)
    return await answered(end_series(command, uow), uow, view=SeriesView.of)


@router.post(
    "/meetings/{meeting_id}/reschedule", response_model=MeetingView, responses=problems(*MEETING, DateNotInFuture)
)
async def reschedule(
    *, meeting_id: UUID, body: RescheduleBody, who: Convener, uow: Uow, if_match: IfMatch, now: Now
) -> Response:
    """改期：只改这一次。Move this meeting only."""
    command = RescheduleMeeting(meeting_id, body.starts_at, body.place, body.minutes, body.reason, who, if_match)
    return await answered(reschedule_meeting(command, uow), uow, view=lambda meeting: MeetingView.of(meeting, now, who))


@router.post(
    "/meetings/{meeting_id}/cancel", response_model=MeetingView, responses=problems(*MEETING, ItemsHaveNowhereToGo)
)
async def cancel_this_meeting(
    *, meeting_id: UUID, body: CancelMeetingBody, who: Convener, uow: Uow, if_match: IfMatch, now: Now
) -> Response:
    """取消：只取消这一次，议题转入下一次同类会议。Cancel this meeting only; its agenda goes to the next of the kind."""
    work = cancel_meeting(CancelMeeting(meeting_id, body.reason, who, if_match), uow)
    return await answered(work, uow, view=lambda meeting: MeetingView.of(meeting, now, who))
