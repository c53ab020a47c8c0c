"""Things that tests need, with every detail that does not matter filled in."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.volunteers.domain.wish import Wish
from shared.ids import new_id

AT = datetime(2026, 9, 2, 8, 0, tzinfo=UTC)
"""A Wednesday, four in the afternoon in Laixi."""


def a_wish(**changes: Any) -> Wish:
    """A submitted wish for a school bag."""
    wisher: UUID = changes.pop("wished_by", None) or new_id()
    return Wish(
        **{
            "id": new_id(),
            "wished_by": wisher,
            "submitted_by": wisher,
            "title": "想要一个新书包",
            "need": "孩子九月上小学，缺一个双肩书包",
            "submitted_at": AT,
            **changes,
        }
    )


def a_published_wish(**changes: Any) -> Wish:
    """A wish on the wall."""
    wish = a_wish(**changes)
    wish.publish(card_title=None, card_text=None, by=new_id(), at=AT)
    return wish


def a_claimed_wish(by: UUID, **changes: Any) -> Wish:
    """A wish that somebody promised."""
    wish = a_published_wish(**changes)
    wish.claim_for(by, claim_id=new_id(), open_claims=0, at=AT)
    return wish


def a_delivered_wish(by: UUID, **changes: Any) -> Wish:
    """A wish that waits for its wisher's word."""
    wish = a_claimed_wish(by, **changes)
    wish.deliver(proof="送到家中", by=by, at=AT)
    return wish


def a_wish_body(**changes: Any) -> dict[str, Any]:
    """What a resident sends."""
    return {
        "title": "想要一个新书包",
        "need": "孩子九月上小学，缺一个双肩书包",
        "beneficiary": {"group": "child", "note": "小雨，7岁，12号楼2单元301"},
        **changes,
    }
