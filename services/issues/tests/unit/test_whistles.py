"""The community blows, and each unit answers for itself (practice 64)."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.issues.arrival_timers import ARRIVAL
from services.issues.domain.calendar.calendars import Calendars
from services.issues.domain.calendar.working import OFFICE_HOURS
from services.issues.domain.called_unit import CalledUnit
from services.issues.domain.errors.issues import ConflictOfInterest, NotTheirStep, TransitionRefused
from services.issues.domain.errors.master_data import UnknownOrganisation
from services.issues.domain.errors.whistles import (
    PlaceCodeRefused,
    RatedAlready,
    UnitAlreadyCalled,
    UnitNamedTwice,
    UnitNotCalled,
    UnitNotNamed,
    WhistleNotFound,
    WhistleStepRefused,
)
from services.issues.domain.platform import PLATFORM
from services.issues.domain.whistle import Whistle
from services.issues.domain.whistle_clock import arrival_due
from services.issues.domain.whistle_steps import STEPS, step_refusal
from services.issues.domain.words.issues import BroughtUp, IssueKind, State, Verb
from services.issues.domain.words.whistles import ArrivalProof, UnitState, WhistleLevel, WhistleState, WhistleVerb
from services.issues.place_codes import VALID_FOR, SignedPlaceCodes
from services.issues.tests.builders import (
    GRID_WORKER,
    HANDLER,
    NOW,
    OFFICER,
    OTHER_HANDLER,
    PEOPLE,
    PROPERTY,
    RESIDENT,
    SECRETARY,
    SUBDISTRICT,
    UNIT,
    an_issue,
)
from services.issues.tests.memory.unit_of_work import MemoryUnitOfWork
from services.issues.use_cases.acknowledge_whistle import AcknowledgeWhistle, acknowledge_whistle
from services.issues.use_cases.blow_whistle import BlowWhistle, blow_whistle
from services.issues.use_cases.cancel_whistle import CancelWhistle, cancel_whistle
from services.issues.use_cases.confirm_arrival import ConfirmArrival, confirm_arrival
from services.issues.use_cases.finish_whistle_work import FinishWhistleWork, finish_whistle_work
from services.issues.use_cases.miss_arrival import MissArrival, miss_arrival
from services.issues.use_cases.note_on_whistle import NoteOnWhistle, note_on_whistle
from services.issues.use_cases.rate_whistle import RateWhistle, rate_whistle
from services.issues.use_cases.refuse_whistle import RefuseWhistle, refuse_whistle
from services.issues.use_cases.reject_arrival import RejectArrival, reject_arrival
from services.issues.use_cases.release_unit import ReleaseUnit, release_unit
from services.issues.use_cases.report_in_at_whistle import ReportInAtWhistle, report_in_at_whistle
from services.issues.use_cases.show_place_code import ShowPlaceCode, show_place_code
from shared.contracts.issues import (
    UnitArrived,
    WhistleBlown,
    WhistleCancelled,
    WhistleClosed,
    WhistleMissed,
    WhistleUnitReleased,
)
from shared.ids import new_id
from shared.principal import Grant, Principal, Role
from shared.testing.principals import a_principal

PARTNER = a_principal(Role.PARTNER, organisation=UNIT)


@pytest.fixture
def uow() -> MemoryUnitOfWork:
    return MemoryUnitOfWork()


async def blown(
    uow: MemoryUnitOfWork,
    *,
    level: WhistleLevel = WhistleLevel.RED,
    units: tuple[UUID, ...] = (PROPERTY, UNIT),
    state: State = State.IN_PROGRESS,
    kind: IssueKind | None = None,
    by: Principal = OFFICER,
) -> Whistle:
    issue = an_issue(state, kind=kind)
    await uow.issues.add(issue)
    return await blow_whistle(BlowWhistle(issue.id, units, level, "线路起火", "12号楼北侧", by), uow)


async def arrived(uow: MemoryUnitOfWork, whistle: Whistle, by: Principal = HANDLER) -> Whistle:
    return await report_in_at_whistle(ReportInAtWhistle(whistle.id, None, "北门", None, by), uow)


async def finished(uow: MemoryUnitOfWork, whistle: Whistle, by: Principal = HANDLER) -> Whistle:
    await arrived(uow, whistle, by)
    return await finish_whistle_work(FinishWhistleWork(whistle.id, None, "已断电抢修", by), uow)


def stands(whistle: Whistle, organisation: UUID = PROPERTY) -> CalledUnit:
    return next(unit for unit in whistle.units if unit.organisation == organisation)


def timers_of(uow: MemoryUnitOfWork, whistle: Whistle) -> dict[str, datetime]:
    return {
        key: at for (kind, subject, key), at in uow.timers.set_to.items() if (kind, subject) == (ARRIVAL, whistle.id)
    }


async def test_each_unit_is_called_by_a_message_and_a_clock_of_its_own(uow: MemoryUnitOfWork) -> None:
    whistle = await blown(uow)
    due = NOW + timedelta(minutes=30)
    calls = [message for message in uow.published if isinstance(message, WhistleBlown)]
    assert [(call.organisation_id, call.due_at, call.level) for call in calls] == [
        (PROPERTY, due, "red"),
        (UNIT, due, "red"),
    ]
    assert timers_of(uow, whistle) == {str(PROPERTY): due, str(UNIT): due}
    (entry,) = uow.issues.history[whistle.issue_id]
    assert (entry.verb, entry.source, entry.target) == (Verb.WHISTLE, State.IN_PROGRESS, State.IN_PROGRESS)
    assert entry.details == {"level": "red", "units": 2}


@pytest.mark.parametrize(
    ("level", "at", "due"),
    [
        (WhistleLevel.RED, "2026-11-25T23:50:00+08:00", "2026-11-26T00:20:00+08:00"),
        (WhistleLevel.YELLOW, "2026-11-28T20:00:00+08:00", "2026-11-28T22:00:00+08:00"),
        (WhistleLevel.BLUE, "2026-11-25T09:00:00+08:00", "2026-11-26T17:30:00+08:00"),
        (WhistleLevel.BLUE, "2026-11-25T23:59:00+08:00", "2026-11-26T17:30:00+08:00"),
        (WhistleLevel.BLUE, "2026-11-27T09:00:00+08:00", "2026-11-30T17:30:00+08:00"),
        (WhistleLevel.BLUE, "2026-11-28T09:00:00+08:00", "2026-11-30T17:30:00+08:00"),
        # The Spring Festival of 2026 lasts until 23 February; the Saturday before it is worked.
        (WhistleLevel.BLUE, "2026-02-13T09:00:00+08:00", "2026-02-14T17:30:00+08:00"),
        (WhistleLevel.BLUE, "2026-02-14T09:00:00+08:00", "2026-02-24T17:30:00+08:00"),
    ],
)
def test_when_a_unit_must_be_there(level: WhistleLevel, at: str, due: str) -> None:
    assert arrival_due(level, datetime.fromisoformat(at), Calendars().working(OFFICE_HOURS)) == datetime.fromisoformat(
        due
    )


@pytest.mark.parametrize("state", [State.ACCEPTED, State.ASSIGNED])
@pytest.mark.parametrize("level", WhistleLevel)
async def test_before_anybody_works_on_it_only_red_is_blown(
    uow: MemoryUnitOfWork, state: State, level: WhistleLevel
) -> None:
    if level is WhistleLevel.RED:
        assert (await blown(uow, level=level, state=state)).state is WhistleState.SOUNDING
        return
    with pytest.raises(TransitionRefused, match="red"):
        await blown(uow, level=level, state=state)
    assert uow.published == []
    assert uow.timers.set_to == {}


async def test_units_are_named_once_and_exist_and_have_finished_before_they_are_called_again(
    uow: MemoryUnitOfWork,
) -> None:
    with pytest.raises(UnitNamedTwice) as twice:
        await blown(uow, units=(PROPERTY, UNIT, PROPERTY))
    assert list(twice.value.fields) == ["units[2]"]
    with pytest.raises(UnknownOrganisation) as unknown:
        await blown(uow, units=(PROPERTY, new_id()))
    assert list(unknown.value.fields) == ["units[1]"]
    whistle = await blown(uow, units=(PROPERTY,))
    again = BlowWhistle(whistle.issue_id, (UNIT, PROPERTY), WhistleLevel.RED, "又起火", "北侧", OFFICER)
    with pytest.raises(UnitAlreadyCalled):
        await blow_whistle(again, uow)
    await finished(uow, whistle)
    assert len((await blow_whistle(again, uow)).units) == 2


async def test_acknowledging_is_not_arriving(uow: MemoryUnitOfWork) -> None:
    whistle = await blown(uow)
    whistle = await acknowledge_whistle(AcknowledgeWhistle(whistle.id, None, HANDLER), uow)
    assert (stands(whistle).state, stands(whistle).arrived_at) == (UnitState.ACKNOWLEDGED, None)
    assert stands(whistle, UNIT).state is UnitState.CALLED, "the other unit has not answered"
    assert set(timers_of(uow, whistle)) == {str(PROPERTY), str(UNIT)}
    uow.clock.advance(timedelta(minutes=12, seconds=40))
    whistle = await arrived(uow, whistle)
    assert set(timers_of(uow, whistle)) == {str(UNIT)}
    fact = uow.published[-1]
    assert isinstance(fact, UnitArrived)
    assert (fact.minutes, fact.in_time, fact.proof) == (12, True, "declared")


async def test_a_refusal_does_not_stop_the_clock_and_is_taken_back_by_coming(uow: MemoryUnitOfWork) -> None:
    whistle = await blown(uow, units=(PROPERTY,))
    whistle = await refuse_whistle(RefuseWhistle(whistle.id, None, "不属物业", HANDLER), uow)
    assert set(timers_of(uow, whistle)) == {str(PROPERTY)}
    uow.clock.advance(timedelta(minutes=30))
    await miss_arrival(MissArrival(whistle.id, PROPERTY), uow)
    fact = next(message for message in uow.published if isinstance(message, WhistleMissed))
    assert fact.refused
    whistle = await arrived(uow, whistle)
    unit = stands(whistle)
    assert (unit.state, unit.refusal, unit.missed_at) == (UnitState.ARRIVED, None, NOW + timedelta(minutes=30))


async def test_a_miss_is_noted_once_and_brings_the_issue_before_the_subdistrict(uow: MemoryUnitOfWork) -> None:
    whistle = await blown(uow)
    uow.published.clear()
    uow.clock.advance(timedelta(minutes=29, seconds=59))
    await uow.timers.cancel(ARRIVAL, whistle.id, key=str(PROPERTY))
    await miss_arrival(MissArrival(whistle.id, PROPERTY), uow)
    assert uow.published == []
    assert set(timers_of(uow, whistle)) == {str(PROPERTY), str(UNIT)}, "rung too early, it rings again"
    assert not whistle.visible_to(SUBDISTRICT)
    uow.clock.advance(timedelta(seconds=1))
    for organisation in (PROPERTY, PROPERTY, UNIT, UNIT):
        whistle = await miss_arrival(MissArrival(whistle.id, organisation), uow)
    missed = [message for message in uow.published if isinstance(message, WhistleMissed)]
    assert [fact.organisation_id for fact in missed] == [PROPERTY, UNIT]
    assert whistle.visible_to(SUBDISTRICT)
    issue = uow.issues.kept[whistle.issue_id]
    assert issue.brought_up is BroughtUp.WHISTLE_MISSED
    assert [entry.verb for entry in uow.issues.history[issue.id]] == [Verb.WHISTLE, Verb.BRING_UP]
    assert uow.issues.history[issue.id][-1].by == PLATFORM.person


@pytest.mark.parametrize("ended", ["arrived", "released", "cancelled", "unknown unit"])
async def test_who_is_there_or_no_longer_called_misses_nothing(uow: MemoryUnitOfWork, ended: str) -> None:
    whistle = await blown(uow, units=(PROPERTY,))
    if ended == "arrived":
        await arrived(uow, whistle)
    elif ended == "released":
        await release_unit(ReleaseUnit(whistle.id, PROPERTY, "已处理", OFFICER), uow)
    elif ended == "cancelled":
        await cancel_whistle(CancelWhistle(whistle.id, "误吹", OFFICER), uow)
    uow.published.clear()
    uow.clock.advance(timedelta(days=1))
    unit = new_id() if ended == "unknown unit" else PROPERTY
    assert not (await miss_arrival(MissArrival(whistle.id, unit), uow)).is_missed
    assert uow.published == []


async def test_a_declared_arrival_is_confirmed_or_rejected_by_the_office(uow: MemoryUnitOfWork) -> None:
    whistle = await blown(uow)
    await arrived(uow, whistle)
    whistle = await confirm_arrival(ConfirmArrival(whistle.id, PROPERTY, OFFICER), uow)
    assert (stands(whistle).arrival_proof, stands(whistle).arrived_at) == (ArrivalProof.CONFIRMED, NOW)
    with pytest.raises(WhistleStepRefused):
        await reject_arrival(RejectArrival(whistle.id, PROPERTY, "没看见", OFFICER), uow)
    await arrived(uow, whistle, OTHER_HANDLER)
    assert str(UNIT) not in timers_of(uow, whistle)
    whistle = await reject_arrival(RejectArrival(whistle.id, UNIT, "现场没有人", OFFICER), uow)
    unit = stands(whistle, UNIT)
    assert (unit.state, unit.arrived_at, unit.arrival_proof) == (UnitState.ACKNOWLEDGED, None, None)
    assert timers_of(uow, whistle) == {str(UNIT): unit.due_at}, "the clock runs as if nothing had been said"


async def test_a_scanned_code_proves_the_place_and_belongs_to_one_whistle_and_half_an_hour(
    uow: MemoryUnitOfWork,
) -> None:
    first, second = await blown(uow), await blown(uow)
    shown = await show_place_code(ShowPlaceCode(first.id, GRID_WORKER), uow)
    for whistle_id, code in ((second.id, shown.code), (first.id, "1.x"), (first.id, "x"), (first.id, f"9{shown.code}")):
        with pytest.raises(PlaceCodeRefused):
            await report_in_at_whistle(ReportInAtWhistle(whistle_id, None, None, code, HANDLER), uow)
    whistle = await report_in_at_whistle(ReportInAtWhistle(first.id, None, None, shown.code, HANDLER), uow)
    assert stands(whistle).arrival_proof is ArrivalProof.CODE
    with pytest.raises(WhistleStepRefused):
        await confirm_arrival(ConfirmArrival(whistle.id, PROPERTY, OFFICER), uow)
    uow.clock.advance(VALID_FOR)
    with pytest.raises(PlaceCodeRefused):
        await report_in_at_whistle(ReportInAtWhistle(first.id, None, None, shown.code, OTHER_HANDLER), uow)


def test_a_code_of_another_key_or_community_is_none() -> None:
    codes, whistle_id = SignedPlaceCodes(b"one"), new_id()
    code, until = codes.code_for("feicuicheng", whistle_id, NOW)
    assert until == NOW + VALID_FOR
    assert codes.is_valid(code, "feicuicheng", whistle_id, NOW)
    assert not codes.is_valid(code, "elsewhere", whistle_id, NOW)
    assert not SignedPlaceCodes(b"two").is_valid(code, "feicuicheng", whistle_id, NOW)
    for wrong in ("", ".", "１２.x", f"{code}é", f"{10**20}.x"):
        assert not codes.is_valid(wrong, "feicuicheng", whistle_id, NOW)


async def test_the_whistle_closes_with_the_last_unit(uow: MemoryUnitOfWork) -> None:
    whistle = await blown(uow)
    whistle = await finished(uow, whistle)
    assert whistle.state is WhistleState.SOUNDING
    whistle = await release_unit(ReleaseUnit(whistle.id, UNIT, "物业已处理", OFFICER), uow)
    assert (whistle.state, whistle.ended_at) == (WhistleState.CLOSED, NOW)
    released, closed = uow.published[-2:]
    assert isinstance(released, WhistleUnitReleased)
    assert not released.whistle_cancelled
    assert closed == WhistleClosed(
        whistle_id=whistle.id,
        issue_id=whistle.issue_id,
        number=whistle.issue_number,
        level="red",
        done=1,
        released=1,
        missed=0,
    )
    assert timers_of(uow, whistle) == {}
    with pytest.raises(WhistleStepRefused):
        await note_on_whistle(NoteOnWhistle(whistle.id, None, "补充", OFFICER), uow)


async def test_cancelling_releases_everybody_who_has_not_finished(uow: MemoryUnitOfWork) -> None:
    whistle = await blown(uow)
    await finished(uow, whistle)
    uow.published.clear()
    whistle = await cancel_whistle(CancelWhistle(whistle.id, "误报", SECRETARY), uow)
    assert [unit.state for unit in whistle.units] == [UnitState.DONE, UnitState.RELEASED]
    assert [type(message) for message in uow.published] == [WhistleUnitReleased, WhistleCancelled]
    assert timers_of(uow, whistle) == {}


async def test_each_side_rates_once_and_only_after_the_work(uow: MemoryUnitOfWork) -> None:
    whistle = await blown(uow)
    with pytest.raises(WhistleStepRefused):
        await rate_whistle(RateWhistle(whistle.id, None, 5, None, HANDLER), uow)
    await finished(uow, whistle)
    await finished(uow, whistle, OTHER_HANDLER)
    await rate_whistle(RateWhistle(whistle.id, PROPERTY, 4, "来得快", OFFICER), uow)
    whistle = await rate_whistle(RateWhistle(whistle.id, None, 5, "现场有人引路", HANDLER), uow)
    of_unit, by_unit = stands(whistle).rating_of_unit, stands(whistle).rating_by_unit
    assert of_unit is not None
    assert by_unit is not None
    assert (of_unit.score, by_unit.score) == (4, 5)
    assert stands(whistle, UNIT).rating_of_unit is None
    for who, organisation in ((SECRETARY, PROPERTY), (HANDLER, None)):
        with pytest.raises(RatedAlready):
            await rate_whistle(RateWhistle(whistle.id, organisation, 1, None, who), uow)


async def test_an_officer_who_belongs_to_the_unit_speaks_for_the_unit_and_checks_nothing_of_it(
    uow: MemoryUnitOfWork,
) -> None:
    both = a_principal(Role.DUTY_OFFICER, grants=(Grant(Role.HANDLER, PROPERTY),))
    merely_member = a_principal(Role.DUTY_OFFICER, grants=(Grant(Role.VOLUNTEER, PROPERTY),))
    whistle = await blown(uow)
    await arrived(uow, whistle)
    for who in (both, merely_member):
        with pytest.raises(ConflictOfInterest):
            await confirm_arrival(ConfirmArrival(whistle.id, PROPERTY, who), uow)
        with pytest.raises(ConflictOfInterest):
            await release_unit(ReleaseUnit(whistle.id, PROPERTY, "够了", who), uow)
    await finish_whistle_work(FinishWhistleWork(whistle.id, None, "修好", HANDLER), uow)
    with pytest.raises(ConflictOfInterest):
        await rate_whistle(RateWhistle(whistle.id, PROPERTY, 5, None, merely_member), uow)
    whistle = await rate_whistle(RateWhistle(whistle.id, PROPERTY, 5, None, both), uow)
    assert stands(whistle).rating_of_unit is None
    assert stands(whistle).rating_by_unit is not None


async def test_who_answers_for_two_units_says_for_which(uow: MemoryUnitOfWork) -> None:
    two = a_principal(Role.HANDLER, organisation=PROPERTY, grants=(Grant(Role.PARTNER, UNIT),))
    whistle = await blown(uow)
    with pytest.raises(UnitNotNamed):
        await acknowledge_whistle(AcknowledgeWhistle(whistle.id, None, two), uow)
    with pytest.raises(UnitNotCalled):
        await acknowledge_whistle(AcknowledgeWhistle(whistle.id, new_id(), two), uow)
    whistle = await acknowledge_whistle(AcknowledgeWhistle(whistle.id, UNIT, two), uow)
    assert [unit.state for unit in whistle.units] == [UnitState.CALLED, UnitState.ACKNOWLEDGED]
    with pytest.raises(NotTheirStep):
        await refuse_whistle(RefuseWhistle(whistle.id, UNIT, "不归我们", HANDLER), uow)


async def test_a_whistle_is_seen_by_the_office_and_the_called_units(uow: MemoryUnitOfWork) -> None:
    whistle = await blown(uow, units=(UNIT,))
    seen_by = [who for who in (*PEOPLE, PARTNER) if whistle.visible_to(who)]
    assert RESIDENT not in seen_by
    assert HANDLER not in seen_by
    assert {OFFICER.person, SECRETARY.person, GRID_WORKER.person, OTHER_HANDLER.person, PARTNER.person} <= {
        who.person for who in seen_by
    }
    with pytest.raises(WhistleNotFound):
        await acknowledge_whistle(AcknowledgeWhistle(whistle.id, UNIT, HANDLER), uow)
    quarrel = await blown(uow, units=(UNIT,), kind=IssueKind.DISPUTE)
    assert not quarrel.visible_to(GRID_WORKER)
    assert quarrel.visible_to(OTHER_HANDLER)


Answer = Callable[[MemoryUnitOfWork, Whistle, Principal], Awaitable[Any]]
TAKE: dict[WhistleVerb, Answer] = {
    WhistleVerb.ACKNOWLEDGE: lambda uow, w, by: acknowledge_whistle(AcknowledgeWhistle(w.id, PROPERTY, by), uow),
    WhistleVerb.REFUSE: lambda uow, w, by: refuse_whistle(RefuseWhistle(w.id, PROPERTY, "不属", by), uow),
    WhistleVerb.REPORT_IN: lambda uow, w, by: report_in_at_whistle(
        ReportInAtWhistle(w.id, PROPERTY, None, None, by), uow
    ),
    WhistleVerb.CONFIRM: lambda uow, w, by: confirm_arrival(ConfirmArrival(w.id, PROPERTY, by), uow),
    WhistleVerb.REJECT: lambda uow, w, by: reject_arrival(RejectArrival(w.id, PROPERTY, "无人", by), uow),
    WhistleVerb.NOTE: lambda uow, w, by: note_on_whistle(NoteOnWhistle(w.id, PROPERTY, "在修", by), uow),
    WhistleVerb.DONE: lambda uow, w, by: finish_whistle_work(FinishWhistleWork(w.id, PROPERTY, "修好", by), uow),
    WhistleVerb.RELEASE: lambda uow, w, by: release_unit(ReleaseUnit(w.id, PROPERTY, "够了", by), uow),
    WhistleVerb.RATE: lambda uow, w, by: rate_whistle(RateWhistle(w.id, PROPERTY, 5, None, by), uow),
}


async def in_state(uow: MemoryUnitOfWork, state: UnitState) -> Whistle:
    whistle = await blown(uow)
    way: dict[UnitState, list[WhistleVerb]] = {
        UnitState.ACKNOWLEDGED: [WhistleVerb.ACKNOWLEDGE],
        UnitState.REFUSED: [WhistleVerb.REFUSE],
        UnitState.ARRIVED: [WhistleVerb.REPORT_IN],
        UnitState.DONE: [WhistleVerb.REPORT_IN, WhistleVerb.DONE],
    }
    for verb in way.get(state, []):
        await TAKE[verb](uow, whistle, HANDLER)
    if state is UnitState.RELEASED:
        await TAKE[WhistleVerb.RELEASE](uow, whistle, OFFICER)
    return uow.whistles.kept[whistle.id]


@pytest.mark.parametrize("state", UnitState)
@pytest.mark.parametrize("verb", STEPS)
async def test_what_is_said_to_be_allowed_is_what_works(state: UnitState, verb: WhistleVerb) -> None:
    for who in (HANDLER, OFFICER, SECRETARY, OTHER_HANDLER, GRID_WORKER):
        uow = MemoryUnitOfWork()
        whistle = await in_state(uow, state)
        assert stands(whistle).state is state
        before = uow.whistles.kept[whistle.id].version
        refused = step_refusal(whistle, stands(whistle), verb, who)
        if refused is None:
            await TAKE[verb](uow, whistle, who)
            assert uow.whistles.history[whistle.id][-1].verb is verb
            continue
        with pytest.raises((WhistleStepRefused, NotTheirStep, ConflictOfInterest)) as raised:
            await TAKE[verb](uow, whistle, who)
        assert (raised.value.detail_zh, raised.value.detail_en) == refused.reason
        assert uow.whistles.kept[whistle.id].version == before
