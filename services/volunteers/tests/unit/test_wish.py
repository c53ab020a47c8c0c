"""The rules of a wish."""

from datetime import timedelta

import pytest

from services.volunteers.domain.errors import (
    NotTheClaimant,
    NotTheWisher,
    OwnWish,
    TooManyOpenClaims,
    WishAlreadyClaimed,
    WishTransitionRefused,
)
from services.volunteers.domain.wish import DAYS_TO_DELIVER, OPEN_CLAIMS_PER_PERSON, ClaimOutcome, Wish, WishState
from services.volunteers.tests.builders import AT, a_claimed_wish, a_delivered_wish, a_published_wish, a_wish
from shared.ids import new_id

LATER = AT + timedelta(days=1)


def test_a_published_card_shows_the_words_of_the_reviewer() -> None:
    wish = a_wish(title="给小雨的书包", need="小雨住12号楼")
    wish.publish(card_title="一只书包", card_text="一名小学生需要书包", by=new_id(), at=AT)
    assert (wish.state, wish.card_title, wish.card_text) == (WishState.PUBLISHED, "一只书包", "一名小学生需要书包")


def test_without_other_words_the_card_shows_those_of_the_wisher() -> None:
    wish = a_published_wish()
    assert (wish.card_title, wish.card_text) == (wish.title, wish.need)


def test_a_wish_is_reviewed_once() -> None:
    wish = a_published_wish()
    with pytest.raises(WishTransitionRefused):
        wish.decline(reason="重复", by=new_id(), at=LATER)
    with pytest.raises(WishTransitionRefused):
        wish.publish(card_title=None, card_text=None, by=new_id(), at=LATER)


def test_a_promise_lasts_a_week() -> None:
    wish = a_claimed_wish(by=new_id())
    assert wish.claim is not None
    assert wish.claim.expires_at == AT + DAYS_TO_DELIVER


def test_a_promised_wish_is_not_promised_again() -> None:
    wish = a_claimed_wish(by=new_id())
    with pytest.raises(WishAlreadyClaimed):
        wish.claim_for(new_id(), claim_id=new_id(), open_claims=0, at=LATER)


@pytest.mark.parametrize("role", ["wished_by", "submitted_by"])
def test_wisher_and_proxy_do_not_claim_their_own_wish(role: str) -> None:
    wish = a_published_wish(submitted_by=new_id())
    with pytest.raises(OwnWish):
        wish.claim_for(getattr(wish, role), claim_id=new_id(), open_claims=0, at=AT)


def test_who_holds_too_many_promises_gets_no_more() -> None:
    with pytest.raises(TooManyOpenClaims):
        a_published_wish().claim_for(new_id(), claim_id=new_id(), open_claims=OPEN_CLAIMS_PER_PERSON, at=AT)


def test_an_expired_promise_makes_way_for_the_next_claimant_without_any_sweep() -> None:
    slow, quick = new_id(), new_id()
    wish = a_claimed_wish(by=slow)
    gone = wish.claim_for(quick, claim_id=new_id(), open_claims=0, at=AT + DAYS_TO_DELIVER)
    assert gone is not None
    assert (gone.claimed_by, gone.outcome) == (slow, ClaimOutcome.EXPIRED)
    assert wish.is_promised_by(quick)


def test_a_promise_that_has_not_run_out_does_not_expire() -> None:
    with pytest.raises(WishTransitionRefused):
        a_claimed_wish(by=new_id()).expire(LATER)


def test_what_is_delivered_after_the_promise_ran_out_is_refused() -> None:
    claimant = new_id()
    with pytest.raises(WishTransitionRefused):
        a_claimed_wish(by=claimant).deliver(proof="送到", by=claimant, at=AT + DAYS_TO_DELIVER)


def test_only_the_claimant_releases_and_delivers() -> None:
    wish = a_claimed_wish(by=new_id())
    with pytest.raises(NotTheClaimant):
        wish.release(by=new_id(), at=LATER)
    with pytest.raises(NotTheClaimant):
        wish.deliver(proof="送到", by=new_id(), at=LATER)


def test_a_released_wish_is_open_again() -> None:
    claimant = new_id()
    wish = a_claimed_wish(by=claimant)
    claim = wish.release(by=claimant, at=LATER)
    assert (wish.state, wish.claim, claim.outcome) == (WishState.PUBLISHED, None, ClaimOutcome.RELEASED)


def test_only_the_wisher_confirms_not_even_the_proxy() -> None:
    wish = a_delivered_wish(by=new_id(), submitted_by=new_id())
    for other in (wish.submitted_by, new_id()):
        with pytest.raises(NotTheWisher):
            wish.confirm(thanks=None, by=other, at=LATER)
    claim = wish.confirm(thanks="谢谢", by=wish.wished_by, at=LATER)
    assert (wish.state, wish.thanks, wish.lit_at, claim.outcome) == (WishState.LIT, "谢谢", LATER, ClaimOutcome.KEPT)


@pytest.mark.parametrize(
    "wish", [a_wish(), a_published_wish(), a_claimed_wish(by=new_id())], ids=lambda w: str(w.state)
)
def test_nothing_is_confirmed_before_it_is_delivered(wish: Wish) -> None:
    with pytest.raises(WishTransitionRefused):
        wish.confirm(thanks=None, by=wish.wished_by, at=LATER)


def test_the_beneficiary_is_the_claimants_business_from_the_claim_to_the_light() -> None:
    claimant = new_id()
    wish = a_claimed_wish(by=claimant)
    assert wish.is_in_the_hands_of(claimant, LATER)
    assert not wish.is_in_the_hands_of(new_id(), LATER)
    assert not wish.is_in_the_hands_of(claimant, AT + DAYS_TO_DELIVER)
    wish.deliver(proof="送到", by=claimant, at=LATER)
    assert wish.is_in_the_hands_of(claimant, AT + DAYS_TO_DELIVER)
    wish.confirm(thanks=None, by=wish.wished_by, at=LATER)
    assert not wish.is_in_the_hands_of(claimant, LATER)


def test_everybody_is_offered_what_he_can_do() -> None:
    claimant, reviewer = new_id(), new_id()

    def offered(wish: Wish, person: object) -> list[str]:
        reviews = person == reviewer
        return wish.actions_for(person, may_review=reviews, may_claim=not reviews, at=AT)  # type: ignore[arg-type]

    assert offered(a_wish(), reviewer) == ["publish", "decline"]
    assert offered(a_published_wish(), claimant) == ["claim"]
    assert offered(a_claimed_wish(by=claimant), claimant) == ["release", "deliver"]
    assert offered(a_claimed_wish(by=claimant), new_id()) == []
    wish = a_delivered_wish(by=claimant)
    assert offered(wish, wish.wished_by) == ["confirm"]
