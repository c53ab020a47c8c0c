"""Communities full of matters for the reports, loaded in minutes: issues by the database itself, sums by adding up what each way adds.

What a way adds is found by the service's own function. The small community is counted by the service as well, and both must agree.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import asyncpg
import orjson

from bench.dashboard_ways import FIRST_DAY, HANDLER, OFFICER, PLACE, UNIT, WAYS, Way
from services.issues.domain.rates.contribution import Contribution, Count, Watched
from services.issues.storage.report_facts import REPEATED_WITHIN

DAYS = 720
"""Over two years, so that every period has one a year before."""
BUILDINGS, COMPOUNDS, CATEGORIES, UNITS, HANDLERS = 60, 4, 40, 50, 200
EVERY = 100
"""Of the large community one matter in so many has its history and its own contribution, and can be changed."""


def identifier(kind: int, number: str) -> str:
    """SQL: a readable id; `kind` keeps issues, places and people apart."""
    return f"CAST('01900000-0000-7000-{kind:x}-' || lpad(to_hex({number}), 12, '0') AS uuid)"


ISSUE, BUILDING, COMPOUND, ORGANISATION, WORKER, PERSON, STEP, QUEUED = range(0x8000, 0x8008)

MATTERS = f"""
CREATE TEMPORARY TABLE matters AS
SELECT n, way, day, CASE WHEN placed THEN {identifier(BUILDING, f"n * 31 % {BUILDINGS}")} END AS building,
       'c' || n * 17 % {CATEGORIES} AS category, {identifier(ORGANISATION, f"n * 13 % {UNITS}")} AS unit,
       {identifier(WORKER, f"n * 13 % {HANDLERS}")} AS worker, day + began AS registered_at, false AS repeats
FROM (SELECT n, n % {WAYS} AS way, CAST($2 AS timestamptz) + n * {DAYS} / $1 * interval '1 day' AS day
      FROM generate_series(0, $1::bigint - 1) AS n) AS dated
JOIN way_facts USING (way)
"""

REPEATED = """
UPDATE matters SET repeats = true FROM (
    SELECT n, registered_at - lag(registered_at) OVER (PARTITION BY building, category ORDER BY registered_at, n) <= $1 AS again
    FROM matters WHERE building IS NOT NULL) AS seen
WHERE seen.n = matters.n AND again
"""

ISSUES = f"""
INSERT INTO issues (community, id, number, kind, category, severity, building_id, place_text, title, text, source, reported_by,
                    registered_at, reported_at, state, tier, outcome, quantity_kind, quantity, review_at, deferred_at,
                    dismissal_reason, refer_to, round, version)
SELECT $1, {identifier(ISSUE, "n")}, 'FCC-2025-' || lpad(n::text, 7, '0'), kind, category, 'general', building, '北门',
       '路灯不亮', '路灯不亮', source, CASE WHEN reported THEN {identifier(PERSON, "n % 5000")} END, registered_at, registered_at,
       state, tier, outcome, quantity_kind, quantity, registered_at + review,
       CASE WHEN state = 'deferred' THEN registered_at END, CASE WHEN state = 'dismissed' THEN 'no_matter' END,
       CASE WHEN state = 'dismissed' THEN '12345' END, round, 1
FROM matters JOIN way_facts USING (way)
"""

HISTORY = f"""
INSERT INTO issue_history (community, issue_id, id, verb, from_state, to_state, done_by, at, round, details)
SELECT $1, {identifier(ISSUE, "n")}, {identifier(STEP, "n * 20 + place")}, verb, from_state, to_state,
       CASE WHEN handled THEN worker ELSE by END, registered_at + after, round,
       CASE WHEN details ? 'organisation' THEN jsonb_build_object('organisation', unit) ELSE details END
