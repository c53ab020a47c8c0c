"""The unit of work of volunteers on PostgreSQL, and what builds it."""

import asyncio
from typing import Any

from services.volunteers.storage.adjustments import PostgresAdjustments
from services.volunteers.storage.beneficiaries import PostgresBeneficiaries
from services.volunteers.storage.ledger import PostgresLedger
from services.volunteers.storage.people import PostgresPeople
from services.volunteers.storage.rules import PostgresRules
from services.volunteers.storage.wishes import PostgresWishes
from shared.clock import Clock
from shared.database.engine import Database
from shared.database.unit_of_work import Once, UnitOfWork, UnitOfWorkFactory
from shared.security.sealing import Seal


class PostgresVolunteersUnitOfWork(UnitOfWork):
    """One transaction of one community with all stores."""

    beneficiaries: PostgresBeneficiaries

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.wishes = PostgresWishes(self)
        self.ledger = PostgresLedger(self)
        self.rules = PostgresRules(self)
        self.adjustments = PostgresAdjustments(self)
        self.people = PostgresPeople(self)


class VolunteersUnitOfWorkFactory(UnitOfWorkFactory[PostgresVolunteersUnitOfWork]):
    """Gives each unit of work the seal for beneficiaries."""

    def __init__(
        self, database: Database, *, seal: Seal, clock: Clock | None = None, wake: asyncio.Event | None = None
    ) -> None:
        super().__init__(PostgresVolunteersUnitOfWork, database, clock=clock, wake=wake)
        self._seal = seal

    def __call__(
        self, community: str, *, correlation_id: str, causation_id: str | None = None, once: Once | None = None
    ) -> PostgresVolunteersUnitOfWork:
        """A unit of work for one community and one command."""
        uow = super().__call__(community, correlation_id=correlation_id, causation_id=causation_id, once=once)
        uow.beneficiaries = PostgresBeneficiaries(uow, self._seal)
        return uow
