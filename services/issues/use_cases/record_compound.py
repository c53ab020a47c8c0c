"""Record a compound: keep the copy of the residential compounds (小区)."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RecordCompound:
    """A compound and its name."""

    compound_id: UUID
    name: str


@one_transaction
async def record_compound(command: RecordCompound, uow: IssuesUnitOfWork) -> None:
    """Keep a compound, or its new name."""
    await uow.master_data.keep_compound(command.compound_id, command.name)
