"""Bodies and views of wishes. No view holds a name, and a card tells nothing about the wisher."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from services.volunteers.domain.beneficiary import LABELS_ZH as GROUPS_ZH
from services.volunteers.domain.beneficiary import Beneficiary, BeneficiaryGroup
from services.volunteers.domain.wish import LABELS_EN, LABELS_ZH, ClaimOutcome, Wish, WishState
from shared.http.bodies import LineText, LongText, ShortText, StrictBody


class BeneficiaryBody(StrictBody):
    """Who the wish is for: sealed, for reviewers and the claimant only."""

    group: BeneficiaryGroup
    note: LongText = Field(description="称呼、地址、尺码等，加密保存。Name, address, size…; kept encrypted")


class SubmitWishBody(StrictBody):
    """A new wish. With `wished_by` of another person the submitter acts as a proxy and records that person's consent."""

    title: ShortText = Field(examples=["想要一个新书包"])
    need: LongText = Field(examples=["孩子九月上小学，缺一个双肩书包"])
    wished_by: UUID | None = Field(default=None, description="许愿人；空为本人。Whose wish it is; none: one's own")
    consent: LineText | None = Field(default=None, examples=["监护人当面同意，2026-09-01"])
    beneficiary: BeneficiaryBody | None = None


class PublishWishBody(StrictBody):
    """The public card, worded so that nobody can be recognised. Without texts the submitted ones are shown."""

    card_title: ShortText | None = None
    card_text: LongText | None = None


class DeclineWishBody(StrictBody):
    """Why not; the wisher reads it."""

    reason: LineText


class DeliverWishBody(StrictBody):
    """What was brought, when and how."""

    proof: LongText = Field(examples=["9月3日把双肩书包送到家中"])


class ConfirmWishBody(StrictBody):
    """Thanks for the claimant."""

    thanks: LongText | None = Field(default=None, examples=["孩子很喜欢，谢谢！"])


class WishCard(BaseModel):
    """A wish as it hangs on the wall."""

    id: UUID
    state: WishState
    state_zh: str
    state_en: str
    title: str
    text: str
    published_at: datetime
    lit_at: datetime | None = None


class WishView(BaseModel):
    """A wish as one person may see it: what is none of the person's business is null."""

    id: UUID
    version: int
    state: WishState
    state_zh: str
    state_en: str
    card_title: str | None
    card_text: str | None
    published_at: datetime | None
    lit_at: datetime | None
    allowed_actions: list[str]
    submitted_at: datetime | None = None
    title: str | None = None
    need: str | None = None
    wished_by: UUID | None = None
    submitted_by: UUID | None = None
    consent: str | None = None
    reviewed_by: UUID | None = None
    decline_reason: str | None = None
    claimed_by: UUID | None = None
    claim_expires_at: datetime | None = None
    proof: str | None = None
    delivered_at: datetime | None = None
    thanks: str | None = None

    @classmethod
    def of(cls, wish: Wish, person: UUID, *, may_review: bool, may_claim: bool, at: datetime) -> Self:
        """The wish as `person` may see it."""
        wishers_side = may_review or person in {wish.wished_by, wish.submitted_by}
        concerned = wishers_side or wish.is_promised_by(person)
        return cls(
            id=wish.id,
            version=wish.version,
            state=wish.state,
            state_zh=LABELS_ZH[wish.state],
            state_en=LABELS_EN[wish.state],
            card_title=wish.card_title,
            card_text=wish.card_text,
            published_at=wish.published_at,
            lit_at=wish.lit_at,
            allowed_actions=wish.actions_for(person, may_review=may_review, may_claim=may_claim, at=at),
            submitted_at=wish.submitted_at if wishers_side else None,
            title=wish.title if wishers_side else None,
            need=wish.need if wishers_side else None,
            wished_by=wish.wished_by if wishers_side else None,
            submitted_by=wish.submitted_by if wishers_side else None,
            consent=wish.consent if wishers_side else None,
            reviewed_by=wish.reviewed_by if may_review else None,
            decline_reason=wish.decline_reason if wishers_side else None,
            claimed_by=wish.claim.claimed_by if wish.claim and concerned else None,
            claim_expires_at=wish.claim.expires_at if wish.claim and concerned else None,
            proof=wish.proof if concerned else None,
            delivered_at=wish.delivered_at if concerned else None,
            thanks=wish.thanks if concerned else None,
        )


class ClaimView(BaseModel):
    """One of my promises."""

    id: UUID
    wish: WishCard
    claimed_at: datetime
    expires_at: datetime
    outcome: ClaimOutcome
    ended_at: datetime | None


class BeneficiaryView(BaseModel):
    """The opened record. Each look is on record with its purpose."""

    wish_id: UUID
    group: BeneficiaryGroup
    group_zh: str
    note: str

    @classmethod
    def of(cls, wish_id: UUID, beneficiary: Beneficiary) -> Self:
        """The record of a wish."""
        return cls(
            wish_id=wish_id, group=beneficiary.group, group_zh=GROUPS_ZH[beneficiary.group], note=beneficiary.note
        )


class VolunteerView(BaseModel):
    """A person on the list of volunteers."""

    person: UUID
    roles: list[str]
    since: datetime
