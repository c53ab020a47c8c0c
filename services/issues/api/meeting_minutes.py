"""Live minutes: writing, signing, publishing, and what everybody reads."""

from typing import Annotated
from uuid import UUID

from starlette.responses import Response

from services.issues.api.parts import PREFIX, Community, MeetingReader, Uow
from services.issues.domain.errors.meetings import MeetingNotFound
from services.issues.domain.errors.minutes import (
    MinutesMoved,
    MinutesNotReady,
    MinutesPublishedAlready,
    MinutesSigned,
    PersonalDataInMinutes,
    SectionNotFound,
)
from services.issues.domain.meetings.minutes import check_section
from services.issues.permissions import Action
from services.issues.queries.meetings import meeting_seen_by
from services.issues.queries.minutes import minutes_of, public_minutes, published_listed, versions_of
from services.issues.schemas.minutes import (
    MinutesVersionView,
    MinutesView,
    PublicMinutesView,
    PublishedView,
    PublishMinutesBody,
    SectionView,
    SignMinutesBody,
    WriteMinutesBody,
)
from services.issues.use_cases.publish_minutes import PublishMinutes, publish_minutes
from services.issues.use_cases.sign_minutes import SignMinutes, sign_minutes
from services.issues.use_cases.write_minutes import WriteMinutes, write_minutes
from shared.errors import ConcurrentChange
from shared.http.commands import Reading, answered, shown
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.http.versions import IfMatch
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=PREFIX, tags=["meetings"])
Scribe = Annotated[Principal, allow(Action.WRITE_MINUTES)]
Signer = Annotated[Principal, allow(Action.SIGN_MINUTES)]
DONE = (MeetingNotFound, MinutesNotReady, MinutesSigned, MinutesPublishedAlready, ConcurrentChange)


@router.get("/meetings/published-minutes", response_model=Page[PublishedView])
async def list_published_minutes(
    community: Community, _who: MeetingReader, reading: Reading, page: PageQuery
) -> Response:
    """已公布的会议记录，新的在前。Meetings with published minutes, the latest first; for everybody."""
    async with reading as connection:
        return shown(await published_listed(connection, community, page))


@router.get(
    "/meetings/{meeting_id}/public-minutes", response_model=PublicMinutesView, responses=problems(MeetingNotFound)
)
async def read_public_minutes(
    community: Community, meeting_id: UUID, _who: MeetingReader, reading: Reading
) -> Response:
    """公开版会议记录：全体居民可读，不含个人信息。For everybody, without personal data; 404 until it is published."""
    async with reading as connection:
        return shown(await public_minutes(connection, community, meeting_id))


@router.get("/meetings/{meeting_id}/minutes", response_model=MinutesView, responses=problems(MeetingNotFound))
async def read_minutes(community: Community, meeting_id: UUID, who: MeetingReader, reading: Reading) -> Response:
    """会议记录各部分及版本。All sections with their versions, for those who may see the meeting."""
    async with reading as connection:
        meeting = await meeting_seen_by(connection, community, meeting_id, who)
        return shown(await minutes_of(connection, community, meeting, who))


@router.post(
    "/meetings/{meeting_id}/minutes/{section_id}",
    response_model=SectionView,
    responses=problems(MeetingNotFound, SectionNotFound, MinutesMoved, MinutesSigned),
)
async def write_section(
    *, meeting_id: UUID, section_id: UUID, body: WriteMinutesBody, who: Scribe, uow: Uow, if_match: IfMatch
) -> Response:
    """写记录（可自动保存）；别人先写了则 412，并附上当前文字和版本。The general part has the id of the meeting. 412 brings the
    current text and version along, so that nothing is lost; without If-Match only a section that is empty so far is taken."""
    command = WriteMinutes(meeting_id, section_id, body.text, who, if_match)
    return await answered(write_minutes(command, uow), uow, view=SectionView.of)


@router.get(
    "/meetings/{meeting_id}/minutes/{section_id}/versions",
    response_model=Page[MinutesVersionView],
    responses=problems(MeetingNotFound, SectionNotFound),
)
async def list_section_versions(
    *, community: Community, meeting_id: UUID, section_id: UUID, who: Scribe, reading: Reading, page: PageQuery
) -> Response:
    """历史版本，新的在前，最多保留50个。What it was, newest first; the last fifty are kept."""
    async with reading as connection:
        meeting = await meeting_seen_by(connection, community, meeting_id, who)
        check_section(meeting, section_id, who)
        return shown(await versions_of(connection, community, meeting.id, section_id, page))


@router.post("/meetings/{meeting_id}/sign-minutes", response_model=MinutesView, responses=problems(*DONE))
async def sign_the_minutes(
    meeting_id: UUID, body: SignMinutesBody, who: Signer, uow: Uow, if_match: IfMatch
) -> Response:
    """主持人签字；公布前可收回更正。The chair signs; the signature can be taken back until publication."""
    command = SignMinutes(meeting_id, who, body.take_back, if_match)
    return await answered(sign_minutes(command, uow), uow, view=lambda meeting: MinutesView.of(meeting, []))


@router.post(
    "/meetings/{meeting_id}/publish-minutes",
    response_model=MinutesView,
    responses=problems(*DONE, PersonalDataInMinutes),
)
async def publish_to_everybody(
    meeting_id: UUID, body: PublishMinutesBody, who: Signer, uow: Uow, if_match: IfMatch
) -> Response:
    """公布会议记录；公开版不含个人信息。Publish; what everybody reads holds no personal data."""
    command = PublishMinutes(meeting_id, body.summary, who, if_match)
    return await answered(publish_minutes(command, uow), uow, view=lambda meeting: MinutesView.of(meeting, []))
