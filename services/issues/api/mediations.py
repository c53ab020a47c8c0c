"""Mediation of disputes: seen by the office's readers, the mediator and the parties; for everybody else it does not exist."""

from collections.abc import Awaitable
from datetime import date
from typing import Annotated
from uuid import UUID

from starlette.responses import Response

from services.issues.api.parts import PREFIX, Community, Uow
from services.issues.domain.errors.issues import IssueNotFound, NotTheirStep
from services.issues.domain.errors.mediations import (
    MediationAlreadyOpen,
    MediationNotFound,
    MediationStepRefused,
    MediationUnreadable,
    MediatorRefused,
    NotADispute,
    PartyRefused,
    SessionNotFound,
)
from services.issues.domain.errors.moments import DateNotInFuture, PeriodTooLong
from services.issues.domain.mediation import Mediation
from services.issues.domain.mediation_parts import Party
from services.issues.domain.period import Period
from services.issues.domain.words.mediations import MediationState
from services.issues.mediation_ends import morning_of
from services.issues.permissions import Action
from services.issues.queries.mediations import MediationFilter, mediation_figures, mediations_seen_by
from services.issues.schemas.mediation_bodies import (
    AgreementBody,
    DeclarationBody,
    FailBody,
    FollowUpBody,
    MediatorBody,
    OpenMediationBody,
    PartyBody,
    ReferBody,
    ScheduleBody,
    SessionBody,
    SettleBody,
    SignatureBody,
)
from services.issues.schemas.mediations import MediationFigures, MediationReceipt, MediationSummary, MediationView
from services.issues.use_cases.add_party import AddParty, add_party
from services.issues.use_cases.declare_unrelated import DeclareUnrelated, declare_unrelated
from services.issues.use_cases.fail_mediation import FailMediation, fail_mediation
from services.issues.use_cases.follow_up_mediation import FollowUpMediation, follow_up_mediation
from services.issues.use_cases.name_mediator import NameMediator, name_mediator
from services.issues.use_cases.open_mediation import OpenMediation, open_mediation
from services.issues.use_cases.record_session import RecordSession, record_session
from services.issues.use_cases.refer_mediation import ReferMediation, refer_mediation
from services.issues.use_cases.schedule_session import ScheduleSession, schedule_session
from services.issues.use_cases.settle_mediation import SettleMediation, settle_mediation
from services.issues.use_cases.show_mediation import ShowMediation, show_mediation
from services.issues.use_cases.sign_agreement import SignAgreement, sign_agreement
from services.issues.use_cases.write_agreement import WriteAgreement, write_agreement
from shared.errors import ConcurrentChange
from shared.http.commands import Reading, answered, shown
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.http.versions import IfMatch
from shared.ids import new_id
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=PREFIX, tags=["mediations"])
Reader = Annotated[Principal, allow(Action.READ_MEDIATIONS)]
Mediating = Annotated[Principal, allow(Action.MEDIATE)]
Office = Annotated[Principal, allow(Action.OPEN_MEDIATION)]
STEP = (MediationNotFound, MediationStepRefused, MediationUnreadable, NotTheirStep, ConcurrentChange)
UNSIGNED = SignatureBody()


@router.post(
    "/mediations",
    status_code=201,
    response_model=MediationReceipt,
    responses=problems(IssueNotFound, NotADispute, MediationAlreadyOpen, NotTheirStep, PartyRefused, MediatorRefused),
)
async def open_mediation_of_dispute(community: Community, body: OpenMediationBody, who: Office, uow: Uow) -> Response:
    """调解立案：当事人与调解员；除办理人员、调解员和当事人外无人可见。Open a mediation; nobody else ever sees it."""
    parties = tuple(_party(party) for party in body.parties)
    base = f"/api/v1/communities/{community}/mediations"
    return await answered(
        open_mediation(OpenMediation(body.issue_id, parties, body.mediator_id, who), uow),
        uow,
        view=lambda mediation: MediationReceipt.of(mediation, who),
        status=201,
        location=lambda mediation: f"{base}/{mediation.id}",
    )


