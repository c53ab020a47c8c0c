"""What each use case of points keeps and publishes."""

from datetime import timedelta

import pytest

from services.volunteers.domain.adjustment import AdjustmentState
from services.volunteers.domain.errors import (
    HoldNotFound,
    InsufficientPoints,
    PersonNotFound,
    PointsCapReached,
    RuleDatesOutOfOrder,
    SecondPersonNeeded,
)
from services.volunteers.domain.points import Account, HoldState
from services.volunteers.domain.points_rule import DAYS_POINTS_LAST, rules_of_template
from services.volunteers.tests.builders import AT
from services.volunteers.tests.memory import MemoryUnitOfWork
from services.volunteers.use_cases.approve_adjustment import ApproveAdjustment, approve_adjustment
from services.volunteers.use_cases.approve_points_rule import ApprovePointsRule, approve_points_rule
from services.volunteers.use_cases.award_points import AwardPoints, award_points
from services.volunteers.use_cases.capture_hold import CaptureHold, capture_hold
from services.volunteers.use_cases.debit_points import DebitPoints, debit_points
from services.volunteers.use_cases.end_membership import EndMembership, end_membership
from services.volunteers.use_cases.expire_holds import ExpireHolds, expire_holds
from services.volunteers.use_cases.expire_points import ExpirePoints, expire_points
from services.volunteers.use_cases.hold_points import HoldPoints, hold_points
from services.volunteers.use_cases.open_community import OpenCommunity, open_community
from services.volunteers.use_cases.propose_adjustment import ProposeAdjustment, propose_adjustment
from services.volunteers.use_cases.propose_points_rule import ProposePointsRule, propose_points_rule
from services.volunteers.use_cases.register_member import RegisterMember, register_member
from services.volunteers.use_cases.reject_adjustment import RejectAdjustment, reject_adjustment
from services.volunteers.use_cases.release_hold import ReleaseHold, release_hold
from services.volunteers.use_cases.reverse_transfer import ReverseTransfer, reverse_transfer
from shared.contracts.volunteers import PointsAdjusted, PointsAwarded, PointsExpired, PointsRedeemed, PointsReversed
from shared.ids import new_id

OFFICER, SECOND = new_id(), new_id()
TWO_HOURS = timedelta(hours=2)


@pytest.fixture
async def uow() -> MemoryUnitOfWork:
    """An open community in memory."""
    made = MemoryUnitOfWork()
    await open_community(OpenCommunity(AT), made)
    return made


def award(person: object, rule: str = "service_hour") -> AwardPoints:
    return AwardPoints(person, rule, "楼道清理", OFFICER)  # type: ignore[arg-type]


async def test_opening_a_community_opens_its_ledger_with_the_rules_of_the_template(uow: MemoryUnitOfWork) -> None:
    assert uow.ledger.is_open
    assert {code for code, _ in uow.rules.kept} == {rule.code for rule in rules_of_template(AT)}
    await open_community(OpenCommunity(AT + timedelta(days=1)), uow)
    assert uow.people.opened == AT


async def test_an_award_publishes_rule_and_balance(uow: MemoryUnitOfWork) -> None:
    person = await uow.member(new_id())
    transfer = await award_points(award(person), uow)
    assert uow.published == [
        PointsAwarded(transfer_id=transfer.id, person_id=person, points=10, rule="service_hour", balance=10)
    ]


async def test_strangers_and_oneself_get_no_award(uow: MemoryUnitOfWork) -> None:
    with pytest.raises(PersonNotFound):
        await award_points(award(new_id()), uow)
    with pytest.raises(SecondPersonNeeded):
        await award_points(award(await uow.member(OFFICER)), uow)
    assert uow.published == []


async def test_an_award_over_the_cap_is_refused(uow: MemoryUnitOfWork) -> None:
    person = await uow.member(new_id())
    for _ in range(4):
        await award_points(award(person, "neighbour_help"), uow)
    with pytest.raises(PointsCapReached):
        await award_points(award(person, "neighbour_help"), uow)
    uow.clock.advance(timedelta(days=1))
    assert (await award_points(award(person, "neighbour_help"), uow)).account.balance == 25


async def test_a_debit_publishes_what_was_spent(uow: MemoryUnitOfWork) -> None:
    person = await uow.member(new_id())
    await award_points(award(person), uow)
    transfer = await debit_points(DebitPoints(person, 4, "洗衣液", OFFICER), uow)
    assert uow.published[1:] == [PointsRedeemed(transfer_id=transfer.id, person_id=person, points=4, balance=6)]
    with pytest.raises(InsufficientPoints):
        await debit_points(DebitPoints(person, 7, "雨伞", OFFICER), uow)


async def test_held_points_are_spent_once_or_freed(uow: MemoryUnitOfWork) -> None:
    person = await uow.member(new_id())
    await award_points(award(person), uow)
    hold = await hold_points(HoldPoints(person, 6, "雨伞", person, TWO_HOURS), uow)
    assert await uow.ledger.account_of(person) == Account(person, balance=10, held=6)
    with pytest.raises(InsufficientPoints):
        await debit_points(DebitPoints(person, 5, "茶", OFFICER), uow)
    transfer = await capture_hold(CaptureHold(hold.id, OFFICER), uow)
    assert transfer.account == Account(person, balance=4)
    assert uow.published[-1] == PointsRedeemed(transfer_id=transfer.id, person_id=person, points=6, balance=4)
    second = await hold_points(HoldPoints(person, 4, "茶", person, TWO_HOURS), uow)
    assert (await release_hold(ReleaseHold(second.id, person), uow)).state is HoldState.RELEASED
    assert await uow.ledger.account_of(person) == Account(person, balance=4)


