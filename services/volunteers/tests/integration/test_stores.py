"""The same scenarios over the stores in memory and on PostgreSQL: the fakes of the unit tests are honest."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest

from services.volunteers.domain.adjustment import Adjustment, AdjustmentState
from services.volunteers.domain.beneficiary import Beneficiary, BeneficiaryGroup, RevealPurpose
from services.volunteers.domain.errors import (
    AdjustmentNotFound,
    BeneficiaryNotFound,
    RuleVersionNotFound,
    WishNotFound,
)
from services.volunteers.domain.points_rule import PointsRule
from services.volunteers.domain.wish import DAYS_TO_DELIVER, ClaimOutcome, WishState
from services.volunteers.tests.builders import AT, a_claimed_wish, a_delivered_wish, a_published_wish, a_wish
from services.volunteers.tests.integration.ledgers import a_community
from services.volunteers.tests.integration.running import stores_on
from services.volunteers.tests.memory import MemoryUnitOfWork
from shared.clock import FrozenClock
from shared.errors import ConcurrentChange, PreconditionFailed
from shared.ids import new_id
from shared.testing.databases import Database

Open = Callable[[], Any]


@pytest.fixture(params=["memory", "postgres"])
async def begin(request: pytest.FixtureRequest, database: Database) -> AsyncIterator[Open]:
    """`async with begin() as uow` -> a transaction of one community."""
    if request.param == "memory":
        uow = MemoryUnitOfWork()
        yield lambda: uow
        return
    community = a_community()
    async with stores_on(database, FrozenClock(AT)) as stores:
        yield lambda: stores(community)


async def test_a_wish_comes_back_as_it_was_kept(begin: Open) -> None:
    claimant = new_id()
    made = [a_wish(consent="口头"), a_published_wish(), a_claimed_wish(by=claimant), a_delivered_wish(by=claimant)]
    for wish in made:
        async with begin() as uow:
            await uow.wishes.add(wish) if wish.claim is None else await _add_claimed(uow, wish)
    for wish in made:
        async with begin() as uow:
            found = await uow.wishes.get(wish.id)
        assert (found.id, found.state, found.need, found.consent) == (wish.id, wish.state, wish.need, wish.consent)
        assert (found.card_text, found.proof, found.published_at) == (wish.card_text, wish.proof, wish.published_at)
        assert found.claim == wish.claim


async def _add_claimed(uow: Any, wish: Any) -> None:
    """A wish is born without a claim; the claim comes with a change."""
    bare = a_published_wish(id=wish.id, wished_by=wish.wished_by)
    await uow.wishes.add(bare)
    loaded = await uow.wishes.get(wish.id)
    loaded.state, loaded.claim, loaded.proof, loaded.delivered_at = (
        wish.state, wish.claim, wish.proof, wish.delivered_at,
    )  # fmt: skip
    await uow.wishes.save(loaded)


async def test_who_saves_an_old_version_is_told(begin: Open) -> None:
    wish = a_wish()
    async with begin() as uow:
        await uow.wishes.add(wish)
    async with begin() as uow:
        first = await uow.wishes.get(wish.id)
        second = await uow.wishes.get(wish.id, expected_version=1)
        first.publish(card_title=None, card_text=None, by=new_id(), at=AT)
        await uow.wishes.save(first)
        assert first.version == 2
        second.decline(reason="重复", by=new_id(), at=AT)
        with pytest.raises(ConcurrentChange):
            await uow.wishes.save(second)
        with pytest.raises(PreconditionFailed):
            await uow.wishes.get(wish.id, expected_version=1)


async def test_what_is_not_there_is_said_by_name(begin: Open) -> None:
    async with begin() as uow:
        with pytest.raises(WishNotFound):
            await uow.wishes.get(new_id())
        with pytest.raises(AdjustmentNotFound):
            await uow.adjustments.get(new_id())
        with pytest.raises(RuleVersionNotFound):
            await uow.rules.get("tea", 1)
        with pytest.raises(BeneficiaryNotFound):
            await uow.beneficiaries.reveal(new_id(), purpose=RevealPurpose.REVIEW, by=new_id(), at=AT)


async def test_open_claims_are_counted_per_person_and_expired_ones_are_not(begin: Open) -> None:
    person = new_id()
    wishes = [a_published_wish() for _ in range(3)]
    async with begin() as uow:
        for wish in wishes:
            await uow.wishes.add(wish)
            loaded = await uow.wishes.get(wish.id)
            loaded.claim_for(person, claim_id=new_id(), open_claims=0, at=AT)
            await uow.wishes.save(loaded)
    async with begin() as uow:
        assert await uow.wishes.open_claims_of(person, AT) == 3
        assert await uow.wishes.open_claims_of(new_id(), AT) == 0
        assert await uow.wishes.open_claims_of(person, AT + DAYS_TO_DELIVER) == 0
        given_back = await uow.wishes.get(wishes[0].id)
        given_back.release(by=person, at=AT)
        await uow.wishes.save(given_back)
        assert await uow.wishes.open_claims_of(person, AT) == 2
        assert await uow.wishes.with_expired_claims(AT, limit=10) == []
        expired = await uow.wishes.with_expired_claims(AT + DAYS_TO_DELIVER, limit=10)
        assert set(expired) == {wishes[1].id, wishes[2].id}
        assert len(await uow.wishes.with_expired_claims(AT + DAYS_TO_DELIVER, limit=1)) == 1


async def test_a_wish_passes_from_one_claimant_to_the_next(begin: Open) -> None:
    slow, quick = new_id(), new_id()
    wish = a_published_wish()
    async with begin() as uow:
        await uow.wishes.add(wish)
        for person, at in ((slow, AT), (quick, AT + DAYS_TO_DELIVER)):
            loaded = await uow.wishes.get(wish.id)
            loaded.claim_for(person, claim_id=new_id(), open_claims=0, at=at)
            await uow.wishes.save(loaded)
    async with begin() as uow:
        found = await uow.wishes.get(wish.id)
    assert (found.state, found.claim.claimed_by, found.claim.outcome) == (WishState.CLAIMED, quick, ClaimOutcome.OPEN)


async def test_a_sealed_beneficiary_comes_back_as_it_was(begin: Open) -> None:
    wish, told = a_wish(), Beneficiary(BeneficiaryGroup.LIMITED_MOBILITY, "腿脚不便，住一楼")
    async with begin() as uow:
        await uow.wishes.add(wish)
        await uow.beneficiaries.add(wish.id, told)
    async with begin() as uow:
        assert await uow.beneficiaries.reveal(wish.id, purpose=RevealPurpose.REVIEW, by=new_id(), at=AT) == told


async def test_an_adjustment_is_kept_with_its_decision(begin: Open) -> None:
    adjustment = Adjustment(new_id(), new_id(), -5, "多记", new_id(), AT)
    async with begin() as uow:
        await uow.adjustments.add(adjustment)
        first, second = [await uow.adjustments.get(adjustment.id) for _ in range(2)]
        first.reject(note="不同意", by=new_id(), at=AT)
        await uow.adjustments.save(first)
        second.approve(by=new_id(), at=AT)
        with pytest.raises(ConcurrentChange):
            await uow.adjustments.save(second)
    async with begin() as uow:
        found = await uow.adjustments.get(adjustment.id, expected_version=2)
    assert (found.state, found.decision_note, found.points) == (AdjustmentState.REJECTED, "不同意", -5)


async def test_versions_of_a_rule_are_numbered_kept_and_approved(begin: Open) -> None:
    maker, checker = new_id(), new_id()
    async with begin() as uow:
        assert await uow.rules.next_version("tea") == 1
        await uow.rules.add(PointsRule("tea", 1, "茶", "tea", 3, AT, proposed_by=maker, proposed_at=AT, valid_days=9))
        await uow.rules.add(PointsRule("tea", 1, "别的", "other", 99, AT))
        assert await uow.rules.next_version("tea") == 2
    async with begin() as uow:
        rule = await uow.rules.get("tea", 1)
        assert (rule.points, rule.approved_by) == (3, None)
        rule.approve(by=checker, at=AT + timedelta(hours=1))
        await uow.rules.save_approval(rule)
    async with begin() as uow:
        assert await uow.rules.get("tea", 1) == rule


async def test_members_come_and_go(begin: Open) -> None:
    person, first, second = new_id(), new_id(), new_id()
    async with begin() as uow:
        assert not await uow.people.belongs_here(person)
        await uow.people.grant(first, person, None, "resident")
        await uow.people.grant(first, person, None, "resident")
        await uow.people.grant(second, person, new_id(), "volunteer")
        await uow.people.end(first, AT)
        assert await uow.people.belongs_here(person)
        await uow.people.end(second, AT)
        await uow.people.end(new_id(), AT)
        assert not await uow.people.belongs_here(person)
