"""Show the code of a place: whoever leads the whistle there lets the units scan it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ShowPlaceCode:
    """Of which whistle."""

    whistle_id: UUID
    by: Principal


@dataclass(frozen=True, slots=True)
class PlaceCode:
    """A code, and until when it is taken."""

    code: str
    valid_until: datetime


@one_transaction
async def show_place_code(command: ShowPlaceCode, uow: IssuesUnitOfWork) -> PlaceCode:
    """A fresh code; it ends soon, so each showing makes a new one. Nothing is stored."""
    whistle = await uow.whistles.get(command.whistle_id, seen_by=command.by)
    whistle.check_sounding()
    return PlaceCode(*uow.place_codes.code_for(uow.community, whistle.id, uow.now()))