FROM matters JOIN way_steps USING (way) WHERE n % $2 = 0
"""

SUMS = """
INSERT INTO report_rollups (community, generation, dimension, grain, period, key, measure, value)
SELECT $1, $2, $3, 'day', (day AT TIME ZONE 'Asia/Shanghai')::date + after AS period, coalesce(%s, '') AS key, measure, sum(amount)
FROM matters JOIN way_counts USING (way, repeats) GROUP BY period, key, measure
"""
KEYS = {
    "all": "''",
    "place": "CAST(building AS text)",
    "category": "category",
    "organisation": "CASE WHEN assigned THEN CAST(unit AS text) END",
    "handler": f"CASE WHEN handled THEN CAST(worker AS text) WHEN by_office THEN '{OFFICER}' END",
}

LONGER = """
INSERT INTO report_rollups (community, generation, dimension, grain, period, key, measure, value)
SELECT community, generation, dimension, '%s', %s AS start, key, measure, sum(value)
FROM report_rollups WHERE community = $1 AND generation = $2 AND grain = 'day' GROUP BY community, generation, dimension, start, key, measure
"""
STARTS = {
    "dekad": "date_trunc('month', period)::date + 10 * least((date_part('day', period)::int - 1) / 10, 2)",
    "month": "date_trunc('month', period)::date",
    "quarter": "date_trunc('quarter', period)::date",
}

WATCH = f"""
INSERT INTO report_watch (community, generation, watch, since, issue_id, due_at)
SELECT $1, $2, watch, registered_at + since, {identifier(ISSUE, "n")}, registered_at + due
FROM matters JOIN way_watched USING (way, repeats)
"""

PLACES = f"""
INSERT INTO compounds SELECT '%(town)s', {identifier(COMPOUND, "n")}, n || '区' FROM generate_series(0, {COMPOUNDS - 1}) AS n;
INSERT INTO buildings SELECT '%(town)s', {identifier(BUILDING, "n")}, {identifier(COMPOUND, f"n %% {COMPOUNDS}")},
    {identifier(COMPOUND, f"n %% {COMPOUNDS}")}, n || '号楼' FROM generate_series(0, {BUILDINGS - 1}) AS n;
INSERT INTO organisations SELECT '%(town)s', {identifier(ORGANISATION, "n")}, 'unit', '单位' || n
    FROM generate_series(0, {UNITS - 1}) AS n;
INSERT INTO categories (community, code, name_zh, name_en, kind, tier, responsible_kind, position)
    SELECT '%(town)s', 'c' || n, '分类' || n, 'c' || n, 'request', 'general', 'property', n
    FROM generate_series(0, {CATEGORIES - 1}) AS n;
