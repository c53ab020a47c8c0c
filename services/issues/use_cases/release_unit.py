"""Release a called unit: the office needs it no more, or accepts its refusal."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.arrival_timers import stop_awaiting
from services.issues.domain.whistle import Whistle
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.whistle_facts import publish_if_closed, released
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ReleaseUnit:
    """Which unit, and why."""

    whistle_id: UUID
    organisation: UUID
    reason: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def release_unit(command: ReleaseUnit, uow: IssuesUnitOfWork) -> Whistle:
    """Stop the arrival clock of the unit; with the last one the whistle closes."""
    by = command.by
    whistle = await uow.whistles.get(command.whistle_id, seen_by=by, expected_version=command.expected_version)
    unit = whistle.release(command.organisation, command.reason, by=by, at=uow.now())
    await uow.whistles.save(whistle)
    await stop_awaiting(whistle, unit, uow)
    await uow.publish(released(whistle, unit, by))
    await publish_if_closed(whistle, uow)
    return whistle
