"""Imports: matters from other systems, in batches."""

from typing import Annotated

from starlette.responses import Response

from services.issues.api.parts import PREFIX, Uow
from services.issues.domain.errors.master_data import UnknownCategory
from services.issues.domain.errors.moments import ReportedInFuture
from services.issues.permissions import Action
from services.issues.schemas.imports import ImportView
from services.issues.schemas.issue_bodies import ImportBody
from services.issues.use_cases.import_issues import ImportedRow, ImportIssues, import_issues
from shared.http.commands import answered
from shared.http.problems import problems
from shared.http.routing import Router
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=PREFIX, tags=["issues"])


@router.post("/issues/imports", response_model=ImportView, responses=problems(UnknownCategory, ReportedInFuture))
async def import_batch(body: ImportBody, who: Annotated[Principal, allow(Action.IMPORT_ISSUES)], uow: Uow) -> Response:
    """导入一批外部留言（最多100条）。Bring in up to 100 matters of one source: all or nothing, none twice."""
    rows = tuple(
        ImportedRow(row.source_id, row.category, row.place, row.title, row.text, row.reported_at, row.reporter)
        for row in body.rows
    )
    command = ImportIssues(body.source, rows, who, body.dry_run)
    return await answered(import_issues(command, uow), uow, view=ImportView.of)
