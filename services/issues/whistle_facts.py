"""The messages about whistles, each built in one place."""

from services.issues.domain.called_unit import CalledUnit
from services.issues.domain.whistle import Whistle
from services.issues.domain.words.whistles import UnitState, WhistleState
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import UnitArrived, WhistleBlown, WhistleClosed, WhistleMissed, WhistleUnitReleased
from shared.principal import Principal


def blown(whistle: Whistle, unit: CalledUnit) -> WhistleBlown:
    """This unit is called."""
    return WhistleBlown(
        whistle_id=whistle.id,
        issue_id=whistle.issue_id,
        number=whistle.issue_number,
        kind=whistle.issue_kind,
        category=whistle.category,
        level=whistle.level,
        organisation_id=unit.organisation,
        due_at=unit.due_at,
        blown_by=whistle.blown_by,
    )


def arrived(whistle: Whistle, unit: CalledUnit, by: Principal) -> UnitArrived:
    """Somebody of this unit is there."""
    at = unit.arrived_at or whistle.blown_at
    return UnitArrived(
        whistle_id=whistle.id,
        issue_id=whistle.issue_id,
        number=whistle.issue_number,
        level=whistle.level,
        organisation_id=unit.organisation,
        arrived_at=at,
        minutes=unit.minutes_to_arrive(whistle.blown_at) or 0,
        in_time=at < unit.due_at,
        proof=unit.arrival_proof or "",
        arrived_by=by.person,
    )


def missed(whistle: Whistle, unit: CalledUnit) -> WhistleMissed:
    """Nobody of this unit was there in time."""
    return WhistleMissed(
        whistle_id=whistle.id,
        issue_id=whistle.issue_id,
        number=whistle.issue_number,
        level=whistle.level,
        organisation_id=unit.organisation,
        due_at=unit.due_at,
        refused=unit.state is UnitState.REFUSED,
    )


def released(whistle: Whistle, unit: CalledUnit, by: Principal) -> WhistleUnitReleased:
    """This unit is needed no more."""
    return WhistleUnitReleased(
        whistle_id=whistle.id,
        issue_id=whistle.issue_id,
        number=whistle.issue_number,
        level=whistle.level,
        organisation_id=unit.organisation,
        whistle_cancelled=whistle.state is WhistleState.CANCELLED,
        released_by=by.person,
    )


async def publish_if_closed(whistle: Whistle, uow: IssuesUnitOfWork) -> None:
    """Tell that the whistle is over, if the last unit has just finished."""
    if whistle.state is WhistleState.CLOSED:
        await uow.publish(
            WhistleClosed(
                whistle_id=whistle.id,
                issue_id=whistle.issue_id,
                number=whistle.issue_number,
                level=whistle.level,
                done=whistle.count(UnitState.DONE),
                released=whistle.count(UnitState.RELEASED),
                missed=sum(1 for unit in whistle.units if unit.missed_at is not None),
            )
        )
