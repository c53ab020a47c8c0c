"""The counts of a community in PostgreSQL."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

import orjson
from sqlalchemy import Update, func, select, update
from sqlalchemy.dialects.postgresql import insert

from services.issues.domain.rates.contribution import Contribution, Facts
from services.issues.domain.rates.counting import Counted
from services.issues.domain.rates.metrics import RULES_VERSION
from services.issues.domain.rates.periods import start_of
from services.issues.domain.rates.reading import Step
from services.issues.domain.words.reports import Grain
from services.issues.ports.reports import Baseline, Generations, Placed, ProfileFigures
from services.issues.storage.report_facts import REPEATED_WITHIN, among, read_facts
from services.issues.storage.report_queue import queue_for_counting
from services.issues.storage.tables.issues import issues
from services.issues.storage.tables.reports import (
    profile_figures,
    report_baselines,
    report_contributions,
    report_generations,
    report_queue,
)
from shared.database.unit_of_work import UnitOfWork

TAKE = """
DELETE FROM report_queue WHERE community = $1 AND id IN (
    SELECT id FROM report_queue WHERE community = $1 ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)
RETURNING issue_id
"""

LATER = """
SELECT DISTINCT later.id
FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[]) AS place (issue_id, building_id, category, registered_at)
CROSS JOIN LATERAL (
    SELECT id FROM issues AS later
    WHERE later.community = $1 AND later.building_id = place.building_id AND later.category = place.category
      AND later.registered_at BETWEEN place.registered_at AND place.registered_at + $6::interval
      AND (later.registered_at, later.id) > (place.registered_at, place.issue_id) OFFSET 0) AS later
"""

KEEP = """
INSERT INTO report_contributions (community, generation, issue_id, adds)
SELECT $1, $2, issue_id, CAST(adds AS jsonb) FROM unnest($3::uuid[], $4::text[]) AS given (issue_id, adds)
ON CONFLICT (community, generation, issue_id) DO UPDATE SET adds = EXCLUDED.adds
"""

ADD = """
INSERT INTO report_rollups AS kept (community, generation, dimension, grain, period, key, measure, value)
SELECT $1, $2, * FROM unnest($3::text[], $4::text[], $5::date[], $6::text[], $7::text[], $8::bigint[])
ON CONFLICT (community, generation, dimension, grain, period, key, measure)
DO UPDATE SET value = kept.value + EXCLUDED.value
"""

UNLIST = """
DELETE FROM report_watch AS listed
USING unnest($3::text[], $4::timestamptz[], $5::uuid[], $6::timestamptz[]) AS gone (watch, since, issue_id, due_at)
WHERE listed.community = $1 AND listed.generation = $2
  AND listed.watch = gone.watch AND listed.since = gone.since AND listed.issue_id = gone.issue_id
