"""Routing rules: publishing them, reading them, and why a unit is suggested."""

from typing import Annotated
from uuid import UUID

from fastapi import Path
from starlette.requests import Request
from starlette.responses import Response

from services.issues.api.parts import PREFIX, Community, Uow
from services.issues.domain.errors.issues import IssueNotFound
from services.issues.domain.errors.moments import DateNotInFuture
from services.issues.domain.errors.routing import RoutingVersionNotFound, RulesRefused
from services.issues.permissions import Action
from services.issues.queries.routing import routing_of, version_of_rules, versions_of_rules
from services.issues.schemas.routing import (
    IssueRoutingView,
    PublicationView,
    RoutingRulesBody,
    RuleSetSummary,
    RuleSetView,
)
from services.issues.storage.routing import read_in_force
from services.issues.use_cases.publish_routing_rules import PublishRoutingRules, publish_routing_rules
from shared.clock import Clock
from shared.errors import ConcurrentChange
from shared.http.commands import Reading, answered, shown
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.http.versions import IfMatch
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=PREFIX, tags=["routing"])
Reader = Annotated[Principal, allow(Action.READ_ROUTING)]


@router.get("/routing-rules", response_model=RuleSetView)
async def rules_in_force(request: Request, community: Community, _who: Reader, reading: Reading) -> Response:
    """现行派单规则。The rules in force now; version 0 before the first."""
    async with reading as connection:
        return shown(RuleSetView.of(await read_in_force(connection, community, _clock(request).now())))


@router.get("/routing-rules/versions", response_model=Page[RuleSetSummary])
async def rule_versions(community: Community, _who: Reader, reading: Reading, page: PageQuery) -> Response:
    """历次派单规则，新的在前。All versions, newest first."""
    async with reading as connection:
        return shown(await versions_of_rules(connection, community, page))


@router.get("/routing-rules/{version}", response_model=RuleSetView, responses=problems(RoutingVersionNotFound))
async def rule_version(
    community: Community, version: Annotated[int, Path(ge=1, le=2**31 - 1)], _who: Reader, reading: Reading
) -> Response:
    """某一版派单规则。One version, as it was published."""
    async with reading as connection:
        return shown(RuleSetView.of(await version_of_rules(connection, community, version)))


@router.post(
    "/routing-rules",
    response_model=PublicationView,
    responses=problems(RulesRefused, DateNotInFuture, ConcurrentChange),
)
async def publish_rules(
    body: RoutingRulesBody,
    who: Annotated[Principal, allow(Action.PUBLISH_ROUTING_RULES)],
    uow: Uow,
    if_match: IfMatch,
) -> Response:
    """发布新一版派单规则，或试算影响。Publish a version, or tell what it would change; If-Match is the newest version."""
    command = PublishRoutingRules(body.as_rules(), body.basis, who, body.effective_from, body.dry_run, if_match)
    return await answered(publish_routing_rules(command, uow), uow, view=PublicationView.of)


@router.get("/issues/{issue_id}/routing", response_model=IssueRoutingView, responses=problems(IssueNotFound))
async def why_this_unit(
    request: Request, community: Community, issue_id: UUID, who: Reader, reading: Reading
) -> Response:
    """建议派给哪个单位、依据哪条规则、之前比对了什么。Which unit, by which rule, and what was tried before it."""
    async with reading as connection:
        return shown(await routing_of(connection, community, issue_id, who, _clock(request).now()))


def _clock(request: Request) -> Clock:
    clock: Clock = request.app.state.unit_of_work.clock
    return clock
