"""Import issues from another system: a batch comes in whole or not at all, and no row of a source comes in twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.issues.domain.category import Category
from services.issues.domain.errors import UnknownCategory
from services.issues.domain.issue import Issue, short_title
from services.issues.domain.place import Place
from services.issues.facts import registered
from services.issues.ports import IssuesUnitOfWork, Origin
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


@dataclass(frozen=True, slots=True)
class ImportedIssue:
    """What became of a row: a new issue, or the one that came in earlier."""

    source_id: str
    issue_id: UUID
    number: str
    created: bool


@dataclass(slots=True)
class ImportResult:
    """The outcome of a batch, row by row in the order of the rows."""

    created: list[tuple[str, Issue]]
    known: Mapping[str, tuple[UUID, str]]
    order: tuple[str, ...]

    def items(self) -> tuple[ImportedIssue, ...]:
        """What became of each row; numbers are known once the transaction is written."""
        new = dict(self.created)
        return tuple(
            ImportedIssue(key, new[key].id, new[key].number, created=True)
            if key in new
            else ImportedIssue(key, *self.known[key], created=False)
            for key in self.order
        )


@one_transaction
async def import_issues(command: ImportIssues, uow: IssuesUnitOfWork) -> ImportResult:
    """Bring in the rows that are not here yet."""
    order = tuple(dict.fromkeys(row.source_id for row in command.rows))
    known = await uow.issues.known_origins(command.source, order)
    categories = await _categories(command, uow)
    now = uow.now()
    created: dict[str, Issue] = {}
    for row in command.rows:
        if row.source_id in known or row.source_id in created:
            continue
        issue = Issue.import_from(
            issue_id=new_id(),
            number=uow.issues.next_number(),
            category=categories[row.category],
            place=Place(None, row.place),
            title=row.title or short_title(row.text),
            text=row.text,
            reported_at=row.reported_at,
            by=command.by,
            at=now,
        )
        await uow.issues.add(issue, origin=Origin(command.source, row.source_id, row.reporter))
        await uow.publish(registered(issue))
        created[row.source_id] = issue
    return ImportResult(list(created.items()), known, order)


async def _categories(command: ImportIssues, uow: IssuesUnitOfWork) -> dict[str, Category]:
    """The categories of all rows; every row with an unknown one is named, not only the first."""
    found: dict[str, Category] = {}
    wrong: dict[str, str] = {}
    for index, row in enumerate(command.rows):
        if row.category not in found:
            try:
                found[row.category] = await uow.directory.category(row.category)
            except UnknownCategory:
                wrong[f"rows[{index}].category"] = f"没有这个分类 / no such category: {row.category}"
    if wrong:
        raise UnknownCategory(fields=wrong)
    return found
