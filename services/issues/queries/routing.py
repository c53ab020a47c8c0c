"""Reading routing rules, and why a unit is suggested for an issue."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.errors.routing import RoutingVersionNotFound
from services.issues.domain.issue import Issue
from services.issues.domain.routing import RuleSet, reason_of
from services.issues.domain.words.issues import Verb
from services.issues.queries.issues import issue_seen_by
from services.issues.schemas.issue_views import UnitSuggestion
from services.issues.schemas.labels import Label
from services.issues.schemas.routing import ChosenView, IssueRoutingView, RuleSetSummary, SuggestionView
from services.issues.storage.routing import UNASSIGNED, read_suggestion, read_version
from services.issues.storage.tables.issues import issue_history
from services.issues.storage.tables.routing import routing_sets
from shared.database.keyset import Keyset
from shared.http.paging import Page, PageAsked
from shared.principal import Principal, Role

OFFICE = frozenset({Role.DUTY_OFFICER, Role.MEETING_CHAIR, Role.SECRETARY})
"""Who sees on the issue itself what the rules suggest."""
NEWEST_FIRST = Keyset((routing_sets.c.version,), descending=True)


async def version_of_rules(connection: AsyncConnection, community: str, version: int) -> RuleSet:
    """One version with its rules. Raises RoutingVersionNotFound."""
    found = await read_version(connection, community, version)
    if found is None:
        raise RoutingVersionNotFound
    return found


async def versions_of_rules(connection: AsyncConnection, community: str, page: PageAsked) -> Page[RuleSetSummary]:
    """All versions, newest first."""
    statement = select(routing_sets).where(routing_sets.c.community == community)
    rows = (await connection.execute(NEWEST_FIRST.page(statement, limit=page.limit, cursor=page.cursor))).all()
    kept, cursor = NEWEST_FIRST.cut(rows, limit=page.limit)
    items = [
        RuleSetSummary.model_construct(
            version=row.version,
            effective_from=row.effective_from,
            basis=row.basis,
            published_by=row.published_by,
            published_at=row.published_at,
            rules=row.rules,
        )
        for row in kept
    ]
    return Page[RuleSetSummary].model_construct(items=items, next_cursor=cursor)


async def suggestion_for(
    connection: AsyncConnection, community: str, issue: Issue, by: Principal, at: datetime
) -> UnitSuggestion | None:
    """What the office sees on an issue that nobody answers for yet; None for everybody else and later."""
    if by.roles.isdisjoint(OFFICE) or issue.state not in UNASSIGNED:
        return None
    found = await read_suggestion(connection, community, issue.category, issue.place, at)
    return UnitSuggestion.model_construct(organisation=found.organisation, reason=Label.of(reason_of(found)))


async def routing_of(
    connection: AsyncConnection, community: str, issue_id: UUID, by: Principal, at: datetime
) -> IssueRoutingView:
    """Which unit the rules suggest for an issue now and why; and if it is assigned, what was chosen. Raises IssueNotFound."""
    issue = await issue_seen_by(connection, community, issue_id, by)
    suggestion = await read_suggestion(connection, community, issue.category, issue.place, at)
    return IssueRoutingView.model_construct(
        issue_id=issue.id,
        number=issue.number,
        category=issue.category,
        suggestion=SuggestionView.of(suggestion),
        chosen=await _chosen(connection, community, issue),
    )


async def _chosen(connection: AsyncConnection, community: str, issue: Issue) -> ChosenView | None:
    if issue.assignment is None:
        return None
    statement = (
        select(issue_history.c.details)
        .where(
            issue_history.c.community == community,
            issue_history.c.issue_id == issue.id,
            issue_history.c.verb == Verb.ASSIGN.value,
        )
        .order_by(issue_history.c.id.desc())
        .limit(1)
    )
    details = (await connection.execute(statement)).scalar() or {}
    suggested = UUID(details["suggested"]) if "suggested" in details else None
    organisation = issue.assignment.responsible_organisation
    return ChosenView.model_construct(
        organisation=organisation,
        suggested=suggested,
        rules_version=details.get("rules_version"),
        differs=suggested not in (None, organisation),
        reason=details.get("differs_because"),
    )
