"""The tamper-evident chain: every transfer carries a hash over its own content and the hash of the one before.

The database computes it while posting; this is the same computation for whoever checks an export without trusting
the database. Format `v1`, fields in this order, missing ones as `-`.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ChainedEntry:
    """One leg of a transfer, as it is hashed."""

    position: int
    account: UUID
    amount: int
    balance_after: int
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class ChainedTransfer:
    """A transfer, as it is hashed."""

    community: str
    sequence: int
    id: UUID
    kind: str
    person: UUID
    points: int
    rule: str | None
    rule_version: int | None
    reason: str
    deed_kind: str | None
    deed_id: UUID | None
    reverses: UUID | None
    hold: UUID | None
    adjustment: UUID | None
    made_by: UUID | None
    approved_by: UUID | None
    at: datetime
    entries: Sequence[ChainedEntry]


def genesis(community: str) -> bytes:
    """The hash before the first transfer."""
    return hashlib.sha256(f"mulin points ledger|{community}".encode()).digest()


def link(previous: bytes, transfer: ChainedTransfer) -> bytes:
    """The hash of a transfer that follows `previous`."""
    return hashlib.sha256(previous + _content(transfer).encode()).digest()


def _content(t: ChainedTransfer) -> str:
    entries = ",".join(
        f"{e.position}:{e.account}:{e.amount}:{e.balance_after}:{_moment(e.expires_at)}"
        for e in sorted(t.entries, key=lambda e: e.position)
    )
    fields = (
        "v1", t.community, t.sequence, t.id, t.kind, t.person, t.points, t.rule, t.rule_version,
        hashlib.sha256(t.reason.encode()).hexdigest(), t.deed_kind, t.deed_id, t.reverses, t.hold, t.adjustment,
        t.made_by, t.approved_by, _moment(t.at), entries,
    )  # fmt: skip
    return "|".join("-" if value is None else str(value) for value in fields)


def _moment(at: datetime | None) -> str:
    """Microseconds since 1970, exact."""
    return "-" if at is None else str((at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1))
