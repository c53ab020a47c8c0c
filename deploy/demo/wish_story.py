"""A child's micro-wish for a school bag: submitted, published, claimed, delivered, confirmed, lit; points in the ledger."""

from dataclasses import dataclass
from typing import Any

from deploy.demo.client import Person, check
from deploy.demo.telling import Teller


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays."""

    parent: Person
    reviewer: Person
    member: Person
    auditor: Person


async def play(cast: Cast, teller: Teller) -> dict[str, Any]:
    """The whole story; returns the wish as it ended."""
    teller.chapter("二、微心愿：一只新书包", "A micro-wish: a school bag")
    before = (await cast.member.get("/points/me"))["balance"]
    wish = await _submit_and_publish(cast, teller)
    path = f"/wishes/{wish['id']}"
    await cast.member.post(f"{path}/claim")
    check((await cast.member.get(path))["state"] == "claimed", "the wish is not claimed")
    rival = await cast.reviewer.get(path)
    check(rival["state"] == "claimed", "others do not see that the wish is claimed")
    teller.step(cast.member.name_zh, cast.member.name_en, "认领微心愿", "claims the wish")
    await cast.member.post(f"{path}/deliver", {"proof": "周六上午送到家中，双肩书包一只"})
    check((await cast.parent.get(path))["state"] == "delivered", "the wish is not delivered")
    teller.step(cast.member.name_zh, cast.member.name_en, "把书包送到，留下凭证", "delivers the bag and leaves proof")
    await cast.parent.post(f"{path}/confirm", {"thanks": "孩子很喜欢，谢谢！"})
    lit: dict[str, Any] = await cast.parent.get(path)
    check(lit["state"] == "lit" and lit["lit_at"], "the wish is not lit")
    teller.step(cast.parent.name_zh, cast.parent.name_en, "确认收到，心愿点亮", "confirms; the wish is lit")
    await _points(cast, teller, before)
    return lit


async def _submit_and_publish(cast: Cast, teller: Teller) -> dict[str, Any]:
    body = {
        "title": "想要一个新书包",
        "need": "孩子九月上小学，缺一个双肩书包",
        "beneficiary": {"group": "child", "note": "小学一年级，身高一米二"},
    }
    made = await cast.parent.post("/wishes", body)
    path = f"/wishes/{made['id']}"
    await cast.reviewer.post(f"{path}/publish", {})
    card = await cast.member.get(path)
    check(card["state"] == "published" and card["wished_by"] is None, "the card shows who wishes")
    check("身高" not in str(card), "the card shows the sealed record")
    teller.step(
        cast.parent.name_zh,
        cast.parent.name_en,
        "为孩子许愿：一只书包；审核后匿名上墙",
        "wishes for a school bag for a child; reviewed, it hangs on the wall without a name",
    )
    wish: dict[str, Any] = card
    return wish


async def _points(cast: Cast, teller: Teller, before: int) -> None:
    after = (await cast.member.get("/points/me"))["balance"]
    check(after > before, f"no points arrived: {before} before, {after} after")
    books = await cast.auditor.get("/points/reconciliation")
    check(books["sound"], f"the books do not balance: {books}")
    teller.step(
        cast.member.name_zh,
        cast.member.name_en,
        f"积分 +{after - before}，余额 {after}；账本核对平衡",
        f"receives {after - before} points, balance {after}; the books balance",
    )
