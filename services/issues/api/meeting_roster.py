"""The standing roster of each kind of meeting, and the rules of quorum."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.issues.api.parts import PREFIX, Community, MeetingReader, Uow
from services.issues.domain.errors.master_data import UnknownParticipant
from services.issues.domain.errors.roster import (
    AlreadyOnRoster,
    RosterDatesWrong,
    RosterEntryNotFound,
    RosterFull,
    SeatNotStanding,
)
from services.issues.domain.words.meetings import MeetingKind
from services.issues.permissions import Action
from services.issues.queries.attendance import quorum_rules, roster_of, rule_view
from services.issues.schemas.roster import AppointBody, LeaveBody, QuorumBody, QuorumRuleView, RosterEntryView
from services.issues.use_cases.appoint_to_roster import AppointToRoster, appoint_to_roster
from services.issues.use_cases.leave_roster import LeaveRoster, leave_roster
from services.issues.use_cases.set_quorum import SetQuorum, set_quorum
from shared.errors import ConcurrentChange
from shared.http.commands import Reading, answered, shown
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.http.versions import IfMatch
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=PREFIX, tags=["meetings"])
RosterReader = Annotated[Principal, allow(Action.READ_ROSTER)]
RosterKeeper = Annotated[Principal, allow(Action.KEEP_ROSTER)]


@router.post(
    "/meeting-roster",
    status_code=201,
    response_model=RosterEntryView,
    responses=problems(SeatNotStanding, RosterDatesWrong, UnknownParticipant, AlreadyOnRoster, RosterFull),
)
async def appoint_standing_member(community: Community, body: AppointBody, who: RosterKeeper, uow: Uow) -> Response:
    """任命常驻代表；已召集的会议自动补发邀请。Seat a person; meetings convened already invite them by themselves."""
    command = AppointToRoster(body.kind, body.seat, body.person_id, body.since, body.until, who)
    base = f"/api/v1/communities/{community}/meeting-roster"
    return await answered(
        appoint_to_roster(command, uow),
        uow,
        view=RosterEntryView.of,
        status=201,
        location=lambda entry: f"{base}/{entry.id}",
    )


@router.get("/meeting-roster", response_model=Page[RosterEntryView])
async def list_roster(
    *,
    community: Community,
    _who: RosterReader,
    reading: Reading,
    page: PageQuery,
    kind: MeetingKind | None = None,
    on: Annotated[date | None, Query(description="某一天的名册；不填为全部。As it is on this day")] = None,
) -> Response:
    """常驻名册。The standing roster."""
    async with reading as connection:
        return shown(await roster_of(connection, community, page, kind=kind, on=on))


@router.post(
    "/meeting-roster/{entry_id}/leave",
    response_model=RosterEntryView,
    responses=problems(RosterEntryNotFound, RosterDatesWrong, AlreadyOnRoster, ConcurrentChange),
)
async def leave_standing_seat(
    entry_id: UUID, body: LeaveBody, _who: RosterKeeper, uow: Uow, if_match: IfMatch
) -> Response:
    """离任：之后的会议不再邀请。End a term; later meetings no longer invite the person."""
    command = LeaveRoster(entry_id, body.until, if_match)
    return await answered(leave_roster(command, uow), uow, view=RosterEntryView.of)


@router.get("/meeting-rules", response_model=Page[QuorumRuleView])
async def list_meeting_rules(community: Community, _who: MeetingReader, reading: Reading) -> Response:
    """各类会议的法定人数与常驻席位。Quorum and standing seats of each kind of meeting."""
    async with reading as connection:
        rules = await quorum_rules(connection, community)
    return shown(
        Page[QuorumRuleView].model_construct(
            items=[rule_view(kind, rule) for kind, rule in rules.items()], next_cursor=None
        )
    )


@router.post("/meeting-rules", response_model=QuorumRuleView)
async def decide_on_quorum(body: QuorumBody, who: RosterKeeper, uow: Uow) -> Response:
    """设定法定人数。Decide how many must be there."""
    work = set_quorum(SetQuorum(body.kind, body.rule(), who), uow)
    return await answered(work, uow, view=lambda command: rule_view(command.kind, command.rule))
