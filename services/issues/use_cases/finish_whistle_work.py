"""Finish: a called unit has done its work, with a result. The last one closes the whistle."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.whistle import Whistle
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.whistle_facts import publish_if_closed
from shared.contracts.issues import WhistleUnitDone
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class FinishWhistleWork:
    """Which whistle, for which unit, with which result."""

    whistle_id: UUID
    organisation: UUID | None
    result: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def finish_whistle_work(command: FinishWhistleWork, uow: IssuesUnitOfWork) -> Whistle:
    """Say what the unit did."""
    by = command.by
    whistle = await uow.whistles.get(command.whistle_id, seen_by=by, expected_version=command.expected_version)
    unit = whistle.finish(command.organisation, command.result, by=by, at=uow.now())
    await uow.whistles.save(whistle)
    await uow.publish(
        WhistleUnitDone(
            whistle_id=whistle.id,
            issue_id=whistle.issue_id,
            number=whistle.issue_number,
            level=whistle.level,
            organisation_id=unit.organisation,
            done_by=by.person,
        )
    )
    await publish_if_closed(whistle, uow)
    return whistle
