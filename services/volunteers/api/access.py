"""What every route of volunteers uses: the unit of work, the path, and what a person may do beside the route's own action."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from services.volunteers.permissions import PERMISSIONS, Action
from services.volunteers.storage.unit_of_work import PostgresVolunteersUnitOfWork
from shared.http.commands import unit_of_work
from shared.principal import Principal

COMMUNITY = "/api/v1/communities/{community}"
Uow = Annotated[PostgresVolunteersUnitOfWork, Depends(unit_of_work)]


async def now(request: Request) -> datetime:
    """The present moment by the clock of the service."""
    at: datetime = request.app.state.unit_of_work.clock.now()
    return at


Now = Annotated[datetime, Depends(now)]
"""Parameter type of endpoints whose answer depends on the time."""


def may(who: Principal, action: Action) -> bool:
    """Does one of the person's roles allow the action?"""
    return not who.roles.isdisjoint(PERMISSIONS[action])
