"""Meetings in calendar programs: of a series, of one meeting, and behind a secret link that needs no signing in."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Path
from starlette.responses import Response

from services.issues.api.parts import PREFIX, Community, MeetingReader, Now, PublicReading, Uow
from services.issues.documents.calendar import MEDIA_TYPE, calendar_of_meetings
from services.issues.domain.errors.meetings import MeetingNotFound
from services.issues.domain.errors.series import CalendarLinkNotFound, SeriesNotFound, TooManyCalendarLinks
from services.issues.queries.meetings import meeting_seen_by
from services.issues.queries.series import linked_calendar, links_of, series_calendar
from services.issues.schemas.series import CalendarLinkView, LinkCalendarBody, LinkedCalendarView, NothingBody
from services.issues.use_cases.link_calendar import LinkCalendar, link_calendar
from services.issues.use_cases.revoke_calendar_link import RevokeCalendarLink, revoke_calendar_link
from shared.http.commands import Reading, answered, shown
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.security.authorisation import public

router = Router(prefix=PREFIX, tags=["meetings"])
NOTHING = NothingBody()
ICS: dict[int | str, dict[str, Any]] = {200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}}


@router.get("/meeting-series/{series_id}.ics", responses={**ICS, **problems(SeriesNotFound)})
async def series_as_calendar(
    community: Community, series_id: UUID, _who: MeetingReader, reading: Reading, now: Now
) -> Response:
    """系列会议的日历文件。A series as iCalendar."""
    async with reading as connection:
        return _ics(await series_calendar(connection, community, series_id, now))


@router.get("/meetings/{meeting_id}.ics", responses={**ICS, **problems(MeetingNotFound)})
async def meeting_as_calendar(
    community: Community, meeting_id: UUID, who: MeetingReader, reading: Reading, now: Now
) -> Response:
    """一次会议的日历文件。One meeting as iCalendar."""
    async with reading as connection:
        meeting = await meeting_seen_by(connection, community, meeting_id, who)
    return _ics(calendar_of_meetings((meeting,), now, name=meeting.kind.words.zh))


@router.post(
    "/meeting-calendars",
    status_code=201,
    response_model=LinkedCalendarView,
    responses=problems(SeriesNotFound, TooManyCalendarLinks),
)
async def make_calendar_link(community: Community, body: LinkCalendarBody, who: MeetingReader, uow: Uow) -> Response:
    """生成日历订阅链接，可随时停用。A secret address for a calendar program; it can be revoked at any time."""
    base = f"/api/v1/communities/{community}/meeting-calendars"
    work = link_calendar(LinkCalendar(body.series_id, who), uow)
    return await answered(work, uow, view=lambda linked: LinkedCalendarView.of(linked, base), status=201)


@router.get("/meeting-calendars", response_model=Page[CalendarLinkView])
async def list_calendar_links(community: Community, who: MeetingReader, reading: Reading, page: PageQuery) -> Response:
    """我的日历链接。One's own links, without their secrets."""
    async with reading as connection:
        return shown(await links_of(connection, community, who.person, page))


@router.post(
    "/meeting-calendars/{link_id}/revoke", response_model=CalendarLinkView, responses=problems(CalendarLinkNotFound)
)
async def revoke_link(link_id: UUID, who: MeetingReader, uow: Uow, _body: NothingBody = NOTHING) -> Response:
    """停用日历链接。Make a link useless at once."""
    return await answered(revoke_calendar_link(RevokeCalendarLink(link_id, who), uow), uow, view=CalendarLinkView.of)


@router.get(
    "/meeting-calendars/{token}.ics",
    responses={**ICS, **problems(CalendarLinkNotFound)},
    dependencies=[public()],
)
async def subscribed_calendar(
    community: Community,
    token: Annotated[str, Path(max_length=64)],
    reading: PublicReading,
    now: Now,
) -> Response:
    """日历程序读取的地址，无需登录；知道链接即可读。What a calendar program reads; knowing the address is enough."""
    async with reading as connection:
        return _ics(await linked_calendar(connection, community, token, now))


def _ics(content: bytes) -> Response:
    return Response(content, media_type=MEDIA_TYPE)
