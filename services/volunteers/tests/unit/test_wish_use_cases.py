"""What each use case of wishes keeps and publishes."""

from datetime import timedelta

import pytest

from services.volunteers.domain.beneficiary import Beneficiary, BeneficiaryGroup, RevealPurpose
from services.volunteers.domain.errors import BeneficiaryNotFound
from services.volunteers.domain.points_rule import rules_of_template
from services.volunteers.domain.wish import DAYS_TO_DELIVER, Wish, WishState
from services.volunteers.tests.builders import AT, a_claimed_wish, a_delivered_wish, a_published_wish, a_wish
from services.volunteers.tests.memory import MemoryUnitOfWork
from services.volunteers.use_cases.claim_wish import ClaimWish, claim_wish
from services.volunteers.use_cases.confirm_wish import ConfirmWish, confirm_wish
from services.volunteers.use_cases.decline_wish import DeclineWish, decline_wish
from services.volunteers.use_cases.deliver_wish import DeliverWish, deliver_wish
from services.volunteers.use_cases.expire_claims import ExpireClaims, expire_claims
from services.volunteers.use_cases.open_community import OpenCommunity, open_community
from services.volunteers.use_cases.publish_wish import PublishWish, publish_wish
from services.volunteers.use_cases.release_wish import ReleaseWish, release_wish
from services.volunteers.use_cases.reveal_beneficiary import RevealBeneficiary, reveal_beneficiary
from services.volunteers.use_cases.submit_wish import SubmitWish, submit_wish
from shared.contracts.volunteers import (
    PointsAwarded,
    WishClaimed,
    WishDeclined,
    WishDelivered,
    WishLit,
    WishPublished,
    WishReleased,
    WishSubmitted,
)
from shared.errors import PreconditionFailed
from shared.ids import new_id


@pytest.fixture
async def uow() -> MemoryUnitOfWork:
    """An open community in memory."""
    made = MemoryUnitOfWork()
    await open_community(OpenCommunity(AT), made)
    return made


async def kept(uow: MemoryUnitOfWork, wish: Wish) -> Wish:
    await uow.wishes.add(wish)
    return wish


async def test_a_submitted_wish_waits_for_review_and_its_beneficiary_lies_apart(uow: MemoryUnitOfWork) -> None:
    resident, child = new_id(), Beneficiary(BeneficiaryGroup.CHILD, "小雨")
    wish = await submit_wish(SubmitWish(resident, "书包", "缺书包", resident, beneficiary=child), uow)
    assert uow.wishes.kept[wish.id].state is WishState.SUBMITTED
    assert uow.beneficiaries.kept == {wish.id: child}
    assert uow.published == [WishSubmitted(wish_id=wish.id, wished_by=resident)]
    assert "小雨" not in repr(wish)
    assert "小雨" not in repr(uow.published)


async def test_reviewing_publishes_the_decision(uow: MemoryUnitOfWork) -> None:
    good, bad = await kept(uow, a_wish()), await kept(uow, a_wish())
    await publish_wish(PublishWish(good.id, new_id()), uow)
    await decline_wish(DeclineWish(bad.id, new_id(), "重复"), uow)
    assert uow.published == [
        WishPublished(wish_id=good.id, wished_by=good.wished_by),
        WishDeclined(wish_id=bad.id, wished_by=bad.wished_by),
    ]


async def test_an_outdated_reviewer_changes_nothing(uow: MemoryUnitOfWork) -> None:
    wish = await kept(uow, a_wish())
    with pytest.raises(PreconditionFailed):
        await publish_wish(PublishWish(wish.id, new_id(), expected_version=7), uow)
    assert uow.published == []


async def test_claiming_publishes_until_when(uow: MemoryUnitOfWork) -> None:
    wish, claimant = await kept(uow, a_published_wish()), new_id()
    await claim_wish(ClaimWish(wish.id, claimant), uow)
    assert uow.published == [
        WishClaimed(wish_id=wish.id, wished_by=wish.wished_by, claimed_by=claimant, expires_at=AT + DAYS_TO_DELIVER)
    ]