async def test_nobody_touches_the_holds_of_others_without_being_an_officer(uow: MemoryUnitOfWork) -> None:
    person = await uow.member(new_id())
    await award_points(award(person), uow)
    with pytest.raises(PersonNotFound):
        await hold_points(HoldPoints(person, 5, "茶", new_id(), TWO_HOURS), uow)
    hold = await hold_points(HoldPoints(person, 5, "茶", OFFICER, TWO_HOURS, may_act_for_others=True), uow)
    with pytest.raises(HoldNotFound):
        await release_hold(ReleaseHold(hold.id, new_id()), uow)


async def test_forgotten_holds_expire(uow: MemoryUnitOfWork) -> None:
    person = await uow.member(new_id())
    await award_points(award(person), uow)
    await hold_points(HoldPoints(person, 5, "茶", person, TWO_HOURS), uow)
    assert await expire_holds(ExpireHolds(), uow) == 0
    uow.clock.advance(TWO_HOURS)
    assert await expire_holds(ExpireHolds(), uow) == 1
    assert await uow.ledger.account_of(person) == Account(person, balance=10)


async def test_points_that_outlived_their_rule_go_back(uow: MemoryUnitOfWork) -> None:
    person = await uow.member(new_id())
    await award_points(award(person), uow)
    await debit_points(DebitPoints(person, 4, "茶", OFFICER), uow)
    uow.clock.advance(timedelta(days=DAYS_POINTS_LAST))
    assert await expire_points(ExpirePoints(), uow) == 1
    assert isinstance(uow.published[-1], PointsExpired)
    assert (uow.published[-1].points, uow.published[-1].balance) == (6, 0)
    assert await expire_points(ExpirePoints(), uow) == 0


async def test_a_reversal_of_spent_points_becomes_debt_that_new_points_pay_off(uow: MemoryUnitOfWork) -> None:
    person = await uow.member(new_id())
    mistake = await award_points(award(person), uow)
    await debit_points(DebitPoints(person, 7, "茶", OFFICER), uow)
    reversal = await reverse_transfer(ReverseTransfer(mistake.id, "重复登记", OFFICER), uow)
    assert reversal.account == Account(person, balance=0, debt=7)
    assert uow.published[-1] == PointsReversed(
        transfer_id=reversal.id, reverses_id=mistake.id, person_id=person, points=-10, balance=0
    )
    assert (await award_points(award(person), uow)).account == Account(person, balance=3)


async def test_nobody_reverses_his_own_transfers(uow: MemoryUnitOfWork) -> None:
    person = await uow.member(new_id())
    await award_points(award(person), uow)
    spent = await debit_points(DebitPoints(person, 7, "茶", OFFICER), uow)
    with pytest.raises(SecondPersonNeeded):
        await reverse_transfer(ReverseTransfer(spent.id, "退货", person), uow)


async def test_an_adjustment_moves_points_when_a_second_person_approves(uow: MemoryUnitOfWork) -> None:
    person = await uow.member(new_id())
    proposed = await propose_adjustment(ProposeAdjustment(person, 30, "历史积分", OFFICER), uow)
    assert uow.published == []
    with pytest.raises(SecondPersonNeeded):
        await approve_adjustment(ApproveAdjustment(proposed.id, OFFICER), uow)
    await approve_adjustment(ApproveAdjustment(proposed.id, SECOND), uow)
    (adjusted,) = uow.published
    assert isinstance(adjusted, PointsAdjusted)
    assert (adjusted.points, adjusted.balance, adjusted.proposed_by, adjusted.approved_by) == (30, 30, OFFICER, SECOND)


async def test_a_rejected_adjustment_moves_nothing(uow: MemoryUnitOfWork) -> None:
    person = await uow.member(new_id())
    proposed = await propose_adjustment(ProposeAdjustment(person, 30, "历史积分", OFFICER), uow)
    rejected = await reject_adjustment(RejectAdjustment(proposed.id, SECOND, "没有依据"), uow)
    assert (rejected.state, rejected.decision_note) == (AdjustmentState.REJECTED, "没有依据")
    assert uow.published == []
    assert (await uow.ledger.account_of(person)).balance == 0


async def test_a_new_version_counts_from_its_date_on_and_the_old_one_until_then(uow: MemoryUnitOfWork) -> None:
    person, tomorrow = await uow.member(new_id()), AT + timedelta(days=1)
    proposed = await propose_points_rule(
        ProposePointsRule("service_hour", "服务", "service", 12, OFFICER, effective_from=tomorrow), uow
    )
    assert proposed.version == 2
    await approve_points_rule(ApprovePointsRule("service_hour", 2, SECOND), uow)
    assert (await award_points(award(person), uow)).rule_version == 1
    uow.clock.advance(timedelta(days=1))
    later = await award_points(award(person), uow)
    assert (later.rule_version, later.points) == (2, 12)


async def test_a_rule_ends_after_it_begins(uow: MemoryUnitOfWork) -> None:
    with pytest.raises(RuleDatesOutOfOrder):
        await propose_points_rule(ProposePointsRule("tea", "茶", "tea", 1, OFFICER, effective_until=AT), uow)


async def test_who_holds_no_volunteering_role_any_more_leaves_the_list(uow: MemoryUnitOfWork) -> None:
    person, first, second = new_id(), new_id(), new_id()
    await register_member(RegisterMember(first, person, None, "volunteer"), uow)
    await register_member(RegisterMember(second, person, None, "party_member"), uow)
    await register_member(RegisterMember(new_id(), new_id(), None, "resident"), uow)
    assert uow.people.volunteers == {person}
    await end_membership(EndMembership(first, person, "volunteer"), uow)
    assert uow.people.volunteers == {person}
    await end_membership(EndMembership(second, person, "party_member"), uow)
    assert uow.people.volunteers == set()
