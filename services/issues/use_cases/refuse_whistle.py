"""Refuse a whistle: a called unit says that it does not come, and why."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.whistle import Whistle
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import WhistleRefused
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RefuseWhistle:
    """Which whistle, for which unit, and the reason."""

    whistle_id: UUID
    organisation: UUID | None
    reason: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def refuse_whistle(command: RefuseWhistle, uow: IssuesUnitOfWork) -> Whistle:
    """Note the refusal. It does not stop the arrival clock: the office releases the unit, or the subdistrict hears of it."""
    by = command.by
    whistle = await uow.whistles.get(command.whistle_id, seen_by=by, expected_version=command.expected_version)
    unit = whistle.refuse(command.organisation, command.reason, by=by, at=uow.now())
    await uow.whistles.save(whistle)
    await uow.publish(
        WhistleRefused(
            whistle_id=whistle.id,
            issue_id=whistle.issue_id,
            number=whistle.issue_number,
            level=whistle.level,
            organisation_id=unit.organisation,
            due_at=unit.due_at,
            refused_by=by.person,
        )
    )
    return whistle
