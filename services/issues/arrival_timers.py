"""The timers behind the arrival clock: one for each called unit, set while it is awaited."""

from services.issues.domain.called_unit import CalledUnit
from services.issues.domain.whistle import Whistle
from services.issues.ports.unit_of_work import IssuesUnitOfWork

ARRIVAL = "whistle_arrival"


async def await_arrival(whistle: Whistle, unit: CalledUnit, uow: IssuesUnitOfWork) -> None:
    """Let it ring when the unit is due. A moment that is past rings at once."""
    await uow.timers.set(ARRIVAL, whistle.id, unit.due_at, key=str(unit.organisation))


async def stop_awaiting(whistle: Whistle, unit: CalledUnit, uow: IssuesUnitOfWork) -> None:
    """The unit is there, or is no longer called."""
    await uow.timers.cancel(ARRIVAL, whistle.id, key=str(unit.organisation))
