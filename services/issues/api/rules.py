"""The published rules: how issues move, and what they can be about."""

from starlette.responses import Response

from services.issues.api.parts import PREFIX, Community, RulesReader
from services.issues.schemas.rules import CategoryList, CategoryView, TransitionTable, transition_table
from services.issues.storage.directory import read_categories
from shared.http.commands import Reading, shown
from shared.http.routing import Router

router = Router(prefix=PREFIX, tags=["issues"])
TABLE = transition_table()


@router.get("/issues/transitions", response_model=TransitionTable)
async def issue_transitions(_who: RulesReader) -> Response:
    """诉求流转规则：从哪里、做什么、到哪里、谁可以、什么条件。The transition table of issues, as data."""
    return shown(TABLE)


@router.get("/categories", response_model=CategoryList)
async def categories(community: Community, _who: RulesReader, reading: Reading) -> Response:
    """诉求分类。The categories of this community, parents before children."""
    async with reading as connection:
        known = await read_categories(connection, community)
    return shown(CategoryList.model_construct(items=[CategoryView.of(category) for category in known]))
