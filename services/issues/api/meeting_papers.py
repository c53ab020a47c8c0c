"""A meeting's papers: minutes and the list of problems and measures, to print, for Word and for Excel."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from starlette.responses import Response

from services.issues.api.parts import PREFIX, Community, MeetingReader, Now
from services.issues.documents import excel, page, word
from services.issues.documents.paper import Paper
from services.issues.domain.errors.meetings import MeetingNotFound
from services.issues.queries.papers import paper_of
from shared.http.commands import Reading
from shared.http.problems import problems
from shared.http.routing import Router

router = Router(prefix=PREFIX, tags=["meetings"])
FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {}}},
    **problems(MeetingNotFound),
}
PAGE: dict[int | str, dict[str, Any]] = {200: {"content": {"text/html": {}}}, **problems(MeetingNotFound)}


@router.get("/meetings/{meeting_id}/minutes.html", responses=PAGE)
async def print_minutes(
    community: Community, meeting_id: UUID, who: MeetingReader, reading: Reading, now: Now
) -> Response:
    """会议记录，可打印（A4）。Minutes to print."""
    async with reading as connection:
        return _page(page.minutes_page(await paper_of(connection, community, meeting_id, who, now)))


@router.get("/meetings/{meeting_id}/countermeasures.html", responses=PAGE)
async def print_countermeasures(
    community: Community, meeting_id: UUID, who: MeetingReader, reading: Reading, now: Now
) -> Response:
    """问题和对策清单，可打印（A4横向）。The list to print."""
    async with reading as connection:
        return _page(page.countermeasures_page(await paper_of(connection, community, meeting_id, who, now)))


@router.get("/meetings/{meeting_id}/minutes.docx", responses=FILE)
async def minutes_for_word(
    community: Community, meeting_id: UUID, who: MeetingReader, reading: Reading, now: Now
) -> Response:
    """会议记录 Word 文件。Minutes for Word."""
    async with reading as connection:
        paper = await paper_of(connection, community, meeting_id, who, now)
    return _file(paper, "minutes", "docx", word.minutes_document, word.MEDIA_TYPE)


@router.get("/meetings/{meeting_id}/countermeasures.docx", responses=FILE)
async def countermeasures_for_word(
    community: Community, meeting_id: UUID, who: MeetingReader, reading: Reading, now: Now
) -> Response:
    """问题和对策清单 Word 文件。The list for Word."""
    async with reading as connection:
        paper = await paper_of(connection, community, meeting_id, who, now)
    return _file(paper, "countermeasures", "docx", word.countermeasures_document, word.MEDIA_TYPE)


@router.get("/meetings/{meeting_id}/minutes.xlsx", responses=FILE)
async def minutes_for_excel(
    community: Community, meeting_id: UUID, who: MeetingReader, reading: Reading, now: Now
) -> Response:
    """会议记录 Excel 文件。Minutes for Excel."""
    async with reading as connection:
        paper = await paper_of(connection, community, meeting_id, who, now)
    return _file(paper, "minutes", "xlsx", excel.minutes_workbook, excel.MEDIA_TYPE)


@router.get("/meetings/{meeting_id}/countermeasures.xlsx", responses=FILE)
async def countermeasures_for_excel(
    community: Community, meeting_id: UUID, who: MeetingReader, reading: Reading, now: Now
) -> Response:
    """问题和对策清单 Excel 文件。The list for Excel."""
    async with reading as connection:
        paper = await paper_of(connection, community, meeting_id, who, now)
    return _file(paper, "countermeasures", "xlsx", excel.countermeasures_workbook, excel.MEDIA_TYPE)


def _page(content: bytes) -> Response:
    return Response(content, media_type=page.MEDIA_TYPE, headers={"content-security-policy": page.POLICY})


def _file(paper: Paper, name: str, ending: str, make: Callable[[Paper], bytes], media_type: str) -> Response:
    disposition = f'attachment; filename="{name}-{paper.name}.{ending}"'
    return Response(make(paper), media_type=media_type, headers={"content-disposition": disposition})
