"""Report in (报到): a person of a called unit is at the place."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.arrival_timers import stop_awaiting
from services.issues.domain.errors.whistles import PlaceCodeRefused
from services.issues.domain.whistle import Whistle
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.whistle_facts import arrived
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ReportInAtWhistle:
    """Which whistle, for which unit, where; the code shown at the place, if it was scanned."""

    whistle_id: UUID
    organisation: UUID | None
    place: str | None
    place_code: str | None
    by: Principal
    expected_version: int | None = None


@one_transaction
async def report_in_at_whistle(command: ReportInAtWhistle, uow: IssuesUnitOfWork) -> Whistle:
    """Stop the arrival clock of the unit. Without a code the arrival is declared, and the office confirms or rejects it."""
    by, now = command.by, uow.now()
    whistle = await uow.whistles.get(command.whistle_id, seen_by=by, expected_version=command.expected_version)
    code = command.place_code
    if code is not None and not uow.place_codes.is_valid(code, uow.community, whistle.id, now):
        raise PlaceCodeRefused
    unit = whistle.report_in(command.organisation, place=command.place, with_code=code is not None, by=by, at=now)
    await uow.whistles.save(whistle)
    await stop_awaiting(whistle, unit, uow)
    await uow.publish(arrived(whistle, unit, by))
    return whistle
