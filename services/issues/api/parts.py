"""What the routes of this service share: path prefix and parameter types."""

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends
from starlette.requests import Request

from services.issues.permissions import Action
from services.issues.storage.unit_of_work import PostgresIssuesUnitOfWork
from shared.database.engine import COMMUNITY_PATTERN
from shared.errors import NotFound
from shared.http.commands import unit_of_work
from shared.principal import Principal
from shared.security.authorisation import allow

PREFIX = "/api/v1/communities/{community}"
Uow = Annotated[PostgresIssuesUnitOfWork, Depends(unit_of_work)]
"""The transaction of this command."""
IssueReader = Annotated[Principal, allow(Action.READ_ISSUES)]
MeetingReader = Annotated[Principal, allow(Action.READ_MEETINGS)]
RulesReader = Annotated[Principal, allow(Action.READ_RULES)]


async def _community(request: Request) -> str:
    return str(request.path_params["community"])


async def _now(request: Request) -> datetime:
    now: datetime = request.app.state.unit_of_work.clock.now()
    return now


Now = Annotated[datetime, Depends(_now)]
"""The present moment for those who only read: the clock of the units of work."""


async def _public_reading(request: Request) -> AbstractAsyncContextManager[Any]:
    community = str(request.path_params["community"])
    if not COMMUNITY_PATTERN.fullmatch(community):
        raise NotFound
    found: AbstractAsyncContextManager[Any] = request.app.state.database.reading(community)
    return found


PublicReading = Annotated[AbstractAsyncContextManager[Any], Depends(_public_reading)]
"""A read-only transaction of the community in the path for nobody in particular: only for what a secret in the path opens."""
Community = Annotated[str, Depends(_community)]
"""Key of the community in the path; `allow` has compared it with the principal's."""
