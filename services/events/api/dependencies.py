"""What the operations of events ask for."""

from typing import Annotated

from fastapi import Depends

from services.events.permissions import Action
from services.events.storage import PostgresEventsUnitOfWork
from shared.http.commands import unit_of_work
from shared.principal import Principal
from shared.security.authorisation import allow

PREFIX = "/api/v1/communities/{community}/events"
Uow = Annotated[PostgresEventsUnitOfWork, Depends(unit_of_work)]
Reader = Annotated[Principal, allow(Action.READ_EVENTS)]
Organiser = Annotated[Principal, allow(Action.MANAGE_EVENTS)]
Neighbour = Annotated[Principal, allow(Action.REGISTER)]
