"""A micro-wish (微心愿): somebody's small need, from submission to the light (点亮).

submitted → published or declined · published → claimed → delivered → lit · a claim that is given back or expires
puts the wish back on the wall.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.volunteers.domain.errors import (
    NotTheClaimant,
    NotTheWisher,
    OwnWish,
    TooManyOpenClaims,
    WishAlreadyClaimed,
    WishTransitionRefused,
)

OPEN_CLAIMS_PER_PERSON = 3
"""How many promises one person may hold open: enough for the keen, too few to empty the wall."""
DAYS_TO_DELIVER = timedelta(days=7)
"""A claim that is not delivered by then lets the wish go back on the wall."""


class WishState(StrEnum):
    """Where a wish stands."""

    SUBMITTED = "submitted"
    DECLINED = "declined"
    PUBLISHED = "published"
    CLAIMED = "claimed"
    DELIVERED = "delivered"
    LIT = "lit"


class ClaimOutcome(StrEnum):
    """What became of a promise."""

    OPEN = "open"
    RELEASED = "released"
    EXPIRED = "expired"
    DELIVERED = "delivered"
    KEPT = "kept"


LABELS_ZH = {
    WishState.SUBMITTED: "待审核",
    WishState.DECLINED: "未采纳",
    WishState.PUBLISHED: "待认领",
    WishState.CLAIMED: "已认领",
    WishState.DELIVERED: "待确认",
    WishState.LIT: "已点亮",
}
LABELS_EN = {
    WishState.SUBMITTED: "waits for review",
    WishState.DECLINED: "declined",
    WishState.PUBLISHED: "open",
    WishState.CLAIMED: "claimed",
    WishState.DELIVERED: "waits for confirmation",
    WishState.LIT: "lit",
}
ON_THE_WALL = frozenset({WishState.PUBLISHED, WishState.CLAIMED, WishState.DELIVERED, WishState.LIT})
"""States in which a wish has a public card."""


@dataclass(slots=True)
class Claim:
    """One person's promise to make a wish come true by a given time."""

    id: UUID
    claimed_by: UUID
    claimed_at: datetime
    expires_at: datetime
    outcome: ClaimOutcome = ClaimOutcome.OPEN
    ended_at: datetime | None = None

    def end(self, outcome: ClaimOutcome, at: datetime) -> None:
        """Close the promise, well or badly."""
        self.outcome, self.ended_at = outcome, at


