"""Tables of volunteers as the queries see them. The DDL stands in `migrations/versions`."""

from sqlalchemy import BigInteger, Column, DateTime, Integer, LargeBinary, MetaData, SmallInteger, Table, Text
from sqlalchemy.dialects.postgresql import UUID

metadata = MetaData()


def _id(name: str = "id") -> "Column[object]":
    return Column(name, UUID(as_uuid=True))


def _time(name: str) -> "Column[object]":
    return Column(name, DateTime(timezone=True))


def _text(*names: str) -> "list[Column[object]]":
    return [Column(name, Text) for name in names]


def _number(name: str) -> "Column[object]":
    return Column(name, BigInteger)


communities_served = Table("communities_served", metadata, *_text("slug"), _time("since"))
memberships = Table(
    "memberships",
    metadata,
    *_text("community"),
    _id(),
    _id("person"),
    _id("organisation"),
    *_text("role"),
    _time("ended_at"),
)
volunteers = Table("volunteers", metadata, *_text("community"), _id("person"), _time("since"), _time("retired_at"))
wishes = Table(
    "wishes",
    metadata,
    *_text("community"),
    _id(),
    Column("version", Integer),
    *_text("state"),
    _id("wished_by"),
    _id("submitted_by"),
    *_text("consent", "title", "need"),
    _time("submitted_at"),
    *_text("card_title", "card_text"),
    _id("reviewed_by"),
    _time("reviewed_at"),
    *_text("decline_reason"),
    _time("published_at"),
    _id("claim_id"),
    _time("claim_expires_at"),
    *_text("proof"),
    _time("delivered_at"),
    *_text("thanks"),
    _time("lit_at"),
)
wish_claims = Table(
    "wish_claims",
    metadata,
    *_text("community"),
    _id(),
    _id("wish_id"),
    _id("claimed_by"),
    _time("claimed_at"),
    _time("expires_at"),
    *_text("outcome"),
    _time("ended_at"),
)
wish_beneficiaries = Table(
    "wish_beneficiaries", metadata, *_text("community"), _id("wish_id"), Column("sealed", LargeBinary)
)
beneficiary_reveals = Table(
    "beneficiary_reveals",
    metadata,
    *_text("community"),
    _id(),
    _id("wish_id"),
    _id("person"),
    *_text("purpose"),
    _time("revealed_at"),
)
points_accounts = Table(
    "points_accounts",
    metadata,
    *_text("community"),
    _id(),
    *_text("kind"),
    _number("balance"),
    _number("held"),
    _number("debt"),
    _time("opened_at"),
)
points_heads = Table(
    "points_heads",
    metadata,
    *_text("community"),
    _number("sequence"),
    Column("hash", LargeBinary),
    _id("issuing"),
    _id("debt"),
)
points_rules = Table(
    "points_rules",
    metadata,
    *_text("community", "code"),
    Column("version", Integer),
    *_text("title_zh", "title_en"),
    _number("points"),
    _number("daily_cap"),
    _number("weekly_cap"),
    Column("valid_days", Integer),
    _time("effective_from"),
    _time("effective_until"),
    _id("proposed_by"),
    _time("proposed_at"),
    _id("approved_by"),
    _time("approved_at"),
)
points_transfers = Table(
    "points_transfers",
    metadata,
    *_text("community"),
    _id(),
    _number("sequence"),
    *_text("kind"),
    _id("person"),
    _number("points"),
    *_text("rule"),
    Column("rule_version", Integer),
    *_text("reason", "deed_kind"),
    _id("deed_id"),
    _id("reverses"),
    _id("hold_id"),
    _id("adjustment_id"),
    _id("made_by"),
    _id("approved_by"),
    _time("made_at"),
    Column("previous_hash", LargeBinary),
    Column("hash", LargeBinary),
)
points_entries = Table(
    "points_entries",
    metadata,
    *_text("community"),
    _number("sequence"),
    Column("position", SmallInteger),
    _id("account_id"),
    _number("amount"),
    _number("balance_after"),
    _time("expires_at"),
)
points_holds = Table(
    "points_holds",
    metadata,
    *_text("community"),
    _id(),
    Column("version", Integer),
    _id("person"),
    _number("points"),
    *_text("reason", "state"),
    _id("made_by"),
    _time("made_at"),
    _time("expires_at"),
    _time("ended_at"),
)
points_adjustments = Table(
    "points_adjustments",
    metadata,
    *_text("community"),
    _id(),
    Column("version", Integer),
    _id("person"),
    _number("points"),
    *_text("reason"),
    _id("proposed_by"),
    _time("proposed_at"),
    *_text("state"),
    _id("decided_by"),
    _time("decided_at"),
    *_text("decision_note"),
)
