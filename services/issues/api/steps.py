"""What the routes of all steps share: what they may answer, and how."""

from collections.abc import Awaitable

from starlette.responses import Response

from services.issues.api.parts import Uow
from services.issues.domain.errors.issues import ISSUE_ERRORS
from services.issues.domain.issue import Issue
from services.issues.schemas.issue_views import IssueView
from shared.errors import ConcurrentChange
from shared.http.commands import answered
from shared.principal import Principal

STEP = (*ISSUE_ERRORS, ConcurrentChange)
"""What every step may be refused with."""


async def taken(work: Awaitable[Issue], uow: Uow, who: Principal) -> Response:
    """The issue after the step, with what this person can do next."""
    return await answered(work, uow, view=lambda issue: IssueView.of(issue, who, uow.now()))
