"""Acknowledge a whistle: a person of a called unit has heard it."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.whistle import Whistle
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import WhistleAcknowledged
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class AcknowledgeWhistle:
    """Which whistle, and for which unit if the person answers for several."""

    whistle_id: UUID
    organisation: UUID | None
    by: Principal
    expected_version: int | None = None


@one_transaction
async def acknowledge_whistle(command: AcknowledgeWhistle, uow: IssuesUnitOfWork) -> Whistle:
    """Say that the call was heard. The arrival clock runs on."""
    by = command.by
    whistle = await uow.whistles.get(command.whistle_id, seen_by=by, expected_version=command.expected_version)
    unit = whistle.acknowledge(command.organisation, by=by, at=uow.now())
    await uow.whistles.save(whistle)
    await uow.publish(
        WhistleAcknowledged(
            whistle_id=whistle.id,
            issue_id=whistle.issue_id,
            number=whistle.issue_number,
            level=whistle.level,
            organisation_id=unit.organisation,
            due_at=unit.due_at,
            acknowledged_by=by.person,
        )
    )
    return whistle
