"""与邻为善、以邻为伴: disputes are mediated in private, by somebody who has no part in them (practice 32)."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.issues.domain.errors.issues import IssueNotFound, NotTheirStep
from services.issues.domain.errors.mediations import (
    MediationAlreadyOpen,
    MediationNotFound,
    MediationStepRefused,
    MediatorRefused,
    NotADispute,
    PartyRefused,
    SessionNotFound,
)
from services.issues.domain.errors.moments import DateNotInFuture
from services.issues.domain.mediation import Mediation
from services.issues.domain.mediation_parts import Party
from services.issues.domain.mediation_steps import MEDIATION_STEPS, mediation_refusal
from services.issues.domain.platform import PLATFORM
from services.issues.domain.resolution import Quantity
from services.issues.domain.words.issues import IssueKind, Level, Outcome, QuantityKind, State
from services.issues.domain.words.mediations import MediationOutcome, MediationState, MediationVerb
from services.issues.mediation_ends import FOLLOW_UP, morning_of
from services.issues.schemas.mediations import MediationReceipt, MediationView
from services.issues.tests.builders import (
    ADMIN,
    CENTRE_HOUSEHOLD,
    CHAIR,
    GRID_WORKER,
    HANDLER,
    NEIGHBOUR,
    NOW,
    OFFICER,
    OFFICER_2,
    OTHER_HANDLER,
    PEOPLE,
    RESIDENT,
    SECRETARY,
    an_issue,
)
from services.issues.tests.memory.unit_of_work import MemoryUnitOfWork
from services.issues.use_cases.add_party import AddParty, add_party
from services.issues.use_cases.declare_unrelated import DeclareUnrelated, declare_unrelated
from services.issues.use_cases.fail_mediation import FailMediation, fail_mediation
from services.issues.use_cases.follow_up_mediation import FollowUpMediation, follow_up_mediation
from services.issues.use_cases.name_mediator import NameMediator, name_mediator
from services.issues.use_cases.open_mediation import OpenMediation, open_mediation
from services.issues.use_cases.record_session import RecordSession, record_session
from services.issues.use_cases.refer_mediation import ReferMediation, refer_mediation
from services.issues.use_cases.remind_of_follow_up import RemindOfFollowUp, remind_of_follow_up
from services.issues.use_cases.resolve_issue import ResolveIssue, resolve_issue
from services.issues.use_cases.schedule_session import ScheduleSession, schedule_session
from services.issues.use_cases.settle_mediation import SettleMediation, settle_mediation
from services.issues.use_cases.show_mediation import ShowMediation, show_mediation
from services.issues.use_cases.sign_agreement import SignAgreement, sign_agreement
from services.issues.use_cases.write_agreement import WriteAgreement, write_agreement
from shared.contracts.issues import MediationClosed, MediationFollowUpDue, MediationOpened
from shared.ids import new_id
from shared.principal import Principal, Role
from shared.testing.principals import a_principal

MEDIATOR = CENTRE_HOUSEHOLD
FOLLOW_UP_ON = date(2026, 12, 25)
SESSION_AT = NOW + timedelta(days=1)


@pytest.fixture
def uow() -> MemoryUnitOfWork:
    return MemoryUnitOfWork()


def somebody(name: str = "王大爷") -> Party:
    return Party(id=new_id(), name=name, phone="13800138000")


async def a_dispute(uow: MemoryUnitOfWork, state: State = State.ACCEPTED) -> UUID:
    issue = an_issue(state, kind=IssueKind.DISPUTE, category="neighbour_quarrel")
    await uow.issues.add(issue)
    return issue.id


async def opened(uow: MemoryUnitOfWork, *parties: Party, mediator: Principal = MEDIATOR) -> Mediation:
    two = parties or (Party(id=new_id(), person_id=NEIGHBOUR.person), somebody())
    return await open_mediation(OpenMediation(await a_dispute(uow), two, mediator.person, OFFICER), uow)


async def declared(uow: MemoryUnitOfWork) -> Mediation:
    mediation = await opened(uow)
    return await declare_unrelated(DeclareUnrelated(mediation.id, True, MEDIATOR), uow)


async def scheduled(uow: MemoryUnitOfWork) -> Mediation:
    mediation = await declared(uow)
    return await schedule_session(ScheduleSession(mediation.id, SESSION_AT, "3号楼王大爷家", MEDIATOR), uow)


async def held(uow: MemoryUnitOfWork) -> Mediation:
    mediation = await scheduled(uow)
    uow.clock.at = SESSION_AT
    session, attended = mediation.sessions[0].id, (mediation.parties[0].id,)
    return await record_session(RecordSession(mediation.id, session, attended, "双方都有气", MEDIATOR), uow)


async def agreed(uow: MemoryUnitOfWork) -> Mediation:
    mediation = await held(uow)
    return await write_agreement(WriteAgreement(mediation.id, "晚九点后不拉琴", MEDIATOR), uow)


async def signed(uow: MemoryUnitOfWork) -> Mediation:
    mediation = await agreed(uow)
    await sign_agreement(SignAgreement(mediation.id, None, NEIGHBOUR), uow)
    return await sign_agreement(SignAgreement(mediation.id, mediation.parties[1].id, MEDIATOR), uow)


async def settled(uow: MemoryUnitOfWork, outcome: MediationOutcome = MediationOutcome.SETTLED) -> Mediation:
    mediation = await signed(uow)
    return await settle_mediation(SettleMediation(mediation.id, outcome, FOLLOW_UP_ON, MEDIATOR), uow)


async def test_the_whole_way_leaves_two_facts_without_a_person(uow: MemoryUnitOfWork) -> None:
    mediation = await settled(uow)
    assert (mediation.state, mediation.outcome) == (MediationState.CLOSED, MediationOutcome.SETTLED)
    assert uow.published == [
        MediationOpened(mediation_id=mediation.id),
        MediationClosed(mediation_id=mediation.id, outcome="settled", sessions=1),
    ]
    assert set(MediationClosed.model_fields) == {"mediation_id", "outcome", "sessions"}
    verbs = [entry.verb.value for entry in uow.mediations.history[mediation.id]]
    assert verbs == ["open", "declare", "schedule", "record", "agree", "sign", "sign", "settle"]


async def test_only_disputes_are_mediated_one_at_a_time(uow: MemoryUnitOfWork) -> None:
    issue = an_issue(State.ACCEPTED)
    await uow.issues.add(issue)
    two = (somebody(), somebody("李大妈"))
    with pytest.raises(NotADispute):
        await open_mediation(OpenMediation(issue.id, two, MEDIATOR.person, OFFICER), uow)
    mediation = await opened(uow)
    with pytest.raises(MediationAlreadyOpen):
        await open_mediation(OpenMediation(mediation.issue_id, two, MEDIATOR.person, OFFICER), uow)
    await fail_mediation(FailMediation(mediation.id, "一方不来", MEDIATOR), uow)
    await open_mediation(OpenMediation(mediation.issue_id, two, MEDIATOR.person, OFFICER), uow)
    with pytest.raises(IssueNotFound):
        await open_mediation(OpenMediation(mediation.issue_id, two, MEDIATOR.person, GRID_WORKER), uow)


async def test_the_mediator_is_a_member_and_no_party(uow: MemoryUnitOfWork) -> None:
    party = Party(id=new_id(), person_id=MEDIATOR.person)
    with pytest.raises(MediatorRefused):
        await opened(uow, party, somebody())
    with pytest.raises(MediatorRefused):
        await opened(uow, mediator=a_principal(Role.VOLUNTEER))
    mediation = await opened(uow)
    with pytest.raises(MediatorRefused):
        await name_mediator(NameMediator(mediation.id, NEIGHBOUR.person, OFFICER), uow)
    with pytest.raises(PartyRefused) as refused:
        await add_party(AddParty(mediation.id, party, OFFICER), uow)
    assert list(refused.value.fields) == ["person_id"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (lambda: Party(id=new_id()), "parties[1].name"),
        (lambda: Party(id=new_id(), person_id=NEIGHBOUR.person), "parties[1].person_id"),
        (lambda: Party(id=new_id(), person_id=new_id()), "parties[1].person_id"),
    ],
)
async def test_a_party_is_somebody_once(uow: MemoryUnitOfWork, wrong: Callable[[], Party], field: str) -> None:
    with pytest.raises(PartyRefused) as refused:
        await opened(uow, Party(id=new_id(), person_id=NEIGHBOUR.person), wrong())
    assert list(refused.value.fields) == [field]


async def test_nobody_of_the_office_handles_their_own_quarrel(uow: MemoryUnitOfWork) -> None:
    two = (Party(id=new_id(), person_id=OFFICER.person), somebody())
    issue_id = await a_dispute(uow)
    with pytest.raises(NotTheirStep):
        await open_mediation(OpenMediation(issue_id, two, MEDIATOR.person, OFFICER), uow)
    mediation = await open_mediation(OpenMediation(issue_id, two, MEDIATOR.person, OFFICER_2), uow)
    with pytest.raises(NotTheirStep):
        await name_mediator(NameMediator(mediation.id, GRID_WORKER.person, OFFICER), uow)
    assert MediationView.of(mediation, OFFICER).parties[1].name is None, "a party, whatever else"
    assert MediationView.of(mediation, SECRETARY).parties[1].name == "王大爷"


async def test_without_the_declaration_nothing_goes_on_and_a_new_party_asks_for_another(uow: MemoryUnitOfWork) -> None:
    mediation = await opened(uow)
    schedule = ScheduleSession(mediation.id, SESSION_AT, "会议室", MEDIATOR)
    with pytest.raises(MediationStepRefused, match="unrelated"):
        await schedule_session(schedule, uow)
    await declare_unrelated(DeclareUnrelated(mediation.id, True, MEDIATOR), uow)
    await schedule_session(schedule, uow)
    await add_party(AddParty(mediation.id, somebody("赵大哥"), MEDIATOR), uow)
    with pytest.raises(MediationStepRefused, match="unrelated"):
        await schedule_session(schedule, uow)
    mediation = await declare_unrelated(DeclareUnrelated(mediation.id, False, MEDIATOR), uow)
    assert mediation.mediator_id is None
    with pytest.raises(MediationNotFound):
        await declare_unrelated(DeclareUnrelated(mediation.id, True, MEDIATOR), uow)
    mediation = await name_mediator(NameMediator(mediation.id, GRID_WORKER.person, OFFICER), uow)
    assert (mediation.mediator_id, mediation.declared_at) == (GRID_WORKER.person, None)


async def test_a_session_is_recorded_after_it_began_with_parties_who_are_parties(uow: MemoryUnitOfWork) -> None:
    mediation = await declared(uow)
    with pytest.raises(DateNotInFuture):
        await schedule_session(ScheduleSession(mediation.id, NOW, "会议室", OFFICER), uow)
    mediation = await schedule_session(ScheduleSession(mediation.id, SESSION_AT, "会议室", OFFICER), uow)
    session = mediation.sessions[0].id
    with pytest.raises(MediationStepRefused, match="begun"):
        await record_session(RecordSession(mediation.id, session, (), "x", MEDIATOR), uow)
    uow.clock.at = SESSION_AT
    with pytest.raises(SessionNotFound):
        await record_session(RecordSession(mediation.id, new_id(), (), "x", MEDIATOR), uow)
    strange = (mediation.parties[0].id, NEIGHBOUR.person)
    with pytest.raises(PartyRefused) as refused:
        await record_session(RecordSession(mediation.id, session, strange, "x", MEDIATOR), uow)
    assert list(refused.value.fields) == ["attended[1]"]


async def test_an_agreement_is_fixed_by_the_first_signature_and_ends_it_with_the_last(uow: MemoryUnitOfWork) -> None:
    mediation = await scheduled(uow)
    with pytest.raises(MediationStepRefused, match="No session"):
        await write_agreement(WriteAgreement(mediation.id, "先写好", MEDIATOR), uow)
    uow = MemoryUnitOfWork()
    mediation = await agreed(uow)
    await write_agreement(WriteAgreement(mediation.id, "晚八点后不拉琴", MEDIATOR), uow)
    other = mediation.parties[1].id
    with pytest.raises(NotTheirStep):
        await sign_agreement(SignAgreement(mediation.id, other, NEIGHBOUR), uow)
    with pytest.raises(PartyRefused):
        await sign_agreement(SignAgreement(mediation.id, None, MEDIATOR), uow)
    await sign_agreement(SignAgreement(mediation.id, None, NEIGHBOUR), uow)
    with pytest.raises(MediationStepRefused):
        await sign_agreement(SignAgreement(mediation.id, None, NEIGHBOUR), uow)
    with pytest.raises(MediationStepRefused, match="signed"):
        await write_agreement(WriteAgreement(mediation.id, "改一改", MEDIATOR), uow)
    settle = SettleMediation(mediation.id, MediationOutcome.PARTLY, FOLLOW_UP_ON, MEDIATOR)
    with pytest.raises(MediationStepRefused, match="not signed"):
        await settle_mediation(settle, uow)
    mediation = await sign_agreement(SignAgreement(mediation.id, other, OFFICER), uow)
    assert mediation.parties[1].signature_recorded_by == OFFICER.person
    with pytest.raises(DateNotInFuture):
        await settle_mediation(
            SettleMediation(mediation.id, MediationOutcome.SETTLED, date(2026, 11, 26), OFFICER), uow
        )
    assert (await settle_mediation(settle, uow)).agreement == "晚八点后不拉琴"


async def test_parties_see_agreement_and_dates_but_no_notes_and_no_other_names(uow: MemoryUnitOfWork) -> None:
    mediation = await settled(uow)
    seen = MediationView.of(mediation, NEIGHBOUR)
    assert seen.agreement == "晚九点后不拉琴"
    assert [session.starts_at for session in seen.sessions] == [SESSION_AT]
    assert [session.notes for session in seen.sessions] == [None]
    assert [(party.is_you, party.person_id, party.name, party.phone) for party in seen.parties] == [
        (True, NEIGHBOUR.person, None, None),
        (False, None, None, None),
    ]
    for who in (MEDIATOR, OFFICER, SECRETARY):
        full = MediationView.of(mediation, who)
        assert [session.notes for session in full.sessions] == ["双方都有气"]
        assert full.parties[1].phone == "13800138000"


async def test_what_a_step_answers_holds_no_sealed_word(uow: MemoryUnitOfWork) -> None:
    mediation = await settled(uow)
    for who in (MEDIATOR, OFFICER, NEIGHBOUR):
        answer = MediationReceipt.of(mediation, who).model_dump_json()
        for word in ("王大爷", "13800138000", "双方都有气", "晚九点", str(NEIGHBOUR.person)):
            assert word not in answer


async def test_for_everybody_else_it_does_not_exist(uow: MemoryUnitOfWork) -> None:
    mediation = await settled(uow)
    insiders = {OFFICER.person, OFFICER_2.person, SECRETARY.person, MEDIATOR.person, NEIGHBOUR.person}
    everything_else = a_principal(*(set(Role) - {Role.DUTY_OFFICER, Role.SECRETARY}))
    for who in (*PEOPLE, everything_else):
        assert mediation.visible_to(who) == (who.person in insiders), who.roles
    for who in (RESIDENT, ADMIN, CHAIR, HANDLER, OTHER_HANDLER, GRID_WORKER, everything_else):
        with pytest.raises(MediationNotFound):
            await show_mediation(ShowMediation(mediation.id, who), uow)


async def test_looks_of_the_office_are_written_down(uow: MemoryUnitOfWork) -> None:
    mediation = await opened(uow)
    for who in (OFFICER, SECRETARY, MEDIATOR, NEIGHBOUR):
        await show_mediation(ShowMediation(mediation.id, who), uow)
    looks = [entry.by for entry in uow.mediations.history[mediation.id] if entry.verb is MediationVerb.LOOK]
    assert looks == [OFFICER.person, SECRETARY.person]


async def test_the_follow_up_is_reminded_of_once_and_may_be_asked_for_again(uow: MemoryUnitOfWork) -> None:
    mediation = await settled(uow)
    due = morning_of(FOLLOW_UP_ON)
    assert due == datetime.fromisoformat("2026-12-25T09:00:00+08:00")
    assert await uow.timers.due_at(FOLLOW_UP, mediation.id) == due
    uow.published.clear()
    await uow.timers.cancel(FOLLOW_UP, mediation.id)
    await remind_of_follow_up(RemindOfFollowUp(mediation.id), uow)
    assert uow.published == [], "not before its day"
    assert await uow.timers.due_at(FOLLOW_UP, mediation.id) == due, "rung too early, it rings again"
    uow.clock.at = due
    await remind_of_follow_up(RemindOfFollowUp(mediation.id), uow)
    assert uow.published == [MediationFollowUpDue(mediation_id=mediation.id)]
    again = date(2027, 1, 25)
    mediation = await follow_up_mediation(FollowUpMediation(mediation.id, True, "都好", again, MEDIATOR), uow)
    assert (mediation.holds, mediation.follow_up_at) == (True, morning_of(again))
    mediation = await follow_up_mediation(FollowUpMediation(mediation.id, False, "又吵了", None, OFFICER), uow)
    assert (mediation.holds, mediation.follow_up_at) == (False, None)
    assert await uow.timers.due_at(FOLLOW_UP, mediation.id) is None
    with pytest.raises(MediationStepRefused, match="follow-up"):
        await follow_up_mediation(FollowUpMediation(mediation.id, True, None, None, OFFICER), uow)
    uow.published.clear()
    uow.clock.at = morning_of(again)
    await remind_of_follow_up(RemindOfFollowUp(mediation.id), uow)
    assert uow.published == []


async def test_a_referral_says_where_to_turn_to(uow: MemoryUnitOfWork) -> None:
    mediation = await opened(uow)
    refer = ReferMediation(mediation.id, "水集街道司法所", "涉及产权", OFFICER)
    mediation = await refer_mediation(refer, uow)
    seen = MediationView.of(mediation, NEIGHBOUR)
    assert (seen.outcome, seen.refer_to, seen.reason) == (MediationOutcome.REFERRED, "水集街道司法所", None)
    assert uow.timers.set_to == {}


@pytest.mark.parametrize("outcome", [MediationOutcome.SETTLED, MediationOutcome.PARTLY])
async def test_a_settled_mediation_counts_as_one_settled_dispute(
    uow: MemoryUnitOfWork, outcome: MediationOutcome
) -> None:
    mediation = await settled(uow, outcome)
    resolve = ResolveIssue(mediation.issue_id, Outcome.SOLVED, "双方已和解", Level.COMMUNITY, OFFICER)
    issue = await resolve_issue(resolve, uow)
    assert issue.resolution is not None
    one = Quantity(QuantityKind.DISPUTE_SETTLED, 1)
    assert issue.resolution.quantity == (one if outcome is MediationOutcome.SETTLED else None)
    offered = MediationView.of(mediation, OFFICER).offered_quantity
    assert (offered is not None) == (outcome is MediationOutcome.SETTLED)


async def test_an_issue_that_was_not_mediated_counts_nothing_by_itself(uow: MemoryUnitOfWork) -> None:
    issue_id = await a_dispute(uow)
    issue = await resolve_issue(ResolveIssue(issue_id, Outcome.SOLVED, "好了", Level.COMMUNITY, OFFICER), uow)
    assert issue.resolution is not None
    assert issue.resolution.quantity is None


Make = Callable[[MemoryUnitOfWork], Awaitable[Mediation]]
IN_STATE: dict[str, Make] = {
    "opened": opened,
    "declared": declared,
    "in session": scheduled,
    "held": held,
    "agreed": agreed,
    "signed": signed,
    "closed": settled,
}
Take = Callable[[MemoryUnitOfWork, Mediation, Principal], Awaitable[Any]]
TAKE: dict[MediationVerb, Take] = {
    MediationVerb.NAME_MEDIATOR: lambda uow, m, by: name_mediator(NameMediator(m.id, GRID_WORKER.person, by), uow),
    MediationVerb.DECLARE: lambda uow, m, by: declare_unrelated(DeclareUnrelated(m.id, True, by), uow),
    MediationVerb.ADD_PARTY: lambda uow, m, by: add_party(AddParty(m.id, somebody("赵大哥"), by), uow),
    MediationVerb.SCHEDULE: lambda uow, m, by: schedule_session(
        ScheduleSession(m.id, SESSION_AT + timedelta(days=1), "会议室", by), uow
    ),
    MediationVerb.RECORD: lambda uow, m, by: record_session(
        RecordSession(m.id, m.sessions[0].id if m.sessions else new_id(), (), "x", by), uow
    ),
    MediationVerb.AGREE: lambda uow, m, by: write_agreement(WriteAgreement(m.id, "x", by), uow),
    MediationVerb.SIGN: lambda uow, m, by: sign_agreement(SignAgreement(m.id, m.parties[0].id, by), uow),
    MediationVerb.SETTLE: lambda uow, m, by: settle_mediation(
        SettleMediation(m.id, MediationOutcome.SETTLED, FOLLOW_UP_ON, by), uow
    ),
    MediationVerb.FAIL: lambda uow, m, by: fail_mediation(FailMediation(m.id, "x", by), uow),
    MediationVerb.REFER: lambda uow, m, by: refer_mediation(ReferMediation(m.id, "司法所", "x", by), uow),
    MediationVerb.FOLLOW_UP: lambda uow, m, by: follow_up_mediation(FollowUpMediation(m.id, True, None, None, by), uow),
}


@pytest.mark.parametrize("stands", IN_STATE)
@pytest.mark.parametrize("verb", TAKE)
async def test_what_is_said_to_be_allowed_is_what_works(stands: str, verb: MediationVerb) -> None:
    for who in (OFFICER, MEDIATOR, NEIGHBOUR):
        uow = MemoryUnitOfWork()
        mediation = await IN_STATE[stands](uow)
        uow.clock.at = max(uow.clock.at, SESSION_AT)
        refused = mediation_refusal(mediation, verb, who)
        if refused is None:
            if verb is MediationVerb.SIGN and stands == "signed":
                continue  # each party has signed: the step is there, but nobody is left to take it
            await TAKE[verb](uow, mediation, who)
            assert uow.mediations.history[mediation.id][-1].verb is verb
            continue
        with pytest.raises((MediationStepRefused, NotTheirStep)) as raised:
            await TAKE[verb](uow, mediation, who)
        assert (raised.value.detail_zh, raised.value.detail_en) == refused.reason
        assert uow.mediations.kept[mediation.id].state is mediation.state


def test_every_step_is_tried_here_or_taken_by_the_platform() -> None:
    assert {step.verb for step in MEDIATION_STEPS} == {*TAKE, MediationVerb.REMIND}
    assert PLATFORM.person not in {who.person for who in PEOPLE}
