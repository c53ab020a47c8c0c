"""Meetings: convening, the agenda and its decisions, closing, and the list of countermeasures."""

from collections.abc import Awaitable
from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.issues.api.parts import PREFIX, Community, MeetingReader, Now, Uow
from services.issues.domain.errors.attendance import MeetingWithoutQuorum
from services.issues.domain.errors.issues import IncompleteAssignment, NotTheirStep, TransitionRefused
from services.issues.domain.errors.master_data import UnknownGrid, UnknownOrganisation, UnknownParticipant
from services.issues.domain.errors.meetings import (
    AgendaItemNotFound,
    ItemAlreadyDecided,
    MeetingCancelled,
    MeetingClosedAlready,
    MeetingHasOpenItems,
    MeetingNotFound,
)
from services.issues.domain.errors.moments import DateNotInFuture
from services.issues.domain.meeting import Meeting, Participant
from services.issues.domain.resolution import Quantity
from services.issues.domain.words.meetings import MeetingKind, MeetingState, Red
from services.issues.permissions import Action
from services.issues.queries.meetings import MeetingFilter, countermeasures_of, meeting_seen_by, meetings_seen_by
from services.issues.schemas.meetings import (
    AdoptedBody,
    AssignedBody,
    CloseBody,
    ConveneBody,
    CountermeasureList,
    DecisionBody,
    DeclinedBody,
    MeetingSummary,
    MeetingView,
    RecordBody,
    ResolvedBody,
)
from services.issues.use_cases.adopt_item import AdoptItem, adopt_item
from services.issues.use_cases.assign_item import AssignItem, assign_item
from services.issues.use_cases.close_meeting import CloseMeeting, close_meeting
from services.issues.use_cases.convene_meeting import ConveneMeeting, convene_meeting
from services.issues.use_cases.decline_item import DeclineItem, decline_item
from services.issues.use_cases.postpone_item import PostponeItem, postpone_item
from services.issues.use_cases.record_discussion import RecordDiscussion, record_discussion
from services.issues.use_cases.resolve_item import ResolveItem, resolve_item
from shared.errors import ConcurrentChange
from shared.http.commands import Reading, answered, shown
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.http.versions import IfMatch
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=PREFIX, tags=["meetings"])
Leader = Annotated[Principal, allow(Action.LEAD_MEETING)]
NOTHING = CloseBody(planned_patrols=[])
ITEM = (
    MeetingNotFound,
    AgendaItemNotFound,
    MeetingClosedAlready,
    MeetingCancelled,
    ItemAlreadyDecided,
    ConcurrentChange,
)


@router.post(
    "/meetings", status_code=201, response_model=MeetingView, responses=problems(DateNotInFuture, UnknownParticipant)
)
async def convene(
    community: Community, body: ConveneBody, who: Annotated[Principal, allow(Action.CONVENE_MEETING)], uow: Uow
) -> Response:
    """召集圆桌会议、相约星期三或联建会议。Convene a meeting; empty standing seats are named in the answer."""
    people = tuple(Participant(one.person_id, one.seat) for one in body.participants)
    command = ConveneMeeting(body.kind, body.starts_at, body.place, people, who, body.invite_roster)
    base = f"/api/v1/communities/{community}/meetings"
    return await answered(
        convene_meeting(command, uow),
        uow,
        view=lambda meeting: MeetingView.of(meeting, uow.now(), who),
        status=201,
        location=lambda meeting: f"{base}/{meeting.id}",
    )


@router.get("/meetings", response_model=Page[MeetingSummary])
async def list_meetings(
    *,
    community: Community,
    who: MeetingReader,
    reading: Reading,
    page: PageQuery,
    kind: MeetingKind | None = None,
    state: MeetingState | None = None,
    series_id: UUID | None = None,
    red: Annotated[Red | None, Query(description="会议记录逾期。Minutes that are due or overdue")] = None,
) -> Response:
    """会议列表，近的在前。The latest first; residents see those in which they take part."""
    async with reading as connection:
        return shown(
            await meetings_seen_by(connection, community, who, MeetingFilter(kind, state, series_id, red), page)
        )