INSERT INTO report_generations (community, current, rules_version, made_at) VALUES ('%(town)s', 1, 1, now())
"""


async def prepare(connection: asyncpg.Connection, told: Sequence[Way]) -> None:
    """The ways as tables that the statements above read. Past every wall and trigger, as the superuser of a throw-away database."""
    await connection.execute(
        "SET session_replication_role = replica; SET statement_timeout = 0; SET work_mem = '256MB'"
    )
    await connection.execute(
        """
        CREATE TEMPORARY TABLE way_facts (way int, placed bool, began interval, kind text, source text, reported bool, state text,
            tier text, outcome text, quantity_kind text, quantity int, review interval, round int);
        CREATE TEMPORARY TABLE way_steps (way int, place int, verb text, from_state text, to_state text, by uuid, handled bool,
            after interval, round int, details jsonb);
        CREATE TEMPORARY TABLE way_counts (way int, repeats bool, after int, measure text, amount int, assigned bool, handled bool,
            by_office bool);
        CREATE TEMPORARY TABLE way_watched (way int, repeats bool, watch text, since interval, due interval)
        """
    )
    tables: dict[str, list[tuple[object, ...]]] = {
        "way_facts": [_facts_row(number, way) for number, way in enumerate(told)],
        "way_steps": [row for number, way in enumerate(told) for row in _step_rows(number, way)],
        "way_counts": [
            (number, repeats, (one.day - FIRST_DAY).days, one.measure, one.amount, *_who(one))
            for number, way in enumerate(told)
            for repeats in (False, True)
            for one in way.adds(repeats=repeats).counts
        ],
        "way_watched": [
            (number, repeats, one.watch, *_since(way, one))
            for number, way in enumerate(told)
            for repeats in (False, True)
            for one in way.adds(repeats=repeats).watched
        ],
    }
    for table, rows in tables.items():
        await connection.executemany(
            f"INSERT INTO {table} VALUES ({', '.join(f'${n + 1}' for n in range(len(rows[0])))})", rows
        )


async def build(connection: asyncpg.Connection, community: str, count: int, told: Sequence[Way], *, every: int) -> None:
    """A community with so many matters, of which one in `every` has its history and its own contribution."""
    began = datetime.combine(FIRST_DAY, datetime.min.time(), told[0].facts.registered_at.tzinfo)
    await connection.execute(PLACES % {"town": community})
    await connection.execute("DROP TABLE IF EXISTS matters")
    await connection.execute(MATTERS.replace("$1", f"{count}").replace("$2", f"'{began.isoformat()}'"))
    await connection.execute(REPEATED, REPEATED_WITHIN)
    await connection.execute(ISSUES, community, timeout=600)
    await connection.execute(HISTORY, community, every, timeout=600)
    await add_up(connection, community, 1)
    await connection.execute(WATCH, community, 1, timeout=600)
    records = [
        (community, 1, row["id"], orjson.dumps(adds.packed()).decode())
        for row in await connection.fetch(
            f"SELECT {identifier(ISSUE, 'n')} AS id, * FROM matters WHERE n % {every} = 0", timeout=600
        )
        for adds in (_translated(told[row["way"]], row),)
    ]
    await connection.executemany("INSERT INTO report_contributions VALUES ($1, $2, $3, $4)", records, timeout=600)
    for table in ("issues", "issue_history", "report_rollups", "report_watch"):
        await connection.execute(f"VACUUM ANALYZE {table}")  # what autovacuum has done of tables that grew in two years


async def add_up(connection: asyncpg.Connection, community: str, generation: int) -> None:
    """The sums of all matters of the community that was built last."""
    for dimension, key in KEYS.items():
        await connection.execute(SUMS % key, community, generation, dimension, timeout=600)
    for grain, start in STARTS.items():
        await connection.execute(LONGER % (grain, start), community, generation, timeout=600)


async def queue(connection: asyncpg.Connection, community: str, numbers: Sequence[int]) -> None:
    """Change the source of these matters, as a correction would, and have them counted again."""
    chosen = f"SELECT {identifier(ISSUE, 'n')} AS id, n FROM unnest($2::bigint[]) AS n"
    await connection.execute(
        f"UPDATE issues SET source = CASE source WHEN 'visit' THEN 'resident' ELSE 'visit' END FROM ({chosen}) AS chosen"
        " WHERE issues.community = $1 AND issues.id = chosen.id",
        community,
        numbers,
    )
    await connection.execute(
        f"INSERT INTO report_queue (community, id, issue_id, at) SELECT $1, {identifier(QUEUED, 'n')}, id, now() FROM ({chosen}) AS chosen",
        community,
        numbers,
    )


def _facts_row(number: int, way: Way) -> tuple[object, ...]:
    facts = way.facts
    return (
        number,
        facts.building_id is not None,
        facts.registered_at - datetime.combine(FIRST_DAY, datetime.min.time(), facts.registered_at.tzinfo),
        facts.kind,
        facts.source,
        facts.reported_by is not None,
        way.state,
        facts.tier.value if facts.tier else None,
        facts.outcome,
        facts.quantity_kind,
        facts.quantity,
        facts.review_at - facts.registered_at if facts.review_at else None,
        way.round,
    )


def _step_rows(number: int, way: Way) -> list[tuple[object, ...]]:
    return [
        (
            number,
            place,
            step.verb,
            step.source,
            step.target,
            step.by,
            step.by == HANDLER,
            step.at - way.facts.registered_at,
            step.round,
            orjson.dumps(step.details).decode(),
        )
        for place, step in enumerate(way.steps)
    ]


def _who(one: Count) -> tuple[bool, bool, bool]:
    return one.organisation == str(UNIT), one.handler == str(HANDLER), one.handler == str(OFFICER)


def _since(way: Way, one: Watched) -> tuple[timedelta, timedelta | None]:
    began = way.facts.registered_at
    return one.since - began, one.due_at - began if one.due_at else None


def _translated(way: Way, row: asyncpg.Record) -> Contribution:
    """What this matter adds: what its way adds, on its own days and by its own people."""
    later = timedelta(days=round((row["registered_at"] - way.facts.registered_at) / timedelta(days=1)))
    adds = way.adds(repeats=row["repeats"])
    counts = tuple(
        Count(
            one.day + later,
            one.measure,
            one.amount,
            str(row["unit"]) if one.organisation else "",
            str(row["worker"]) if one.handler == str(HANDLER) else one.handler,
        )
        for one in adds.counts
    )
    watched = tuple(
        Watched(one.watch, one.since + later, one.due_at + later if one.due_at else None) for one in adds.watched
    )
    return Contribution(
        str(row["building"] or "") if adds.place == str(PLACE) else "", row["category"], counts, watched
    )
