"""Points rules with all their versions on PostgreSQL."""

from dataclasses import asdict

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from services.volunteers.domain.errors import RuleVersionNotFound
from services.volunteers.domain.points_rule import PointsRule
from services.volunteers.storage.tables import points_rules
from shared.database.unit_of_work import UnitOfWork


class PostgresRules:
    """The RuleBook of one unit of work."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def add(self, rule: PointsRule) -> None:
        """Keep a new version; a version that stands already stays as it is."""
        await self._uow.execute(
            insert(points_rules).values(community=self._uow.community, **asdict(rule)).on_conflict_do_nothing()
        )

    async def next_version(self, code: str) -> int:
        """Number of the next version; who proposes at the same moment waits for us."""
        key = f"volunteers:rule:{self._uow.community}:{code}"
        await self._uow.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})
        newest = await self._uow.execute(
            select(func.max(points_rules.c.version)).where(
                points_rules.c.community == self._uow.community, points_rules.c.code == code
            )
        )
        return (newest.scalar_one_or_none() or 0) + 1

    async def get(self, code: str, version: int) -> PointsRule:
        """One version, locked."""
        found = await self._uow.execute(
            select(*(c for c in points_rules.c if c.name != "community"))
            .where(
                points_rules.c.community == self._uow.community,
                points_rules.c.code == code,
                points_rules.c.version == version,
            )
            .with_for_update()
        )
        row = found.first()
        if row is None:
            raise RuleVersionNotFound
        return PointsRule(**row._mapping)

    async def save_approval(self, rule: PointsRule) -> None:
        """Keep who approved the version and when; the database refuses to change anything else."""
        await self._uow.execute(
            update(points_rules)
            .where(
                points_rules.c.community == self._uow.community,
                points_rules.c.code == rule.code,
                points_rules.c.version == rule.version,
            )
            .values(approved_by=rule.approved_by, approved_at=rule.approved_at)
        )
