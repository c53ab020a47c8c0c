"""Remember the size of the community as of a day."""

from dataclasses import dataclass

from services.events.domain.neighbourhood import Figures
from services.events.ports import EventsUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RecordFigures:
    """The size of the community as of a day."""

    figures: Figures


@one_transaction
async def record_figures(command: RecordFigures, uow: EventsUnitOfWork) -> None:
    """Remember the size of the community as of a day."""
    await uow.neighbourhood.keep_figures(command.figures)
