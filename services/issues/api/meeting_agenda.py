"""Building an agenda: what could be discussed, what people propose, what is said at the table, and in which order."""

from typing import Annotated
from uuid import UUID

from starlette.responses import Response

from services.issues.api.parts import PREFIX, Community, MeetingReader, Now, Uow
from services.issues.domain.errors.filing import ProxyIncomplete, SourceRefused
from services.issues.domain.errors.issues import IssueNotFound, TransitionRefused
from services.issues.domain.errors.master_data import UnknownBuilding, UnknownCategory, UnknownPerson
from services.issues.domain.errors.meetings import MeetingCancelled, MeetingClosedAlready, MeetingNotFound
from services.issues.domain.errors.proposals import (
    NotOnTheRoster,
    OrderIncomplete,
    ProposalDecided,
    ProposalNotFound,
    TooManyProposals,
)
from services.issues.domain.words.meetings import Why
from services.issues.permissions import Action
from services.issues.queries.meetings import meeting_seen_by
from services.issues.queries.minutes import suggestions, topics_of
from services.issues.schemas.issue_views import IssueView
from services.issues.schemas.meetings import MeetingView
from services.issues.schemas.minutes import (
    AcceptTopicBody,
    BuildAgendaBody,
    DeclineTopicBody,
    ProposeTopicBody,
    ReorderAgendaBody,
    SuggestionView,
    TopicView,
)
from services.issues.schemas.report_bodies import ReportIssueBody
from services.issues.use_cases.accept_topic import AcceptTopic, accept_topic
from services.issues.use_cases.build_agenda import BuildAgenda, build_agenda
from services.issues.use_cases.decline_topic import DeclineTopic, decline_topic
from services.issues.use_cases.propose_topic import ProposeTopic, propose_topic
from services.issues.use_cases.raise_at_table import RaiseAtTable, raise_at_table
from services.issues.use_cases.reorder_agenda import ReorderAgenda, reorder_agenda
from shared.errors import ConcurrentChange
from shared.http.commands import Reading, answered, shown
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.http.versions import IfMatch
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=PREFIX, tags=["meetings"])
Builder = Annotated[Principal, allow(Action.BUILD_AGENDA)]
Leader = Annotated[Principal, allow(Action.LEAD_MEETING)]
OVER = (MeetingNotFound, MeetingClosedAlready, MeetingCancelled, ConcurrentChange)
RAISED = (UnknownCategory, UnknownBuilding, UnknownPerson, SourceRefused, ProxyIncomplete)


@router.get(
    "/meetings/{meeting_id}/agenda-suggestions",
    response_model=Page[SuggestionView],
    responses=problems(MeetingNotFound),
)
async def suggest_for_agenda(
    *,
    community: Community,
    meeting_id: UUID,
    who: Builder,
    reading: Reading,
    page: PageQuery,
    now: Now,
    why: Why | None = None,
) -> Response:
    """可列入议题的诉求：未解决、超期、重复，逾期最久的在前。What could be discussed and why, the longest due first."""
    async with reading as connection:
        (await meeting_seen_by(connection, community, meeting_id, who)).refuse_if_over()
        return shown(await suggestions(connection, community, who, page, why=why, now=now))


@router.post(
    "/meetings/{meeting_id}/agenda",
    response_model=MeetingView,
    responses=problems(*OVER, IssueNotFound, TransitionRefused),
)
async def put_on_agenda(
    *, meeting_id: UUID, body: BuildAgendaBody, who: Builder, uow: Uow, if_match: IfMatch, now: Now
) -> Response:
    """一次列入多条诉求，全部成功或全部不列入。Put a selection on the agenda in one go, all or none."""
    command = BuildAgenda(meeting_id, tuple(dict.fromkeys(body.issue_ids)), who, if_match)
    return await answered(build_agenda(command, uow), uow, view=lambda meeting: MeetingView.of(meeting, now, who))


