"""Facts of volunteers: micro-wishes and points."""

from datetime import datetime
from uuid import UUID

from shared.contracts.message import Message


class WishSubmitted(Message, type="volunteers.wish_submitted.v1", aggregate="wish_id"):
    """A micro-wish waits for review."""

    wish_id: UUID
    wished_by: UUID


class WishPublished(Message, type="volunteers.wish_published.v1", aggregate="wish_id"):
    """A reviewed wish is open to be claimed; its card shows no identity."""

    wish_id: UUID
    wished_by: UUID


class WishDeclined(Message, type="volunteers.wish_declined.v1", aggregate="wish_id"):
    """The reviewer declined a wish, with a reason that the wisher can read."""

    wish_id: UUID
    wished_by: UUID


class WishClaimed(Message, type="volunteers.wish_claimed.v1", aggregate="wish_id"):
    """Somebody promised to make a wish come true, until the claim expires."""

    wish_id: UUID
    wished_by: UUID
    claimed_by: UUID
    expires_at: datetime


class WishReleased(Message, type="volunteers.wish_released.v1", aggregate="wish_id"):
    """A claim was given back or expired; the wish is open again."""

    wish_id: UUID
    wished_by: UUID
    claimed_by: UUID
    expired: bool


class WishDelivered(Message, type="volunteers.wish_delivered.v1", aggregate="wish_id"):
    """The claimant delivered and left proof; the wisher is asked to confirm."""

    wish_id: UUID
    wished_by: UUID
    claimed_by: UUID


class WishLit(Message, type="volunteers.wish_lit.v1", aggregate="wish_id"):
    """The wisher confirmed: the wish is lit (点亮)."""

    wish_id: UUID
    wished_by: UUID
    claimed_by: UUID


class PointsAwarded(Message, type="volunteers.points_awarded.v1", aggregate="transfer_id"):
    """A person received points under a rule."""

    transfer_id: UUID
    person_id: UUID
    points: int
    rule: str
    balance: int


class PointsReversed(Message, type="volunteers.points_reversed.v1", aggregate="transfer_id"):
    """An earlier transfer was taken back by a new one."""

    transfer_id: UUID
    reverses_id: UUID
    person_id: UUID
    points: int
    balance: int


class PointsAdjusted(Message, type="volunteers.points_adjusted.v1", aggregate="transfer_id"):
    """Two people corrected a balance by hand."""

    transfer_id: UUID
    person_id: UUID
    points: int
    balance: int
    proposed_by: UUID
    approved_by: UUID


class PointsRedeemed(Message, type="volunteers.points_redeemed.v1", aggregate="transfer_id"):
    """A person spent points on something that was handed over."""

    transfer_id: UUID
    person_id: UUID
    points: int
    balance: int


class PointsExpired(Message, type="volunteers.points_expired.v1", aggregate="transfer_id"):
    """Points that outlived their rule and were never spent went back."""

    transfer_id: UUID
    person_id: UUID
    points: int
    balance: int