@dataclass(slots=True)
class Wish:
    """The aggregate. What is said about the beneficiary is kept apart (`beneficiary.py`) and never comes in here."""

    id: UUID
    wished_by: UUID
    submitted_by: UUID
    title: str
    need: str
    submitted_at: datetime
    consent: str | None = None
    state: WishState = WishState.SUBMITTED
    card_title: str | None = None
    card_text: str | None = None
    reviewed_by: UUID | None = None
    reviewed_at: datetime | None = None
    decline_reason: str | None = None
    published_at: datetime | None = None
    claim: Claim | None = None
    proof: str | None = None
    delivered_at: datetime | None = None
    thanks: str | None = None
    lit_at: datetime | None = None
    version: int = 1
    ended_claims: list[Claim] = field(default_factory=list)
    """Claims that ended since the wish was loaded; the store writes them and the list starts empty again."""

    def publish(self, *, card_title: str | None, card_text: str | None, by: UUID, at: datetime) -> None:
        """Put the wish on the wall. The reviewer may word the public card anew so that it tells nobody's identity."""
        self._must_be(WishState.SUBMITTED)
        self.state = WishState.PUBLISHED
        self.card_title, self.card_text = card_title or self.title, card_text or self.need
        self.reviewed_by, self.reviewed_at, self.published_at = by, at, at

    def decline(self, *, reason: str, by: UUID, at: datetime) -> None:
        """Refuse the wish, with a reason that the wisher can read."""
        self._must_be(WishState.SUBMITTED)
        self.state = WishState.DECLINED
        self.decline_reason, self.reviewed_by, self.reviewed_at = reason, by, at

    def claim_for(self, person: UUID, *, claim_id: UUID, open_claims: int, at: datetime) -> Claim | None:
        """Promise the wish to `person` until the claim expires; returns the expired claim that made way, if one did.

        `open_claims` is how many promises the person holds open already.
        """
        gone = self.expire(at) if self.claim_has_expired(at) else None
        if self.state is WishState.CLAIMED:
            raise WishAlreadyClaimed
        self._must_be(WishState.PUBLISHED)
        if person in {self.wished_by, self.submitted_by}:
            raise OwnWish
        if open_claims >= OPEN_CLAIMS_PER_PERSON:
            raise TooManyOpenClaims
        self.claim = Claim(claim_id, person, at, at + DAYS_TO_DELIVER)
        self.state = WishState.CLAIMED
        return gone

    def claim_has_expired(self, at: datetime) -> bool:
        """Is there a promise whose time is over?"""
        return self.state is WishState.CLAIMED and self.claim is not None and self.claim.expires_at <= at

    def release(self, *, by: UUID, at: datetime) -> Claim:
        """The claimant gives the promise back; the wish is open again."""
        return self._back_on_the_wall(self._claim_of(by), ClaimOutcome.RELEASED, at)

    def expire(self, at: datetime) -> Claim:
        """The promise ran out; the wish is open again."""
        if not self.claim_has_expired(at) or self.claim is None:
            raise WishTransitionRefused("认领尚未到期", "the claim has not expired")
        return self._back_on_the_wall(self.claim, ClaimOutcome.EXPIRED, at)

    def deliver(self, *, proof: str, by: UUID, at: datetime) -> Claim:
        """The claimant brought it and says how; the wisher is asked to confirm."""
        claim = self._claim_of(by)
        if self.claim_has_expired(at):
            raise WishTransitionRefused("认领已到期，请重新认领", "the claim has expired; claim the wish again")
        claim.end(ClaimOutcome.DELIVERED, at)
        self.state, self.proof, self.delivered_at = WishState.DELIVERED, proof, at
        return claim

    def confirm(self, *, thanks: str | None, by: UUID, at: datetime) -> Claim:
        """The wisher, and nobody else, says that the wish came true: it is lit."""
        if by != self.wished_by:
            raise NotTheWisher
        self._must_be(WishState.DELIVERED)
        claim = self._claim_at_hand()
        claim.end(ClaimOutcome.KEPT, claim.ended_at or at)
        self.state, self.thanks, self.lit_at = WishState.LIT, thanks, at
        return claim

    def concerns(self, person: UUID) -> bool:
        """Does the person take part: as wisher, proxy or current claimant?"""
        return person in {self.wished_by, self.submitted_by} or self.is_promised_by(person)

    def is_promised_by(self, person: UUID) -> bool:
        """Did the person claim it and keep, or may still keep, the promise?"""
        return self.claim is not None and self.claim.claimed_by == person

    def is_in_the_hands_of(self, person: UUID, at: datetime) -> bool:
        """Must the person know now for whom the wish is: from the claim until it is lit or the claim expires?"""
        under_way = self.state in {WishState.CLAIMED, WishState.DELIVERED} and not self.claim_has_expired(at)
        return under_way and self.is_promised_by(person)

    def actions_for(self, person: UUID, *, may_review: bool, may_claim: bool, at: datetime) -> list[str]:
        """What this person can do with the wish now, by the names of the endpoints."""
        can = {
            "publish": may_review and self.state is WishState.SUBMITTED,
            "decline": may_review and self.state is WishState.SUBMITTED,
            "claim": may_claim
            and (self.state is WishState.PUBLISHED or self.claim_has_expired(at))
            and person not in {self.wished_by, self.submitted_by},
            "release": self.state is WishState.CLAIMED and self.is_promised_by(person),
            "deliver": self.state is WishState.CLAIMED
            and self.is_promised_by(person)
            and not self.claim_has_expired(at),
            "confirm": self.state is WishState.DELIVERED and person == self.wished_by,
        }
        return [name for name, possible in can.items() if possible]

    def _must_be(self, *states: WishState) -> None:
        if self.state not in states:
            raise WishTransitionRefused(
                f"微心愿处于“{LABELS_ZH[self.state]}”", f"the wish is in the state: {LABELS_EN[self.state]}"
            )

    def _claim_at_hand(self) -> Claim:
        if self.claim is None:
            raise WishTransitionRefused("微心愿无人认领", "nobody has claimed the wish")
        return self.claim

    def _claim_of(self, person: UUID) -> Claim:
        self._must_be(WishState.CLAIMED)
        claim = self._claim_at_hand()
        if claim.claimed_by != person:
            raise NotTheClaimant
        return claim

    def _back_on_the_wall(self, claim: Claim, outcome: ClaimOutcome, at: datetime) -> Claim:
        claim.end(outcome, at)
        self.ended_claims.append(claim)
        self.claim, self.state = None, WishState.PUBLISHED
        return claim
