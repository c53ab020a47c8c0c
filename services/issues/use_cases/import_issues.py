"""Import issues from another system: a batch comes in whole or not at all, and no row of a source comes in twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.issues.domain.category import Category
from services.issues.domain.errors.master_data import UnknownCategory
from services.issues.domain.errors.moments import ReportedInFuture
from services.issues.domain.issue import Issue, short_title
from services.issues.domain.place import Place
from services.issues.facts import registered
from services.issues.ports.issues import Origin
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.ids import new_id
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """One matter as the other system had it; its text is kept as it is."""

    source_id: str
    category: str
    place: str
    title: str | None
    text: str
    reported_at: datetime
    reporter: str | None = None


@dataclass(frozen=True, slots=True)
class ImportIssues:
    """Rows of one source."""

    source: str
    rows: tuple[ImportedRow, ...]
    by: Principal
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class ImportedIssue:
    """What became of a row: a new issue, or the one that came in earlier. A dry run creates none, so a new row has no id then."""

    source_id: str
    issue_id: UUID | None
    number: str | None
    created: bool


@dataclass(slots=True)
class ImportResult:
    """The outcome of a batch, row by row."""

    order: tuple[str, ...]
    known: Mapping[str, tuple[UUID, str]]
    created: dict[str, Issue]
    dry_run: bool

    def items(self) -> tuple[ImportedIssue, ...]:
        """What became of each row; numbers are known once the transaction is written."""
        return tuple(self._item(source_id) for source_id in self.order)

    def _item(self, source_id: str) -> ImportedIssue:
        if source_id in self.known:
            return ImportedIssue(source_id, *self.known[source_id], created=False)
        if self.dry_run:
            return ImportedIssue(source_id, None, None, created=True)
        issue = self.created[source_id]
        return ImportedIssue(source_id, issue.id, issue.number, created=True)


@one_transaction
async def import_issues(command: ImportIssues, uow: IssuesUnitOfWork) -> ImportResult:
    """Bring in the rows that are not here yet."""
    _check_times(command, uow.now())
    order = tuple(dict.fromkeys(row.source_id for row in command.rows))
    known = await uow.issues.known_origins(command.source, order)
    categories = await _categories(command, uow)
    created: dict[str, Issue] = {}
    if not command.dry_run:
        for row in command.rows:
            if row.source_id not in known and row.source_id not in created:
                created[row.source_id] = await _bring_in(row, categories[row.category], command, uow)
    return ImportResult(order, known, created, command.dry_run)


async def _bring_in(row: ImportedRow, category: Category, command: ImportIssues, uow: IssuesUnitOfWork) -> Issue:
    issue = Issue.import_from(
        issue_id=new_id(),
        number=uow.issues.next_number(),
        category=category,
        place=Place(None, row.place),
        title=row.title or short_title(row.text),
        text=row.text,
        reported_at=row.reported_at,
        by=command.by,
        at=uow.now(),
    )
    await uow.issues.add(issue, origin=Origin(command.source, row.source_id, row.reporter))
    await uow.publish(registered(issue))
    return issue


def _check_times(command: ImportIssues, now: datetime) -> None:
    """Nothing was reported in the future: such a matter would count in months that are not there yet."""
    wrong = {
        f"rows[{index}].reported_at": ("不能晚于现在", "must not lie in the future")
        for index, row in enumerate(command.rows)
        if row.reported_at > now
    }
    if wrong:
        raise ReportedInFuture(fields=wrong)


async def _categories(command: ImportIssues, uow: IssuesUnitOfWork) -> dict[str, Category]:
    """The categories of all rows; every row with an unknown one is named, not only the first."""
    found: dict[str, Category] = {}
    wrong: dict[str, tuple[str, str]] = {}
    for index, row in enumerate(command.rows):
        if row.category not in found:
            try:
                found[row.category] = await uow.directory.category(row.category)
            except UnknownCategory:
                wrong[f"rows[{index}].category"] = (
                    f"没有这个分类：{row.category}",
                    f"no such category: {row.category}",
                )
    if wrong:
        raise UnknownCategory(fields=wrong)
    return found
