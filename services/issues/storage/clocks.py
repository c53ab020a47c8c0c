"""The clocks of issues in PostgreSQL: kept with every step, looked at by timer."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, RowMapping, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.clocks.clock import Clock
from services.issues.domain.clocks.escalation import Told, Watch
from services.issues.domain.clocks.upkeep import first_look, keep_deadlines, watch_of
from services.issues.domain.errors.issues import IssueNotFound
from services.issues.domain.history import HistoryEntry
from services.issues.domain.issue import Issue
from services.issues.domain.words.clocks import ClockCode
from services.issues.domain.words.timers import LOOK
from services.issues.storage.clock_rules import KnownAlmanac, PostgresClockRules
from services.issues.storage.issue_rows import history_entry_of, issue_of
from services.issues.storage.report_queue import queue_for_counting
from services.issues.storage.tables.clocks import issue_clocks
from services.issues.storage.tables.issues import issue_history, issues
from shared.database.unit_of_work import UnitOfWork
from shared.timers.store import PostgresTimers

_OF: tuple[BindParameter[str], BindParameter[UUID]] = (bindparam("of_community"), bindparam("of_id"))
LOCKED = select(issues).where(issues.c.community == _OF[0], issues.c.id == _OF[1]).with_for_update()
HISTORY = (
    select(issue_history)
    .where(issue_history.c.community == _OF[0], issue_history.c.issue_id == _OF[1])
    .order_by(issue_history.c.id)
)
STORED = select(issue_clocks).where(issue_clocks.c.community == _OF[0], issue_clocks.c.issue_id == _OF[1])
BEGIN = """
INSERT INTO timers (community, kind, subject, key, due_at, set_at, try_at) VALUES ($1, $2, $3, '', $4, $5, $4)
"""
DEADLINES = ("solve_by", "extended_to", "sign_by", "verify_by", "promised_by")
"""What an issue shows of its clocks."""
DEADLINES_AND_LEVEL = (
    update(issues)
    .where(issues.c.community == _OF[0], issues.c.id == _OF[1])
    .values({name: bindparam(f"new_{name}") for name in (*DEADLINES, "overdue_level")})
)
CHANGING = (
    "started_at",
    "due_at",
    "stopped_at",
    "result",
    "paused",
    "provisional",
    "rule_version",
    "level",
    "told",
)
Stored = dict[tuple[ClockCode, int, int], RowMapping]


class PostgresIssueClocks:
    """Satisfies `ports.IssueClocks`, and keeps the clocks for the issue store."""

    known: KnownAlmanac

    def __init__(self, uow: UnitOfWork, rules: PostgresClockRules, timers: PostgresTimers) -> None:
        self._uow = uow
        self._rules = rules
        self._timers = timers

    async def watch(self, issue_id: UUID) -> tuple[Issue, Watch]:
        """An issue and its clocks by the rules and calendar of now; both stay so until the end of the transaction."""
        row = (await self._uow.execute(LOCKED, self._one(issue_id))).mappings().first()
        if row is None:
            raise IssueNotFound
        issue = issue_of(row)
        return issue, await self._watch(issue, [])

    async def keep(self, issue: Issue, watch: Watch) -> None:
        """Keep clocks and what was told of them, the deadlines of the issue, and the timer of the next look."""
        before = _deadlines(issue)
        keep_deadlines(issue, watch.clocks)
        changed = _deadlines(issue) != before
        await self._write(issue, watch, await self._stored(issue.id), changed=changed)
        if changed:
            await queue_for_counting(self._uow, [(issue.id, self._uow.now())])

    async def running_after(self, issue_id: UUID | None, limit: int) -> list[UUID]:
        """Issues with a clock that runs, in the order of their ids."""
        statement = (
            select(issue_clocks.c.issue_id)
            .distinct()
            .where(issue_clocks.c.community == self._uow.community, issue_clocks.c.stopped_at.is_(None))
            .order_by(issue_clocks.c.issue_id)
            .limit(limit)
        )
        if issue_id is not None:
            statement = statement.where(issue_clocks.c.issue_id > issue_id)
        return list((await self._uow.execute(statement)).scalars())

    async def reckon(self, issue: Issue) -> Watch:
        """Before an issue is saved: its deadlines as they are after the step that was taken."""
        watch = await self._watch(issue, issue.happened)
        keep_deadlines(issue, watch.clocks)
        return watch

    async def follow(self, issue: Issue, watch: Watch) -> None:
        """After an issue was saved, and its row is ours: keep its clocks, with what was told of them until now."""
        stored = await self._stored(issue.id)
        told = told_of(stored)
        watch = replace(watch, told=told)
        # What was told in this round may have been told while the step was taken: then a look wrote its level into the issue behind our back.
        await self._write(issue, watch, stored, changed=watch.level != told.level(issue.round))

    async def first_looks(self, new: Sequence[Issue]) -> list[datetime]:
        """When to look first at issues that are about to be put on record; each gets what is promised by its clocks."""
        almanac = await self._rules.almanac()
        return [first_look(issue, almanac) for issue in new]

    async def begin(self, new: Sequence[Issue], looks: Sequence[datetime]) -> None:
        """The timers of the first looks."""
        now = self._uow.now()
        rows = [(self._uow.community, LOOK, issue.id, look, now) for issue, look in zip(new, looks, strict=True)]
        driver = await self._uow.driver()
        await driver.executemany(BEGIN, rows)

    async def first_look(self, issue: Issue) -> datetime:
        """The same for the hot path, beside the transaction."""
        almanac = await self.known.at(self._uow.now(), self._uow.database, self._uow.community)
        return first_look(issue, almanac)

    async def _watch(self, issue: Issue, happened: Sequence[HistoryEntry]) -> Watch:
        rows = (await self._uow.execute(HISTORY, self._one(issue.id))).mappings()
        history = [*(history_entry_of(row) for row in rows), *happened]
        told = told_of(await self._stored(issue.id))
        return watch_of(issue, await self._rules.almanac(), history, told, self._uow.now())

    async def _stored(self, issue_id: UUID) -> Stored:
        return await read_stored(self._uow, self._uow.community, issue_id)

    async def _write(self, issue: Issue, watch: Watch, stored: Stored, *, changed: bool) -> None:
        rows = [row for clock in watch.clocks if (row := _row(clock, watch.told)) != _plain(stored.get(clock.key))]
        if rows:
            written = insert(issue_clocks)
            key = {"community": self._uow.community, "issue_id": issue.id}
            await self._uow.execute(
                written.on_conflict_do_update(
                    constraint="issue_clocks_pkey", set_={name: written.excluded[name] for name in CHANGING}
                ),
                [{**key, **row} for row in rows],
            )
        if changed or issue.overdue_level != watch.level:
            issue.overdue_level = watch.level
            new = {f"new_{name}": value for name, value in _deadlines(issue).items()}
            await self._uow.execute(
                DEADLINES_AND_LEVEL, {**self._one(issue.id), **new, "new_overdue_level": watch.level}
            )
        next_look = watch.next_look()
        if next_look is None:
            await self._timers.cancel(LOOK, issue.id)
        else:
            await self._timers.set(LOOK, issue.id, next_look)

    def _one(self, issue_id: UUID) -> dict[str, Any]:
        return {"of_community": self._uow.community, "of_id": issue_id}


def _deadlines(issue: Issue) -> dict[str, datetime | None]:
    return {name: getattr(issue, name) for name in DEADLINES}


async def read_stored(connection: AsyncConnection | UnitOfWork, community: str, issue_id: UUID) -> Stored:
    """The clocks of an issue as they were kept last."""
    rows = (await connection.execute(STORED, {"of_community": community, "of_id": issue_id})).mappings()
    return {(ClockCode(row["code"]), row["round"], row["part"]): row for row in rows}


def told_of(stored: Stored) -> Told:
    """What was told of them."""
    levels: dict[int, int] = {}
    for (code, round_, _), row in stored.items():
        if code is ClockCode.SOLVE:
            levels[round_] = max(levels.get(round_, 0), row["level"])
    return Told(tuple(sorted(levels.items())), frozenset(key for key, row in stored.items() if row["told"]))


def _row(clock: Clock, told: Told) -> dict[str, Any]:
    return {
        "code": clock.code.value,
        "round": clock.round,
        "part": clock.part,
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        "stopped_at": clock.stopped_at,
        "result": clock.result.value if clock.result else None,
        "paused": clock.paused,
        "provisional": clock.provisional,
        "rule_version": clock.rule_version,
        "level": told.level(clock.round) if clock.code is ClockCode.SOLVE else 0,
        "told": clock.key in told.missed,
    }


def _plain(row: RowMapping | None) -> dict[str, Any] | None:
    return {name: row[name] for name in ("code", "round", "part", *CHANGING)} if row is not None else None