@router.get("/meetings/{meeting_id}", response_model=MeetingView, responses=problems(MeetingNotFound))
async def read_meeting(
    community: Community, meeting_id: UUID, who: MeetingReader, reading: Reading, now: Now
) -> Response:
    """会议与议题。A meeting with its agenda and what each item still lacks."""
    async with reading as connection:
        meeting = await meeting_seen_by(connection, community, meeting_id, who)
    return shown(MeetingView.of(meeting, now, who))


@router.get(
    "/meetings/{meeting_id}/countermeasures", response_model=CountermeasureList, responses=problems(MeetingNotFound)
)
async def countermeasures(
    community: Community, meeting_id: UUID, who: MeetingReader, reading: Reading, now: Now
) -> Response:
    """问题和对策清单。The list of problems and measures; final once the meeting is closed."""
    async with reading as connection:
        meeting = await meeting_seen_by(connection, community, meeting_id, who)
        return shown(await countermeasures_of(connection, meeting, who, now))


@router.post("/meetings/{meeting_id}/items/{item_id}/record", response_model=MeetingView, responses=problems(*ITEM))
async def record(
    *, meeting_id: UUID, item_id: UUID, body: RecordBody, who: Leader, uow: Uow, if_match: IfMatch
) -> Response:
    """记录讨论。Write down what was said about an item."""
    command = RecordDiscussion(meeting_id, item_id, body.record, who, if_match)
    return await _step(record_discussion(command, uow), uow, who)


@router.post(
    "/meetings/{meeting_id}/items/{item_id}/decide",
    response_model=MeetingView,
    responses=problems(
        *ITEM, NotTheirStep, TransitionRefused, IncompleteAssignment, UnknownOrganisation, DateNotInFuture
    ),
)
async def decide(
    *, meeting_id: UUID, item_id: UUID, body: DecisionBody, who: Leader, uow: Uow, if_match: IfMatch
) -> Response:
    """议定：当场解决、不予采纳、延期或派单。Decide an item; an assignment takes effect when the meeting closes."""
    return await _step(_decided(meeting_id, item_id, body, who=who, uow=uow, version=if_match), uow, who)


@router.post(
    "/meetings/{meeting_id}/close",
    response_model=MeetingView,
    responses=problems(
        MeetingNotFound,
        MeetingClosedAlready,
        MeetingCancelled,
        MeetingHasOpenItems,
        MeetingWithoutQuorum,
        DateNotInFuture,
        UnknownGrid,
        UnknownParticipant,
        ConcurrentChange,
    ),
)
async def close(meeting_id: UUID, who: Leader, uow: Uow, if_match: IfMatch, body: CloseBody = NOTHING) -> Response:
    """闭会：每项议题都有着落、人数够或说明理由才行。Close the meeting; refused while an item has not left it properly."""
    command = CloseMeeting(
        meeting_id, who, body.without_quorum_reason, tuple(one.plan() for one in body.planned_patrols), if_match
    )
    return await _step(close_meeting(command, uow), uow, who)


def _decided(
    meeting_id: UUID, item_id: UUID, body: DecisionBody, *, who: Principal, uow: Uow, version: int | None
) -> Awaitable[Meeting]:
    """The use case of a decision."""
    if isinstance(body, ResolvedBody):
        quantity = Quantity(body.quantity.kind, body.quantity.amount) if body.quantity else None
        reply = body.public_reply
        return resolve_item(
            ResolveItem(meeting_id, item_id, body.outcome, reply, body.level, who, quantity, version), uow
        )
    if isinstance(body, DeclinedBody):
        return decline_item(
            DeclineItem(meeting_id, item_id, body.outcome, body.reason, body.public_reply, who, version), uow
        )
    if isinstance(body, AssignedBody):
        organisation = body.responsible_organisation
        return assign_item(
            AssignItem(meeting_id, item_id, body.record, organisation, body.deadline, body.plan, who, version), uow
        )
    if isinstance(body, AdoptedBody):
        links = tuple(one.link() for one in body.links)
        return adopt_item(AdoptItem(meeting_id, item_id, body.public_reply, links, who, version), uow)
    return postpone_item(PostponeItem(meeting_id, item_id, body.to_meeting_id, body.reason, who, version), uow)


async def _step(work: Awaitable[Meeting], uow: Uow, who: Principal) -> Response:
    return await answered(work, uow, view=lambda meeting: MeetingView.of(meeting, uow.now(), who))