async def test_claiming_after_an_expired_promise_publishes_both_facts_in_order(uow: MemoryUnitOfWork) -> None:
    slow, quick = new_id(), new_id()
    wish = await kept(uow, a_claimed_wish(by=slow))
    uow.clock.advance(DAYS_TO_DELIVER)
    await claim_wish(ClaimWish(wish.id, quick), uow)
    released, claimed = uow.published
    assert released == WishReleased(wish_id=wish.id, wished_by=wish.wished_by, claimed_by=slow, expired=True)
    assert isinstance(claimed, WishClaimed)
    assert claimed.claimed_by == quick


async def test_releasing_and_expiring_publish_who_lost_the_promise(uow: MemoryUnitOfWork) -> None:
    claimant = new_id()
    given_back, forgotten = await kept(uow, a_claimed_wish(by=claimant)), await kept(uow, a_claimed_wish(by=claimant))
    await release_wish(ReleaseWish(given_back.id, claimant), uow)
    uow.clock.advance(DAYS_TO_DELIVER - timedelta(seconds=1))
    assert await expire_claims(ExpireClaims(), uow) == 0
    uow.clock.advance(timedelta(seconds=1))
    assert await expire_claims(ExpireClaims(), uow) == 1
    assert [(m.wish_id, m.expired) for m in uow.published if isinstance(m, WishReleased)] == [
        (given_back.id, False),
        (forgotten.id, True),
    ]
    assert {wish.state for wish in uow.wishes.kept.values()} == {WishState.PUBLISHED}


async def test_a_delivery_asks_the_wisher(uow: MemoryUnitOfWork) -> None:
    claimant = new_id()
    wish = await kept(uow, a_claimed_wish(by=claimant))
    await deliver_wish(DeliverWish(wish.id, claimant, "送到"), uow)
    assert uow.published == [WishDelivered(wish_id=wish.id, wished_by=wish.wished_by, claimed_by=claimant)]


async def test_lighting_a_wish_awards_its_claimant_in_the_same_transaction(uow: MemoryUnitOfWork) -> None:
    claimant = new_id()
    wish = await kept(uow, a_delivered_wish(by=claimant))
    await confirm_wish(ConfirmWish(wish.id, wish.wished_by, "谢谢"), uow)
    lit, awarded = uow.published
    assert lit == WishLit(wish_id=wish.id, wished_by=wish.wished_by, claimed_by=claimant)
    assert isinstance(awarded, PointsAwarded)
    assert (awarded.person_id, awarded.points, awarded.rule, awarded.balance) == (claimant, 20, "wish_lit", 20)


async def test_a_cap_takes_points_away_but_never_the_light(uow: MemoryUnitOfWork) -> None:
    claimant = new_id()
    for _ in range(4):
        wish = await kept(uow, a_delivered_wish(by=claimant))
        await confirm_wish(ConfirmWish(wish.id, wish.wished_by), uow)
    assert [wish.state for wish in uow.wishes.kept.values()] == [WishState.LIT] * 4
    (rule,) = [rule for rule in rules_of_template(AT) if rule.code == "wish_lit"]
    assert (await uow.ledger.account_of(claimant)).balance == rule.daily_cap == 60


async def test_a_beneficiary_is_shown_to_reviewers_and_the_claimant_and_each_look_is_kept(
    uow: MemoryUnitOfWork,
) -> None:
    claimant, reviewer, stranger = new_id(), new_id(), new_id()
    wish = await kept(uow, a_claimed_wish(by=claimant))
    await uow.beneficiaries.add(wish.id, Beneficiary(BeneficiaryGroup.CHILD, "小雨"))
    for person, reviews, purpose in ((claimant, False, RevealPurpose.DELIVERY), (reviewer, True, RevealPurpose.REVIEW)):
        shown = await reveal_beneficiary(RevealBeneficiary(wish.id, person, purpose, may_review=reviews), uow)
        assert shown.note == "小雨"
    with pytest.raises(BeneficiaryNotFound):
        await reveal_beneficiary(RevealBeneficiary(wish.id, stranger, RevealPurpose.DELIVERY, may_review=False), uow)
    assert [who for _, _, who, _ in uow.beneficiaries.reveals] == [claimant, reviewer]
