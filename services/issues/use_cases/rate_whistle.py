"""Rate after a whistle: the community rates a unit, and the unit the community, each once."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.whistle import Whistle
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import WhistleRated
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RateWhistle:
    """Which unit it is about, how good it was (1 to 5), and what else is to be said."""

    whistle_id: UUID
    organisation: UUID | None
    score: int
    comment: str | None
    by: Principal
    expected_version: int | None = None


@one_transaction
async def rate_whistle(command: RateWhistle, uow: IssuesUnitOfWork) -> Whistle:
    """Who belongs to the unit speaks for the unit; the office speaks for the community."""
    by = command.by
    whistle = await uow.whistles.get(command.whistle_id, seen_by=by, expected_version=command.expected_version)
    unit, side = whistle.rate(command.organisation, command.score, command.comment, by=by, at=uow.now())
    await uow.whistles.save(whistle)
    await uow.publish(
        WhistleRated(
            whistle_id=whistle.id,
            issue_id=whistle.issue_id,
            number=whistle.issue_number,
            level=whistle.level,
            organisation_id=unit.organisation,
            side=side,
            score=command.score,
            rated_by=by.person,
        )
    )
    return whistle
