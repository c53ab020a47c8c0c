"""Clocks of an issue with their explanation; the rules of clocks and the working calendar in versions."""

from typing import Annotated
from uuid import UUID

from fastapi import Path
from starlette.responses import Response

from services.issues.api.parts import PREFIX, Community, IssueReader, Now, RulesReader, Uow
from services.issues.domain.calendar.shipped import FIRST_YEAR, LAST_YEAR
from services.issues.domain.errors.clocks import (
    CalendarVersionNotFound,
    DayOfAnotherYear,
    HoursOutOfOrder,
    NotAMakeUpDay,
    RulesIncomplete,
    RuleVersionNotFound,
    SecondPersonNeeded,
    VersionDecided,
)
from services.issues.domain.errors.issues import IssueNotFound
from services.issues.domain.errors.master_data import UnknownCategory
from services.issues.permissions import Action
from services.issues.queries.clocks import (
    calendar_of,
    clocks_seen_by,
    rules_in_force,
    version_of_rules,
    versions_of_calendar,
    versions_of_rules,
)
from services.issues.schemas.clocks import (
    CalendarBody,
    CalendarVersionView,
    CalendarYearView,
    ClockRulesBody,
    ClockRulesView,
    ClocksView,
    VersionDecisionBody,
)
from services.issues.use_cases.decide_calendar import DecideCalendar, decide_calendar
from services.issues.use_cases.decide_clock_rules import DecideClockRules, decide_clock_rules
from services.issues.use_cases.propose_calendar import ProposeCalendar, propose_calendar
from services.issues.use_cases.propose_clock_rules import ProposeClockRules, propose_clock_rules
from shared.http.commands import Reading, answered, shown
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=PREFIX, tags=["clocks"])
Proposer = Annotated[Principal, allow(Action.PROPOSE_CLOCK_RULES)]
Decider = Annotated[Principal, allow(Action.DECIDE_CLOCK_RULES)]
Year = Annotated[int, Path(ge=FIRST_YEAR, le=LAST_YEAR)]
Number = Annotated[int, Path(ge=0, le=2**31 - 1)]
DECIDING = (VersionDecided, SecondPersonNeeded)


@router.get("/issues/{issue_id}/clocks", response_model=ClocksView, responses=problems(IssueNotFound))
async def issue_clocks(community: Community, issue_id: UUID, who: IssueReader, reading: Reading, now: Now) -> Response:
    """各项时限：起止、暂停、跳过的日期、所依规则与日历版本。Every clock with start, end, pauses, days skipped, rule and calendar."""
    async with reading as connection:
        return shown(await clocks_seen_by(connection, community, issue_id, who, now))


@router.get("/clock-rules", response_model=ClockRulesView)
async def clock_rules(community: Community, _who: RulesReader, reading: Reading, now: Now) -> Response:
    """现行时限规则与办公时间。The rules that count for clocks that start now."""
    async with reading as connection:
        return shown(await rules_in_force(connection, community, now))


@router.get("/clock-rules/versions", response_model=Page[ClockRulesView])
async def clock_rule_versions(community: Community, _who: RulesReader, reading: Reading, page: PageQuery) -> Response:
    """历次版本，新的在前，含待审定的。All versions, newest first, with proposals."""
    async with reading as connection:
        return shown(await versions_of_rules(connection, community, page))


@router.get("/clock-rules/{version}", response_model=ClockRulesView, responses=problems(RuleVersionNotFound))
async def clock_rule_version(community: Community, version: Number, _who: RulesReader, reading: Reading) -> Response:
    """某一版时限规则；0 为平台自带。One version; 0 came with the platform."""
    async with reading as connection:
        return shown(await version_of_rules(connection, community, version))


@router.post(
    "/clock-rules",
    status_code=201,
    response_model=ClockRulesView,
    responses=problems(RulesIncomplete, HoursOutOfOrder, UnknownCategory),
)
async def propose_rules(community: Community, body: ClockRulesBody, who: Proposer, uow: Uow) -> Response:
    """提出新一版时限规则，由另一人审定后生效；已在计时的不受影响。Propose a version; another person decides."""
    command = ProposeClockRules(
        rules=tuple(rule.rule() for rule in body.rules),
        hours=body.office_hours(),
        effective_from=body.effective_from,
        note=body.note,
        by=who,
    )
    base = f"/api/v1/communities/{community}/clock-rules"
    return await answered(
        propose_clock_rules(command, uow),
        uow,
        view=ClockRulesView.of,
        status=201,
        location=lambda version: f"{base}/{version.version}",
    )


@router.post(
    "/clock-rules/{version}/decide", response_model=ClockRulesView, responses=problems(RuleVersionNotFound, *DECIDING)
)
async def decide_rules(version: Number, body: VersionDecisionBody, who: Decider, uow: Uow) -> Response:
    """审定：同意即发布。The second person agrees, and it is published, or does not."""
    return await answered(
        decide_clock_rules(DecideClockRules(version, body.agree, who), uow), uow, view=ClockRulesView.of
    )


@router.get("/calendar/{year}", response_model=CalendarYearView)
async def calendar(community: Community, year: Year, _who: RulesReader, reading: Reading) -> Response:
    """一年的工作日历：放假、调休，是否已公布。Days off, make-up days, and whether the year was announced."""
    async with reading as connection:
        return shown(await calendar_of(connection, community, year))


@router.get("/calendar/{year}/versions", response_model=Page[CalendarVersionView])
async def calendar_versions(
    community: Community, year: Year, _who: RulesReader, reading: Reading, page: PageQuery
) -> Response:
    """历次版本，新的在前，含待审定的。All versions, newest first, with proposals."""
    async with reading as connection:
        return shown(await versions_of_calendar(connection, community, year, page))


@router.post(
    "/calendar/{year}/versions",
    status_code=201,
    response_model=CalendarVersionView,
    responses=problems(DayOfAnotherYear, NotAMakeUpDay),
)
async def propose_year(community: Community, year: Year, body: CalendarBody, who: Proposer, uow: Uow) -> Response:
    """提出一年的工作日历，由另一人审定。Propose a whole year; another person decides."""
    command = ProposeCalendar(
        year=year,
        holidays={holiday.day: holiday.name for holiday in body.holidays},
        make_up_days=frozenset(body.make_up_days),
        note=body.note,
        by=who,
    )
    base = f"/api/v1/communities/{community}/calendar/{year}"
    return await answered(
        propose_calendar(command, uow), uow, view=CalendarVersionView.of, status=201, location=lambda _: base
    )


@router.post(
    "/calendar/{year}/versions/{version}/decide",
    response_model=CalendarVersionView,
    responses=problems(CalendarVersionNotFound, *DECIDING),
)
async def decide_year(year: Year, version: Number, body: VersionDecisionBody, who: Decider, uow: Uow) -> Response:
    """审定：同意即发布，未办结诉求的期限随之重算。If agreed, it is published and running clocks follow it."""
    return await answered(
        decide_calendar(DecideCalendar(year, version, body.agree, who), uow), uow, view=CalendarVersionView.of
    )
