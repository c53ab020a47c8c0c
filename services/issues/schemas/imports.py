"""What callers read about a batch of imported matters."""

from uuid import UUID

from services.issues.schemas.labels import View
from services.issues.use_cases.import_issues import ImportResult


class ImportedView(View):
    """What became of a row. A dry run creates nothing, so a new row has no id and number there."""

    source_id: str
    created: bool
    issue_id: UUID | None
    number: str | None


class ImportView(View):
    """What became of a batch."""

    created: int
    already_there: int
    dry_run: bool
    items: list[ImportedView]

    @classmethod
    def of(cls, result: ImportResult) -> "ImportView":
        """Row by row."""
        items = [
            ImportedView.model_construct(
                source_id=item.source_id, created=item.created, issue_id=item.issue_id, number=item.number
            )
            for item in result.items()
        ]
        created = sum(1 for item in items if item.created)
        return cls.model_construct(
            created=created, already_there=len(items) - created, dry_run=result.dry_run, items=items
        )
