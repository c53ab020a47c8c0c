"""Sealed beneficiary records, and the record of every look at them, on PostgreSQL."""

from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy import insert, select

from services.volunteers.domain.beneficiary import Beneficiary, BeneficiaryGroup, RevealPurpose
from services.volunteers.domain.errors import BeneficiaryNotFound, SealUnreadable
from services.volunteers.storage.tables import beneficiary_reveals, wish_beneficiaries
from shared.database.unit_of_work import UnitOfWork
from shared.ids import new_id
from shared.security.sealing import Seal, SealBroken


class PostgresBeneficiaries:
    """The BeneficiaryStore of one unit of work."""

    def __init__(self, uow: UnitOfWork, seal: Seal) -> None:
        self._uow = uow
        self._seal = seal

    async def add(self, wish_id: UUID, beneficiary: Beneficiary) -> None:
        """Seal and keep; the group is as private as the note."""
        plain = orjson.dumps({"group": beneficiary.group, "note": beneficiary.note})
        sealed = self._seal.close(plain, place=self._place(wish_id))
        await self._uow.execute(
            insert(wish_beneficiaries).values(community=self._uow.community, wish_id=wish_id, sealed=sealed)
        )

    async def reveal(self, wish_id: UUID, *, purpose: RevealPurpose, by: UUID, at: datetime) -> Beneficiary:
        """Open the record and write down who looked; if that cannot be written, nothing is shown."""
        found = await self._uow.execute(
            select(wish_beneficiaries.c.sealed).where(
                wish_beneficiaries.c.community == self._uow.community, wish_beneficiaries.c.wish_id == wish_id
            )
        )
        sealed = found.scalar_one_or_none()
        if sealed is None:
            raise BeneficiaryNotFound
        try:
            plain = orjson.loads(self._seal.open(bytes(sealed), place=self._place(wish_id)))
        except SealBroken:
            raise SealUnreadable from None
        await self._uow.execute(
            insert(beneficiary_reveals).values(
                community=self._uow.community, id=new_id(), wish_id=wish_id, person=by, purpose=purpose, revealed_at=at
            )
        )
        return Beneficiary(BeneficiaryGroup(plain["group"]), plain["note"])

    def _place(self, wish_id: UUID) -> str:
        return f"beneficiary|{self._uow.community}|{wish_id}"
