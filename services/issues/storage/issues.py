"""The issues of a community in PostgreSQL."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, insert, or_, select
from sqlalchemy.dialects.postgresql import insert as pg_insert

from services.issues.domain.errors.issues import IssueNotFound
from services.issues.domain.issue import Issue
from services.issues.domain.number import issue_number, number_year
from services.issues.domain.place import Place
from services.issues.domain.words.issues import Outcome, State
from services.issues.ports.issues import Origin
from services.issues.storage.clocks import PostgresIssueClocks
from services.issues.storage.issue_rows import changed_columns, history_row, issue_of, new_issue_row
from services.issues.storage.report_queue import queue_for_counting
from services.issues.storage.tables.issues import issue_history, issue_numbers, issue_origins, issues
from shared.database.unit_of_work import UnitOfWork
from shared.database.versioned import save_versioned
from shared.expected_version import check_version
from shared.principal import Principal

_ONE = select(issues).where(issues.c.community == bindparam("of_community"), issues.c.id == bindparam("of_id"))


REPEATED_WITHIN = timedelta(days=90)
MOST_EARLIER = 20


@dataclass(frozen=True, slots=True)
class NewIssue:
    """An issue that waits for the end of the transaction to get its number."""

    issue: Issue
    origin: Origin | None


class PostgresIssueStore:
    """Satisfies `ports.IssueStore`. New issues are kept back until the transaction is written, because numbers come last:
    the counter row is locked for the shortest time, and reporting can be done in one statement."""

    def __init__(self, uow: UnitOfWork, clocks: PostgresIssueClocks) -> None:
        self._uow = uow
        self._clocks = clocks
        self.new: list[NewIssue] = []

    def next_number(self) -> str:
        """A placeholder for the number."""
        return f"number-{secrets.token_hex(16)}"

    async def get(self, issue_id: UUID, *, seen_by: Principal | None, expected_version: int | None = None) -> Issue:
        """The issue, if this person may see it."""
        found = await self._uow.execute(_ONE, {"of_community": self._uow.community, "of_id": issue_id})
        row = found.mappings().first()
        if row is None:
            raise IssueNotFound
        issue = issue_of(row)
        if seen_by is not None:
            issue.check_visible_to(seen_by)
        check_version(issue.version, expected_version)
        return issue

    async def add(self, issue: Issue, *, origin: Origin | None = None) -> None:
        """Keep a new issue at the end of this transaction."""
        self.new.append(NewIssue(issue, origin))

    async def save(self, issue: Issue) -> None:
        """Keep a changed issue, what happened to it, and its clocks, which follow from that."""
        watch = await self._clocks.reckon(issue)
        issue.version = await save_versioned(
            self._uow, issues, issue.id, version=issue.version, values=changed_columns(issue), missing=IssueNotFound
        )
        await self._write_history([issue])
        await self._clocks.follow(issue, watch)

    async def note(self, issue: Issue) -> None:
        """Keep what happened to an issue that it did not change."""
        await self._write_history([issue])

    async def earlier(self, issue: Issue) -> Sequence[UUID]:
        """Issues of the same category in the same building not long before."""
        if issue.place.building_id is None:
            return []
        found = await self._uow.execute(
            select(issues.c.id)
            .where(*before_at_the_same_place(self._uow.community, issue))
            .order_by(issues.c.registered_at.desc())
            .limit(MOST_EARLIER)
        )
        return found.scalars().all()

    async def twin_of(self, filed_by: UUID, category: str, text: str, place: Place, *, since: datetime) -> Issue | None:
        """The newest issue that the same program filed since then in the same words of the same place, one who asks at a time."""
        await self._uow.execute(
            select(func.pg_advisory_xact_lock(func.hashtextextended(f"file:{self._uow.community}:{filed_by}", 0)))
        )
        found = await self._uow.execute(
            select(issues)
            .where(
                issues.c.community == self._uow.community,
                issues.c.filed_by == filed_by,
                issues.c.registered_at >= since,
                issues.c.category == category,
                issues.c.text == text,
                issues.c.building_id.is_not_distinct_from(place.building_id),
                issues.c.place_unit.is_not_distinct_from(place.unit),
                issues.c.place_text.is_not_distinct_from(place.text),
            )
            .order_by(issues.c.registered_at.desc(), issues.c.id.desc())
            .limit(1)
        )
        row = found.mappings().first()
        return issue_of(row) if row is not None else None

    async def known_origins(self, source: str, source_ids: Sequence[str]) -> dict[str, tuple[UUID, str]]:
        """Which ids of another system came in before. Imports of one source wait for each other until commit."""
        await self._uow.execute(
            select(func.pg_advisory_xact_lock(func.hashtextextended(f"import:{self._uow.community}:{source}", 0)))
        )
        found = await self._uow.execute(
            select(issue_origins.c.source_id, issues.c.id, issues.c.number)
            .join(
                issues,
                (issues.c.community == issue_origins.c.community) & (issues.c.id == issue_origins.c.issue_id),
            )
            .where(
                issue_origins.c.community == self._uow.community,
                issue_origins.c.source == source,
                issue_origins.c.source_id.in_(source_ids),
            )
        )
        return {row.source_id: (row.id, row.number) for row in found}

    async def write_new(self, code: str) -> dict[str, str]:
        """Give the new issues their numbers and write them; returns placeholder -> number."""
        numbers: dict[str, str] = {}
        if not self.new:
            return numbers
        year = number_year(self.new[0].issue.registered_at)
        last = await self._take_numbers(year, len(self.new))
        for serial, new in enumerate(self.new, start=last - len(self.new) + 1):
            number = issue_number(code, year, serial)
            numbers[new.issue.number] = new.issue.number = number
        added = [new.issue for new in self.new]
        looks = await self._clocks.first_looks(added)
        await self._uow.execute(
            insert(issues), [{"community": self._uow.community, **new_issue_row(issue)} for issue in added]
        )
        await self._clocks.begin(added, looks)
        await self._write_history(added)
        origins = [
            {
                "community": self._uow.community,
                "source": new.origin.source,
                "source_id": new.origin.source_id,
                "issue_id": new.issue.id,
                "reporter": new.origin.reporter,
            }
            for new in self.new
            if new.origin is not None
        ]
        if origins:
            await self._uow.execute(insert(issue_origins), origins)
        self.new.clear()
        return numbers

    async def _take_numbers(self, year: int, count: int) -> int:
        """The last of `count` fresh serial numbers. The row stays locked until commit, so a rollback leaves no gap."""
        statement = (
            pg_insert(issue_numbers)
            .values(community=self._uow.community, year=year, last=count)
            .on_conflict_do_update(index_elements=["community", "year"], set_={"last": issue_numbers.c.last + count})
            .returning(issue_numbers.c.last)
        )
        last: int = (await self._uow.execute(statement)).scalar_one()
        return last

    async def _write_history(self, changed: Sequence[Issue]) -> None:
        rows = [
            {"community": self._uow.community, **history_row(issue, entry)}
            for issue in changed
            for entry in issue.happened
        ]
        if rows:
            await self._uow.execute(insert(issue_history), rows)
            await queue_for_counting(
                self._uow, [(issue.id, issue.happened[-1].at) for issue in changed if issue.happened]
            )
        for issue in changed:
            issue.happened.clear()


def before_at_the_same_place(community: str, issue: Issue) -> list[ColumnElement[bool]]:
    """What makes another issue an earlier one of the same matter."""
    gone = [Outcome.WITHDRAWN.value, Outcome.DUPLICATE.value]
    return [
        issues.c.community == community,
        issues.c.building_id == issue.place.building_id,
        issues.c.category == issue.category,
        issues.c.registered_at > issue.registered_at - REPEATED_WITHIN,
        issues.c.registered_at < issue.registered_at,
        or_(issues.c.outcome.is_(None), issues.c.outcome.not_in(gone)),
        issues.c.state != State.DISMISSED.value,
    ]