"""

LIST = """
INSERT INTO report_watch (community, generation, watch, since, issue_id, due_at)
SELECT $1, $2, * FROM unnest($3::text[], $4::timestamptz[], $5::uuid[], $6::timestamptz[])
"""

DIFFERING = """
WITH former AS (
    SELECT dimension, period, key, measure, value FROM report_rollups
    WHERE community = $1 AND generation = $2 - 1 AND grain = 'month' AND value <> 0
), made AS (
    SELECT dimension, period, key, measure, value FROM report_rollups
    WHERE community = $1 AND generation = $2 AND grain = 'month' AND value <> 0
)
SELECT count(*) AS differing FROM former FULL JOIN made USING (dimension, period, key, measure)
WHERE former.value IS DISTINCT FROM made.value
"""

DROP = tuple(
    f"""
    DELETE FROM {table} WHERE community = $1 AND ctid = ANY (ARRAY(
        SELECT ctid FROM {table} AS old WHERE community = $1 AND generation < (
            SELECT current FROM report_generations WHERE community = $1) LIMIT $2))
    RETURNING 1
    """
    for table in ("report_contributions", "report_rollups", "report_watch")
)


class PostgresReportStore:
    """Satisfies `ports.ReportStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def lock(self) -> Generations | None:
        """Let nobody else count this community until this transaction ends; None if somebody does."""
        key = f"reports:{self._uow.community}"
        got = await self._uow.execute(select(func.pg_try_advisory_xact_lock(func.hashtextextended(key, 0))))
        if not got.scalar_one():
            return None
        found = await self._uow.execute(
            select(report_generations).where(report_generations.c.community == self._uow.community)
        )
        row = found.first()
        if row is not None:
            return Generations(row.current, row.building, row.reached, row.rules_version)
        await self._uow.execute(
            insert(report_generations).values(
                community=self._uow.community, current=1, rules_version=RULES_VERSION, made_at=self._uow.now()
            )
        )
        return Generations(1)

    async def take_changed(self, limit: int) -> Sequence[UUID]:
        """Take the issues that changed longest ago off the queue, each once."""
        taken = await self._uow.fetch_rows(TAKE, self._uow.community, limit)
        return list(dict.fromkeys(row["issue_id"] for row in taken))

    async def has_waiting(self) -> bool:
        """Whether there are changes that are not counted."""
        waiting = select(report_queue.c.id).where(report_queue.c.community == self._uow.community).limit(1)
        return (await self._uow.execute(waiting)).first() is not None

    async def read(self, issue_ids: Sequence[UUID]) -> Sequence[tuple[Facts, Sequence[Step]]]:
        """What counting must know of these issues, in the order of their ids."""
        return await read_facts(self._uow, issue_ids)

    async def former(self, generation: int, issue_ids: Sequence[UUID]) -> Mapping[UUID, Contribution]:
        """What these issues add so far."""
        found = await self._uow.execute(
            select(report_contributions.c.issue_id, report_contributions.c.adds).where(
                report_contributions.c.community == self._uow.community,
                report_contributions.c.generation == generation,
                among(report_contributions.c.issue_id, issue_ids),
            )
        )
        return {row.issue_id: Contribution.unpacked(row.adds) for row in found}

    async def add(self, generation: int, counted: Counted) -> None:
        """Keep what issues add now, and add the difference to the sums: by each length, always in the same order."""
        community = self._uow.community
        packed = [orjson.dumps(one.packed()).decode() for one in counted.contributions.values()]
        await self._uow.fetch_rows(KEEP, community, generation, list(counted.contributions), packed)
        sums: Counter[tuple[str, str, date, str, str]] = Counter()
        for cell, amount in counted.difference.items():
            for grain in Grain:
                sums[cell.dimension, grain.value, start_of(grain, cell.day), cell.key, cell.measure] += amount
        rows = sorted((*key, amount) for key, amount in sums.items() if amount)
        if rows:
            await self._uow.fetch_rows(
                ADD, community, generation, *(list(column) for column in zip(*rows, strict=True))
            )
        for sql, changed in ((UNLIST, counted.unlisted), (LIST, counted.listed)):
            if changed:
                columns = (
                    [one.watch for _, one in changed],
                    [one.since for _, one in changed],
                    [issue_id for issue_id, _ in changed],
                    [one.due_at for _, one in changed],
                )
                await self._uow.fetch_rows(sql, community, generation, *columns)

    async def count_repetitions_of(self, placed: Sequence[Placed]) -> None:
        """Have the later matters of the same places counted again."""
        columns = (
            [one.issue_id for one in placed],
            [one.building_id for one in placed],
            [one.category for one in placed],
            [one.registered_at for one in placed],
        )
        later = await self._uow.fetch_rows(LATER, self._uow.community, *columns, REPEATED_WITHIN)
        if later:
            await queue_for_counting(self._uow, [(row["id"], self._uow.now()) for row in later])

    async def next_issues(self, after: UUID | None, limit: int) -> Sequence[UUID]:
        """The issues behind this one, in the order of ids."""
        statement = select(issues.c.id).where(issues.c.community == self._uow.community)
        if after is not None:
            statement = statement.where(issues.c.id > after)
        return (await self._uow.execute(statement.order_by(issues.c.id).limit(limit))).scalars().all()

    async def begin_building(self) -> int:
        """Begin to make the counts anew; the generation in which they are made."""
        found = await self._uow.execute(
            self._generation()
            .values(building=report_generations.c.current + 1, reached=None)
            .returning(report_generations.c.building)
        )
        return int(found.scalar_one())

    async def reach(self, issue_id: UUID) -> None:
        """Note the last issue that the new counts hold."""
        await self._uow.execute(self._generation().values(reached=issue_id))

    async def show(self, generation: int) -> int:
        """Show the new counts from now on; returns how many monthly sums of the former ones were different."""
        (row,) = await self._uow.fetch_rows(DIFFERING, self._uow.community, generation)
        await self._uow.execute(
            self._generation().values(
                current=generation, building=None, reached=None, rules_version=RULES_VERSION, made_at=self._uow.now()
            )
        )
        return int(row["differing"])

    async def drop_former(self, limit: int) -> int:
        """Remove counts that are neither shown nor being made, a few rows at a time; 0 when none are left."""
        removed = 0
        for sql in DROP:
            removed += len(await self._uow.fetch_rows(sql, self._uow.community, limit))
        return removed

    def _generation(self) -> Update:
        return update(report_generations).where(report_generations.c.community == self._uow.community)

    async def keep_baseline(self, baseline: Baseline, by: UUID, at: datetime) -> None:
        """Keep an imported figure, or what it has become."""
        values = {
            "numerator": baseline.numerator,
            "denominator": baseline.denominator,
            "source": baseline.source,
            "imported_by": by,
            "imported_at": at,
        }
        await self._uow.execute(
            insert(report_baselines)
            .values(
                community=self._uow.community,
                metric=baseline.metric,
                first_day=baseline.first_day,
                last_day=baseline.last_day,
                **values,
            )
            .on_conflict_do_update(index_elements=["community", "metric", "first_day", "last_day"], set_=values)
        )

    async def keep_profile(self, figures: ProfileFigures) -> None:
        """Keep the figures of the community from a date on."""
        values = {"households": figures.households, "residents": figures.residents}
        await self._uow.execute(
            insert(profile_figures)
            .values(community=self._uow.community, as_of=figures.as_of, **values)
            .on_conflict_do_update(index_elements=["community", "as_of"], set_=values)
        )
