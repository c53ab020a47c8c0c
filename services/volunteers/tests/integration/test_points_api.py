"""Points over HTTP: awards, debits, holds, reversals, adjustments by two persons, rules, statements."""

import asyncio
from collections.abc import Callable
from typing import Any

from services.volunteers.tests.integration.ledgers import give
from services.volunteers.tests.integration.running import Neighbour, Stores
from shared.ids import new_id
from shared.principal import Role
from shared.testing.principals import COMMUNITY

REASON = "楼道清理一小时"


async def a_member(stores: Stores, somebody: Callable[..., Neighbour], points: int = 0) -> Neighbour:
    member = somebody(Role.VOLUNTEER)
    await stores.enrol(member.person, Role.VOLUNTEER)
    if points:
        await give(stores, COMMUNITY, member.person, points)
    return member


def an_award(person: Neighbour, **changes: Any) -> dict[str, Any]:
    return {"person": str(person.person), "rule": "service_hour", "reason": REASON, **changes}


async def test_an_award_shows_in_account_and_statement_with_reason_and_author(
    stores: Stores, points_officer: Neighbour, somebody: Callable[..., Neighbour]
) -> None:
    member = await a_member(stores, somebody)
    posted = await points_officer.post("/points/transfers", an_award(member))
    assert (posted.status, posted.json()["points"], posted.json()["account"]["balance"]) == (201, 10, 10)
    assert await member.points() == {"person": str(member.person), "balance": 10, "held": 0, "free": 10, "debt": 0}
    (line,) = (await member.get(f"/points/{member.person}/statement")).json()["items"]
    assert (line["reason"], line["made_by"], line["balance_after"]) == (REASON, str(points_officer.person), 10)
    assert (line["rule_title_zh"], line["kind_zh"]) == ("志愿服务一小时", "积分奖励")


async def test_one_deed_is_awarded_once_and_unknown_rules_are_named(
    stores: Stores, points_officer: Neighbour, somebody: Callable[..., Neighbour]
) -> None:
    member = await a_member(stores, somebody)
    deed = {"kind": "footprint", "id": str(new_id())}
    assert (await points_officer.post("/points/transfers", an_award(member, deed=deed))).status == 201
    assert (await points_officer.post("/points/transfers", an_award(member, deed=deed))).slug == "already-awarded"
    unknown = await points_officer.post("/points/transfers", an_award(member, rule="no_such"))
    assert (unknown.slug, set(unknown.fields)) == ("points-rule-not-in-force", {"rule"})
    stranger = await points_officer.post("/points/transfers", an_award(somebody()))
    assert (stranger.status, stranger.slug) == (404, "person-not-found")


async def test_an_officer_does_not_reward_himself(stores: Stores, points_officer: Neighbour) -> None:
    await stores.enrol(points_officer.person, Role.POINTS_OFFICER)
    refused = await points_officer.post("/points/transfers", an_award(points_officer))
    assert (refused.status, refused.slug) == (403, "second-person-needed")


async def test_statements_are_ones_own_business_and_the_offices(
    stores: Stores, points_officer: Neighbour, resident: Neighbour, somebody: Callable[..., Neighbour]
) -> None:
    member = await a_member(stores, somebody, 30)
    path = f"/points/{member.person}/statement"
    assert (await points_officer.get(path)).status == 200
    peeped, missing = await resident.get(path), await resident.get(f"/points/{new_id()}/statement")
    assert (peeped.status, peeped.slug) == (404, "person-not-found")
    assert {**peeped.json(), "instance": ""} == {**missing.json(), "instance": ""}
    assert (await resident.get(f"/points/{resident.person}/statement")).json() == {"items": [], "next_cursor": None}


