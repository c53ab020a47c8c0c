"""The list of volunteers over HTTP."""

from typing import Annotated

from starlette.responses import Response

from services.volunteers.api.access import COMMUNITY
from services.volunteers.permissions import Action
from services.volunteers.queries.wishes import volunteers_of
from services.volunteers.schemas.wishes import VolunteerView
from shared.http.commands import Reading, shown
from shared.http.paging import Page, PageQuery
from shared.http.routing import Router
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=COMMUNITY + "/volunteers", tags=["volunteers"])


@router.get("", response_model=Page[VolunteerView])
async def list_volunteers(
    community: str, reading: Reading, page: PageQuery, _who: Annotated[Principal, allow(Action.READ_VOLUNTEERS)]
) -> Response:
    """志愿者名单（人员编号与角色）。The community's volunteers: person ids and roles."""
    async with reading as connection:
        found, following = await volunteers_of(connection, community, limit=page.limit, cursor=page.cursor)
    return shown(Page[VolunteerView](items=found, next_cursor=following))
