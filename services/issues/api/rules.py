"""The published rules: how issues move."""

from starlette.responses import Response

from services.issues.api.parts import PREFIX, RulesReader
from services.issues.schemas.rules import TransitionTable, transition_table
from shared.http.commands import shown
from shared.http.routing import Router

router = Router(prefix=PREFIX, tags=["issues"])
TABLE = transition_table()


@router.get("/issues/transitions", response_model=TransitionTable)
async def issue_transitions(_who: RulesReader) -> Response:
    """诉求流转规则：从哪里、做什么、到哪里、谁可以、什么条件。The transition table of issues, as data."""
    return shown(TABLE)
