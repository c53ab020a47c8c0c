"""Points rules over HTTP: versioned, each version approved by a second person."""

from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from services.volunteers.api.access import COMMUNITY, Now, Uow
from services.volunteers.domain.errors import (
    RuleAlreadyApproved,
    RuleDatesOutOfOrder,
    RuleVersionNotFound,
    SecondPersonNeeded,
)
from services.volunteers.permissions import Action
from services.volunteers.queries.points import rules_of
from services.volunteers.schemas.points_rules import ProposePointsRuleBody, RuleView
from services.volunteers.use_cases.approve_points_rule import ApprovePointsRule, approve_points_rule
from services.volunteers.use_cases.propose_points_rule import ProposePointsRule, propose_points_rule
from shared.http.commands import Reading, answered, shown
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=COMMUNITY + "/points/rules", tags=["points"])


@router.get("", response_model=Page[RuleView])
async def list_points_rules(
    community: str, reading: Reading, page: PageQuery, _who: Annotated[Principal, allow(Action.READ_RULES)], at: Now
) -> Response:
    """积分规则的全部版本。Every version of every points rule."""
    async with reading as connection:
        found, following = await rules_of(connection, community, limit=page.limit, cursor=page.cursor)
    return shown(Page[RuleView](items=[RuleView.of(rule, at) for rule in found], next_cursor=following))


@router.post("", response_model=RuleView, status_code=201, responses=problems(RuleDatesOutOfOrder))
async def propose_rule(
    body: ProposePointsRuleBody, who: Annotated[Principal, allow(Action.PROPOSE_RULE)], uow: Uow
) -> Response:
    """提出规则的新版本，须由另一人批准后生效。Propose the next version of a rule; in force once another person approves."""
    command = ProposePointsRule(**body.model_dump(), by=who.person)
    return await answered(
        propose_points_rule(command, uow), uow, view=lambda rule: RuleView.of(rule, uow.now()), status=201
    )


@router.post(
    "/{code}/versions/{version}/approve",
    response_model=RuleView,
    responses=problems(RuleVersionNotFound, RuleAlreadyApproved, SecondPersonNeeded),
)
async def approve_rule(
    code: Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{1,39}$")],
    version: Annotated[int, Path(ge=1, le=1_000_000)],
    who: Annotated[Principal, allow(Action.APPROVE_RULE)],
    uow: Uow,
) -> Response:
    """批准一个规则版本（提出人不能批准）。Approve a version; not by who proposed it."""
    command = ApprovePointsRule(code, version, who.person)
    return await answered(approve_points_rule(command, uow), uow, view=lambda rule: RuleView.of(rule, uow.now()))
