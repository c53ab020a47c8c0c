"""A meeting's papers: minutes and the list of problems and measures, to print, for Word and for Excel; Chinese or English."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from services.issues.api.parts import PREFIX, Community, MeetingReader, Now
from services.issues.documents import excel, page, word
from services.issues.documents.paper import Paper
from services.issues.domain.errors.meetings import MeetingNotFound
from services.issues.queries.papers import paper_of
from shared.http.commands import Reading
from shared.http.context import Language, language_of
from shared.http.problems import problems
from shared.http.routing import Router

router = Router(prefix=PREFIX, tags=["meetings"])
FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {}}},
    **problems(MeetingNotFound),
}
PAGE: dict[int | str, dict[str, Any]] = {200: {"content": {"text/html": {}}}, **problems(MeetingNotFound)}


async def _spoken(
    request: Request,
    lang: Annotated[Language | None, Query(description="语言，默认按 Accept-Language。Language of the paper")] = None,
) -> Language:
    return lang or language_of(request.scope)


Spoken = Annotated[Language, Depends(_spoken)]
"""The language asked for, else the one the reader's program prefers; Chinese by default."""


@router.get("/meetings/{meeting_id}/minutes.html", responses=PAGE)
async def print_minutes(
    *, community: Community, meeting_id: UUID, who: MeetingReader, reading: Reading, now: Now, language: Spoken
) -> Response:
    """会议记录，可打印（A4）。Minutes to print."""
    async with reading as connection:
        paper = await paper_of(connection, community, meeting_id, who, now=now, language=language)
    return _page(paper, page.minutes_page)


@router.get("/meetings/{meeting_id}/countermeasures.html", responses=PAGE)
async def print_countermeasures(
    *, community: Community, meeting_id: UUID, who: MeetingReader, reading: Reading, now: Now, language: Spoken
) -> Response:
    """问题和对策清单，可打印（A4横向）。The list to print."""
    async with reading as connection:
        paper = await paper_of(connection, community, meeting_id, who, now=now, language=language)
    return _page(paper, page.countermeasures_page)


@router.get("/meetings/{meeting_id}/minutes.docx", responses=FILE)
async def minutes_for_word(
    *, community: Community, meeting_id: UUID, who: MeetingReader, reading: Reading, now: Now, language: Spoken
) -> Response:
    """会议记录 Word 文件。Minutes for Word."""
    async with reading as connection:
        paper = await paper_of(connection, community, meeting_id, who, now=now, language=language)
    return _file(paper, "minutes", "docx", word.minutes_document, word.MEDIA_TYPE)


@router.get("/meetings/{meeting_id}/countermeasures.docx", responses=FILE)
async def countermeasures_for_word(
    *, community: Community, meeting_id: UUID, who: MeetingReader, reading: Reading, now: Now, language: Spoken
) -> Response:
    """问题和对策清单 Word 文件。The list for Word."""
    async with reading as connection:
        paper = await paper_of(connection, community, meeting_id, who, now=now, language=language)
    return _file(paper, "countermeasures", "docx", word.countermeasures_document, word.MEDIA_TYPE)


@router.get("/meetings/{meeting_id}/minutes.xlsx", responses=FILE)
async def minutes_for_excel(
    *, community: Community, meeting_id: UUID, who: MeetingReader, reading: Reading, now: Now, language: Spoken
) -> Response:
    """会议记录 Excel 文件。Minutes for Excel."""
    async with reading as connection:
        paper = await paper_of(connection, community, meeting_id, who, now=now, language=language)
    return _file(paper, "minutes", "xlsx", excel.minutes_workbook, excel.MEDIA_TYPE)


@router.get("/meetings/{meeting_id}/countermeasures.xlsx", responses=FILE)
async def countermeasures_for_excel(
    *, community: Community, meeting_id: UUID, who: MeetingReader, reading: Reading, now: Now, language: Spoken
) -> Response:
    """问题和对策清单 Excel 文件。The list for Excel."""
    async with reading as connection:
        paper = await paper_of(connection, community, meeting_id, who, now=now, language=language)
    return _file(paper, "countermeasures", "xlsx", excel.countermeasures_workbook, excel.MEDIA_TYPE)


def _page(paper: Paper, make: Callable[[Paper], bytes]) -> Response:
    headers = {"content-security-policy": page.POLICY, **_spoken_in(paper)}
    return Response(make(paper), media_type=page.MEDIA_TYPE, headers=headers)


def _file(paper: Paper, name: str, ending: str, make: Callable[[Paper], bytes], media_type: str) -> Response:
    disposition = f'attachment; filename="{name}-{paper.name}.{ending}"'
    return Response(
        make(paper), media_type=media_type, headers={"content-disposition": disposition, **_spoken_in(paper)}
    )


def _spoken_in(paper: Paper) -> dict[str, str]:
    return {"content-language": "en" if paper.language == "en" else "zh-CN", "vary": "Accept-Language"}