async def test_a_statement_comes_page_by_page(
    stores: Stores, points_officer: Neighbour, somebody: Callable[..., Neighbour]
) -> None:
    member = await a_member(stores, somebody, 100)
    for points in range(1, 8):
        body = {"person": str(member.person), "points": points, "reason": "茶"}
        assert (await points_officer.post("/points/debits", body)).status == 201
    seen: list[int] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await member.get(f"/points/{member.person}/statement", limit=3, **cursor)).json()
        seen += [line["points"] for line in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert seen == [-7, -6, -5, -4, -3, -2, -1, 100]


async def test_points_are_set_aside_and_spent_or_freed(
    stores: Stores, points_officer: Neighbour, somebody: Callable[..., Neighbour]
) -> None:
    member = await a_member(stores, somebody, 50)
    hold = await member.post("/points/holds", {"points": 30, "reason": "雨伞"})
    assert (hold.status, hold.json()["state"]) == (201, "open")
    assert (await member.points())["free"] == 20
    assert (await member.post("/points/holds", {"points": 21, "reason": "茶"})).slug == "insufficient-points"
    captured = await points_officer.post(f"/points/holds/{hold.json()['id']}/capture")
    assert (captured.status, captured.json()["points"], captured.json()["reason"]) == (201, -30, "雨伞")
    assert (await member.post(f"/points/holds/{hold.json()['id']}/release")).slug == "hold-not-open"
    second = await points_officer.post(
        "/points/holds", {"person": str(member.person), "points": 5, "reason": "茶", "hours": 1}
    )
    assert (await somebody().post(f"/points/holds/{second.json()['id']}/release")).slug == "hold-not-found"
    freed = await member.post(f"/points/holds/{second.json()['id']}/release")
    assert (freed.status, freed.json()["state"]) == (200, "released")
    assert await member.points() == {"person": str(member.person), "balance": 20, "held": 0, "free": 20, "debt": 0}


async def test_a_reversal_stands_beside_the_mistake_and_happens_once(
    stores: Stores, points_officer: Neighbour, somebody: Callable[..., Neighbour]
) -> None:
    member = await a_member(stores, somebody)
    mistake = (await points_officer.post("/points/transfers", an_award(member))).json()["id"]
    await points_officer.post("/points/debits", {"person": str(member.person), "points": 6, "reason": "茶"})
    reversal = await points_officer.post(f"/points/transfers/{mistake}/reverse", {"reason": "重复登记"})
    assert (reversal.status, reversal.json()["account"]) == (
        201,
        {"person": str(member.person), "balance": 0, "held": 0, "free": 0, "debt": 6},
    )
    again = await points_officer.post(f"/points/transfers/{mistake}/reverse", {"reason": "再来"})
    assert (again.status, again.slug) == (409, "already-reversed")
    of_reversal = await points_officer.post(f"/points/transfers/{reversal.json()['id']}/reverse", {"reason": "再来"})
    assert of_reversal.slug == "not-reversible"
    lines = (await member.get(f"/points/{member.person}/statement")).json()["items"]
    assert [(line["points"], line["to_debt"]) for line in lines] == [(-10, -6), (-6, 0), (10, 0)]
    assert lines[2]["reversed_by"] == reversal.json()["id"]
    paid_off = await points_officer.post("/points/transfers", an_award(member))
    assert (paid_off.json()["account"]["balance"], paid_off.json()["account"]["debt"]) == (4, 0)


async def test_an_adjustment_takes_two_persons(
    stores: Stores, points_officer: Neighbour, somebody: Callable[..., Neighbour]
) -> None:
    member, secretary = await a_member(stores, somebody), somebody(Role.SECRETARY)
    body = {"person": str(member.person), "points": 40, "reason": "2025年手工台账"}
    proposed = await points_officer.post("/points/adjustments", body)
    assert (proposed.status, proposed.json()["state"], proposed.headers["etag"]) == (201, "proposed", '"1"')
    path = f"/points/adjustments/{proposed.json()['id']}"
    own = await points_officer.post(f"{path}/approve")
    assert (own.status, own.slug) == (403, "second-person-needed")
    outdated = await secretary.post(f"{path}/approve", headers={"If-Match": '"9"'})
    assert (outdated.status, outdated.slug) == (412, "version-mismatch")
    assert (await member.points())["balance"] == 0
    approved = await secretary.post(f"{path}/approve", headers={"If-Match": '"1"'})
    assert (approved.status, approved.json()["state_zh"], approved.headers["etag"]) == (200, "已批准", '"2"')
    assert (await secretary.post(f"{path}/approve")).slug == "adjustment-already-decided"
    assert (await secretary.post(f"{path}/reject", {"note": "晚了"})).slug == "adjustment-already-decided"
    (line,) = (await member.get(f"/points/{member.person}/statement")).json()["items"]
    assert (line["made_by"], line["approved_by"]) == (str(points_officer.person), str(secretary.person))


async def test_an_adjustment_that_would_overdraw_is_refused_and_stays_open(
    stores: Stores, points_officer: Neighbour, somebody: Callable[..., Neighbour]
) -> None:
    member, secretary = await a_member(stores, somebody, 10), somebody(Role.SECRETARY)
    body = {"person": str(member.person), "points": -11, "reason": "多记"}
    proposed = (await points_officer.post("/points/adjustments", body)).json()["id"]
    assert (await secretary.post(f"/points/adjustments/{proposed}/approve")).slug == "insufficient-points"
    waiting = (await secretary.get("/points/adjustments", limit=100)).json()["items"]
    assert proposed in [adjustment["id"] for adjustment in waiting]
    assert (await secretary.post(f"/points/adjustments/{proposed}/reject", {"note": "余额不足"})).status == 200


async def test_an_adjustment_by_nothing_is_refused_in_the_language_of_the_reader(points_officer: Neighbour) -> None:
    body = {"person": str(points_officer.person), "points": 0, "reason": "多记"}
    chinese = await points_officer.post("/points/adjustments", body)
    english = await points_officer.post("/points/adjustments", body, headers={"Accept-Language": "en"})
    assert (chinese.status, chinese.fields) == (422, {"points": "不能为零"})
    assert (english.status, english.fields) == (422, {"points": "must not be zero"})


async def test_two_deciders_at_once_decide_once(
    stores: Stores, points_officer: Neighbour, somebody: Callable[..., Neighbour]
) -> None:
    member = await a_member(stores, somebody)
    body = {"person": str(member.person), "points": 5, "reason": "漏记"}
    proposed = (await points_officer.post("/points/adjustments", body)).json()["id"]
    deciders = [somebody(Role.SECRETARY) for _ in range(10)]
    answers = await asyncio.gather(*(d.post(f"/points/adjustments/{proposed}/approve") for d in deciders))
    assert sorted(answer.status for answer in answers) == [200] + [409] * 9
    assert (await member.points())["balance"] == 5


async def test_a_rule_changes_by_a_new_version_that_another_person_approves(
    stores: Stores, points_officer: Neighbour, somebody: Callable[..., Neighbour]
) -> None:
    member, admin = await a_member(stores, somebody), somebody(Role.COMMUNITY_ADMIN)
    code = f"tea_{str(new_id())[-12:]}".replace("-", "_")
    body = {"code": code, "title_zh": "奉茶", "title_en": "serving tea", "points": 3, "daily_cap": 3}
    first = await points_officer.post("/points/rules", body)
    assert (first.status, first.json()["rule_version"], first.json()["in_force"]) == (201, 1, False)
    award = an_award(member, rule=code)
    assert (await points_officer.post("/points/transfers", award)).slug == "points-rule-not-in-force"
    path = f"/points/rules/{code}/versions/1/approve"
    assert (await points_officer.post(path)).slug == "second-person-needed"
    assert (await admin.post(path)).json()["in_force"] is True
    assert (await admin.post(path)).slug == "points-rule-already-approved"
    assert (await points_officer.post("/points/transfers", award)).json()["rule_version"] == 1
    assert (await points_officer.post("/points/transfers", award)).slug == "points-cap-reached"
    assert (await points_officer.post("/points/rules", {**body, "points": 4})).json()["rule_version"] == 2
    listed = (await member.get("/points/rules", limit=100)).json()["items"]
    assert [(r["rule_version"], r["points"], r["in_force"]) for r in listed if r["code"] == code] == [
        (1, 3, True),
        (2, 4, False),
    ]


async def test_versions_proposed_at_once_get_numbers_of_their_own(points_officer: Neighbour) -> None:
    body = {"code": "at_once", "title_zh": "同时", "title_en": "at once", "points": 3}
    answers = await asyncio.gather(*(points_officer.post("/points/rules", body) for _ in range(8)))
    assert sorted(answer.json()["rule_version"] for answer in answers) == list(range(1, 9))


async def test_a_rule_that_ends_before_it_begins_is_refused(points_officer: Neighbour) -> None:
    body = {"code": "tea", "title_zh": "茶", "title_en": "tea", "points": 3, "effective_until": "2020-01-01T00:00:00Z"}
    answer = await points_officer.post("/points/rules", body)
    assert (answer.status, set(answer.fields)) == (422, {"effective_until"})


async def test_the_office_checks_the_books_at_any_time(points_officer: Neighbour, resident: Neighbour) -> None:
    books = (await points_officer.get("/points/reconciliation")).json()
    assert books["sound"] is True
    assert books["issued"] == books["on_accounts"] - books["owed"]
    assert (await resident.get("/points/reconciliation")).status == 403
