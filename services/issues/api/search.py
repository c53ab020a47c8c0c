"""Searching issues."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from services.issues.api.contacts import SealAtHand
from services.issues.api.parts import PREFIX, Community, IssueReader
from services.issues.domain.errors.search import SearchTooLong, SearchTooShort
from services.issues.domain.search_words import MOST_CHARACTERS
from services.issues.domain.words.issues import Source, State
from services.issues.queries.issues import IssueFilter
from services.issues.queries.search import found_by_number, search_issues
from services.issues.schemas.search import SearchPage
from services.issues.use_cases.note_found_by_number import NoteFoundByNumber, note_found_by_number
from shared.http.commands import Reading, shown
from shared.http.context import request_id_of
from shared.http.paging import PageQuery
from shared.http.problems import problems
from shared.http.routing import Router

router = Router(prefix=PREFIX, tags=["issues"])


@router.get("/issues/search", response_model=SearchPage, responses=problems(SearchTooShort, SearchTooLong))
async def search(
    *,
    community: Community,
    request: Request,
    who: IssueReader,
    reading: Reading,
    page: PageQuery,
    seal: SealAtHand,
    q: Annotated[
        str,
        Query(
            max_length=MOST_CHARACTERS,
            description="标题、内容、地点、公开答复中的词，或编号（完整、开头、仅序号）；值班员和书记可用电话末四位；多个词须同时出现。"
            "Words of title, text, place or public reply, or a number (complete, its beginning, the serial); for the office also "
            "the last four digits of a telephone; all must be there",
        ),
    ],
    state: State | None = None,
    category: Annotated[str | None, Query(pattern=r"^[a-z][a-z0-9_]{1,39}$")] = None,
    responsible_organisation: UUID | None = None,
    reported_by: Annotated[Literal["me"] | None, Query(description="me：只看本人提出的。Only one's own")] = None,
    building_id: UUID | None = None,
    compound_id: UUID | None = None,
    grid_id: UUID | None = None,
    source: Source | None = None,
) -> Response:
    """搜索诉求：至少两个字，新的在前，只含本人可见的；按完整电话号码查到会留痕。Search by at least two characters, newest first, only what the
    caller may see. Finding a contact by its whole number is written down like a look at it.
    """
    wanted = IssueFilter(
        state, category, responsible_organisation, reported_by, None, building_id, compound_id, grid_id, source
    )
    async with reading as connection:
        found = await search_issues(connection, community, who, asked=q, wanted=wanted, page=page, seal=seal)
    named = found_by_number(found)
    if named:
        uow = request.app.state.unit_of_work(community, correlation_id=request_id_of(request.scope))
        await note_found_by_number(NoteFoundByNumber(named, who), uow)
    return shown(found)
