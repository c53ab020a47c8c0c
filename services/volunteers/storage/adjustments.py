"""Manual corrections on PostgreSQL."""

from uuid import UUID

from sqlalchemy import insert, select

from services.volunteers.domain.adjustment import Adjustment, AdjustmentState
from services.volunteers.domain.errors import AdjustmentNotFound
from services.volunteers.storage.tables import points_adjustments
from shared.database.unit_of_work import UnitOfWork
from shared.database.versioned import save_versioned
from shared.expected_version import check_version


class PostgresAdjustments:
    """The AdjustmentStore of one unit of work."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def add(self, adjustment: Adjustment) -> None:
        """Keep a proposal."""
        await self._uow.execute(
            insert(points_adjustments).values(
                community=self._uow.community,
                id=adjustment.id,
                version=adjustment.version,
                person=adjustment.person,
                points=adjustment.points,
                reason=adjustment.reason,
                proposed_by=adjustment.proposed_by,
                proposed_at=adjustment.proposed_at,
                state=adjustment.state,
            )
        )

    async def get(self, adjustment_id: UUID, *, expected_version: int | None = None) -> Adjustment:
        """Load one and lock it, so that of two deciders the second learns that it is decided."""
        found = await self._uow.execute(
            select(points_adjustments)
            .where(points_adjustments.c.community == self._uow.community, points_adjustments.c.id == adjustment_id)
            .with_for_update()
        )
        row = found.first()
        if row is None:
            raise AdjustmentNotFound
        check_version(row.version, expected_version)
        return Adjustment(
            id=row.id,
            person=row.person,
            points=row.points,
            reason=row.reason,
            proposed_by=row.proposed_by,
            proposed_at=row.proposed_at,
            state=AdjustmentState(row.state),
            decided_by=row.decided_by,
            decided_at=row.decided_at,
            decision_note=row.decision_note,
            version=row.version,
        )

    async def save(self, adjustment: Adjustment) -> None:
        """Keep the decision."""
        adjustment.version = await save_versioned(
            self._uow,
            points_adjustments,
            adjustment.id,
            version=adjustment.version,
            values={
                "state": adjustment.state,
                "decided_by": adjustment.decided_by,
                "decided_at": adjustment.decided_at,
                "decision_note": adjustment.decision_note,
            },
            missing=AdjustmentNotFound,
        )