@router.get("/mediations", response_model=Page[MediationSummary])
async def list_mediations(
    *,
    community: Community,
    who: Reader,
    reading: Reading,
    page: PageQuery,
    state: MediationState | None = None,
    issue_id: UUID | None = None,
    follow_up_by: date | None = None,
) -> Response:
    """本人参与的调解；值班人员和书记见全部。Those in which one has a part; the office's readers see all."""
    due = morning_of(follow_up_by) if follow_up_by is not None else None
    wanted = MediationFilter(state, issue_id, due)
    async with reading as connection:
        return shown(await mediations_seen_by(connection, community, who, wanted, page))


@router.get("/mediations/figures", response_model=MediationFigures, responses=problems(PeriodTooLong))
async def figures_of_mediations(
    community: Community,
    who: Annotated[Principal, allow(Action.COUNT_MEDIATIONS)],  # noqa: ARG001 - the counts are the same for all who may count
    reading: Reading,
    since: date,
    until: date,
) -> Response:
    """调解数量。How many mediations began, and how many ended which way: the only thing that is told of them."""
    async with reading as connection:
        return shown(await mediation_figures(connection, community, Period(since, until)))


@router.get(
    "/mediations/{mediation_id}",
    response_model=MediationView,
    responses=problems(MediationNotFound, MediationUnreadable),
)
async def read_mediation(mediation_id: UUID, who: Reader, uow: Uow) -> Response:
    """一件调解；当事人看不到调解员笔记。One mediation; parties do not see the mediator's notes. Looks of the office are written down."""
    uow.once = None  # an answer that is kept for repetitions would be kept open
    work = show_mediation(ShowMediation(mediation_id, who), uow)
    return await answered(work, uow, view=lambda mediation: MediationView.of(mediation, who))


@router.post(
    "/mediations/{mediation_id}/name-mediator",
    response_model=MediationReceipt,
    responses=problems(*STEP, MediatorRefused),
)
async def name_another_mediator(
    mediation_id: UUID, body: MediatorBody, who: Office, uow: Uow, if_match: IfMatch
) -> Response:
    """指定调解员。Name another mediator, who declares anew."""
    return await _step(name_mediator(NameMediator(mediation_id, body.mediator_id, who, if_match), uow), uow, who)


@router.post("/mediations/{mediation_id}/declare", response_model=MediationReceipt, responses=problems(*STEP))
async def declare(mediation_id: UUID, body: DeclarationBody, who: Mediating, uow: Uow, if_match: IfMatch) -> Response:
    """调解员声明与各方无亲属、利害关系，或退出。The mediator declares to be unrelated, or steps back."""
    return await _step(declare_unrelated(DeclareUnrelated(mediation_id, body.unrelated, who, if_match), uow), uow, who)


@router.post(
    "/mediations/{mediation_id}/parties", response_model=MediationReceipt, responses=problems(*STEP, PartyRefused)
)
async def add_party_to_mediation(
    mediation_id: UUID, body: PartyBody, who: Mediating, uow: Uow, if_match: IfMatch
) -> Response:
    """增加当事人。Somebody else is concerned too."""
    return await _step(add_party(AddParty(mediation_id, _party(body), who, if_match), uow), uow, who)


@router.post(
    "/mediations/{mediation_id}/sessions", response_model=MediationReceipt, responses=problems(*STEP, DateNotInFuture)
)
async def schedule_session_of_mediation(
    mediation_id: UUID, body: ScheduleBody, who: Mediating, uow: Uow, if_match: IfMatch
) -> Response:
    """约定调解会。Fix a session."""
    command = ScheduleSession(mediation_id, body.starts_at, body.place, who, if_match)
    return await _step(schedule_session(command, uow), uow, who)


