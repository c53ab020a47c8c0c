"""Arrivals on PostgreSQL."""

from dataclasses import asdict
from uuid import UUID

from sqlalchemy import RowMapping, insert, select
from sqlalchemy.exc import IntegrityError

from services.events.domain.check_in import CheckIn
from services.events.domain.errors import CheckInNotFound, NonceReused
from services.events.storage.tables import check_ins
from shared.database.failures import violated_constraint
from shared.database.unit_of_work import UnitOfWork
from shared.database.versioned import save_versioned


class PostgresCheckInStore:
    """Satisfies `ports.CheckInStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def add(self, check_in: CheckIn) -> None:
        """Keep a new arrival."""
        try:
            await self._uow.execute(insert(check_ins), {"community": self._uow.community, **asdict(check_in)})
        except IntegrityError as error:
            if violated_constraint(error) == "check_ins_nonce":
                raise NonceReused from error
            raise

    async def by_nonce(self, event_id: UUID, nonce: str) -> CheckIn | None:
        """The arrival of this nonce."""
        c = check_ins.c
        wanted = select(check_ins).where(c.community == self._uow.community, c.event_id == event_id, c.nonce == nonce)
        row = (await self._uow.execute(wanted)).mappings().first()
        return None if row is None else check_in_of(row)

    async def get(self, check_in_id: UUID, *, registration_id: UUID) -> CheckIn:
        """Load an arrival of this registration."""
        c = check_ins.c
        wanted = select(check_ins).where(
            c.community == self._uow.community, c.id == check_in_id, c.registration_id == registration_id
        )
        row = (await self._uow.execute(wanted)).mappings().first()
        if row is None:
            raise CheckInNotFound
        return check_in_of(row)

    async def save(self, check_in: CheckIn) -> None:
        """Keep the annulment."""
        values = {name: getattr(check_in, name) for name in ("annulled_at", "annulled_by", "annul_reason")}
        check_in.version = await save_versioned(
            self._uow, check_ins, check_in.id, version=check_in.version, values=values, missing=CheckInNotFound
        )


def check_in_of(row: RowMapping) -> CheckIn:
    """The record of a row."""
    return CheckIn(**{name: row[name] for name in CheckIn.__dataclass_fields__})
