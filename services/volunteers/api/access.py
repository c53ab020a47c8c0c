"""What every route of volunteers uses: the unit of work, the path, and what a person may do beside the route's own action."""

from typing import Annotated

from fastapi import Depends

from services.volunteers.permissions import PERMISSIONS, Action
from services.volunteers.storage.unit_of_work import PostgresVolunteersUnitOfWork
from shared.http.commands import unit_of_work
from shared.principal import Principal

COMMUNITY = "/api/v1/communities/{community}"
Uow = Annotated[PostgresVolunteersUnitOfWork, Depends(unit_of_work)]


def may(who: Principal, action: Action) -> bool:
    """Does one of the person's roles allow the action?"""
    return not who.roles.isdisjoint(PERMISSIONS[action])