@router.post(
    "/mediations/{mediation_id}/sessions/{session_id}/record",
    response_model=MediationReceipt,
    responses=problems(*STEP, SessionNotFound, PartyRefused),
)
async def record_session_of_mediation(
    *, mediation_id: UUID, session_id: UUID, body: SessionBody, who: Mediating, uow: Uow, if_match: IfMatch
) -> Response:
    """记录调解会，笔记加密保存。Who came, and the mediator's notes, kept sealed."""
    command = RecordSession(mediation_id, session_id, tuple(body.attended), body.notes, who, if_match)
    return await _step(record_session(command, uow), uow, who)


@router.post("/mediations/{mediation_id}/agree", response_model=MediationReceipt, responses=problems(*STEP))
async def agree(mediation_id: UUID, body: AgreementBody, who: Mediating, uow: Uow, if_match: IfMatch) -> Response:
    """写明协议，签字前可改。Write the agreement; it can be changed until a party signs."""
    return await _step(write_agreement(WriteAgreement(mediation_id, body.text, who, if_match), uow), uow, who)


@router.post(
    "/mediations/{mediation_id}/sign", response_model=MediationReceipt, responses=problems(*STEP, PartyRefused)
)
async def sign_agreement_of_mediation(
    mediation_id: UUID, who: Mediating, uow: Uow, if_match: IfMatch, body: SignatureBody = UNSIGNED
) -> Response:
    """当事人签字，或登记纸质签字。A party signs, or a signature on paper is recorded."""
    return await _step(sign_agreement(SignAgreement(mediation_id, body.party_id, who, if_match), uow), uow, who)


@router.post(
    "/mediations/{mediation_id}/settle", response_model=MediationReceipt, responses=problems(*STEP, DateNotInFuture)
)
async def settle(mediation_id: UUID, body: SettleBody, who: Mediating, uow: Uow, if_match: IfMatch) -> Response:
    """调解成功结案，约定回访。End with a signed agreement and a day to ask whether it holds."""
    command = SettleMediation(mediation_id, body.outcome, body.follow_up_on, who, if_match)
    return await _step(settle_mediation(command, uow), uow, who)


@router.post("/mediations/{mediation_id}/fail", response_model=MediationReceipt, responses=problems(*STEP))
async def fail(mediation_id: UUID, body: FailBody, who: Mediating, uow: Uow, if_match: IfMatch) -> Response:
    """调解不成结案。End without an agreement."""
    return await _step(fail_mediation(FailMediation(mediation_id, body.reason, who, if_match), uow), uow, who)


@router.post("/mediations/{mediation_id}/refer", response_model=MediationReceipt, responses=problems(*STEP))
async def refer(mediation_id: UUID, body: ReferBody, who: Mediating, uow: Uow, if_match: IfMatch) -> Response:
    """转介司法所、法院等。Refer the parties to the right address."""
    command = ReferMediation(mediation_id, body.refer_to, body.reason, who, if_match)
    return await _step(refer_mediation(command, uow), uow, who)


@router.post(
    "/mediations/{mediation_id}/follow-up", response_model=MediationReceipt, responses=problems(*STEP, DateNotInFuture)
)
async def follow_up(mediation_id: UUID, body: FollowUpBody, who: Mediating, uow: Uow, if_match: IfMatch) -> Response:
    """回访：协议是否仍在履行。Ask whether the agreement holds."""
    command = FollowUpMediation(mediation_id, body.holds, body.note, body.next_on, who, if_match)
    return await _step(follow_up_mediation(command, uow), uow, who)


def _party(body: PartyBody) -> Party:
    return Party(id=new_id(), person_id=body.person_id, name=body.name, phone=body.phone)


async def _step(work: Awaitable[Mediation], uow: Uow, who: Principal) -> Response:
    return await answered(work, uow, view=lambda mediation: MediationReceipt.of(mediation, who))