@router.post("/meetings/{meeting_id}/reorder", response_model=MeetingView, responses=problems(*OVER, OrderIncomplete))
async def reorder(
    *, meeting_id: UUID, body: ReorderAgendaBody, who: Leader, uow: Uow, if_match: IfMatch, now: Now
) -> Response:
    """调整议题顺序。Another order of the agenda."""
    command = ReorderAgenda(meeting_id, tuple(body.order), who, if_match)
    return await answered(reorder_agenda(command, uow), uow, view=lambda meeting: MeetingView.of(meeting, now, who))


@router.post(
    "/meetings/{meeting_id}/issues",
    status_code=201,
    response_model=IssueView,
    responses=problems(*OVER, *RAISED),
)
async def raise_in_meeting(
    *, community: Community, meeting_id: UUID, body: ReportIssueBody, who: Leader, uow: Uow, now: Now
) -> Response:
    """会上提出诉求：到会本人或他人代为反映，当即受理并列入议题。Said at the table, by somebody present or for somebody
    spoken for (`proxy`): on record with the meeting as its source, accepted, and on the agenda."""
    base = f"/api/v1/communities/{community}/issues"
    return await answered(
        raise_at_table(RaiseAtTable(meeting_id, body.command(who, now)), uow),
        uow,
        view=lambda issue: IssueView.of(issue, who, now),
        status=201,
        location=lambda issue: f"{base}/{issue.id}",
    )


@router.post(
    "/meetings/{meeting_id}/proposals",
    status_code=201,
    response_model=TopicView,
    responses=problems(MeetingNotFound, MeetingClosedAlready, NotOnTheRoster, UnknownCategory, TooManyProposals),
)
async def propose(meeting_id: UUID, body: ProposeTopicBody, who: MeetingReader, uow: Uow) -> Response:
    """参会代表提出议题。Anyone at the table proposes a topic."""
    command = ProposeTopic(meeting_id, body.title, body.text, body.category, who)
    return await answered(propose_topic(command, uow), uow, view=TopicView.of, status=201)


@router.get("/meetings/{meeting_id}/proposals", response_model=Page[TopicView], responses=problems(MeetingNotFound))
async def list_proposals(
    *, community: Community, meeting_id: UUID, who: MeetingReader, reading: Reading, page: PageQuery
) -> Response:
    """提出的议题；非工作人员只看自己的。Proposed topics; those who are not of the office see their own."""
    async with reading as connection:
        meeting = await meeting_seen_by(connection, community, meeting_id, who)
        return shown(await topics_of(connection, community, meeting, who, page))


@router.post(
    "/meetings/{meeting_id}/proposals/{proposal_id}/accept",
    response_model=TopicView,
    responses=problems(*OVER, ProposalNotFound, ProposalDecided, *RAISED),
)
async def take_topic_up(
    *, meeting_id: UUID, proposal_id: UUID, body: AcceptTopicBody, who: Leader, uow: Uow, if_match: IfMatch
) -> Response:
    """列入议题，登记为建议或其他诉求。On the agenda as an issue in the name of its author."""
    place = body.place.place() if body.place else None
    command = AcceptTopic(meeting_id, proposal_id, body.kind, body.category, place, who, if_match)
    return await answered(accept_topic(command, uow), uow, view=TopicView.of)


@router.post(
    "/meetings/{meeting_id}/proposals/{proposal_id}/decline",
    response_model=TopicView,
    responses=problems(MeetingNotFound, ProposalNotFound, ProposalDecided, ConcurrentChange),
)
async def leave_topic_out(
    *, meeting_id: UUID, proposal_id: UUID, body: DeclineTopicBody, who: Leader, uow: Uow, if_match: IfMatch
) -> Response:
    """不列入并说明理由。Not put on the agenda, with a reason."""
    command = DeclineTopic(meeting_id, proposal_id, body.reason, who, if_match)
    return await answered(decline_topic(command, uow), uow, view=TopicView.of)
