"""A child's wish for a school bag, from submission to the light, over HTTP."""

from collections.abc import Callable
from uuid import UUID

from services.volunteers.tests.integration.running import Neighbour, Stores
from shared.ids import new_id
from shared.principal import Role


async def on_the_wall(resident: Neighbour, officer: Neighbour) -> str:
    wish_id = await resident.wishes()
    published = await officer.post(
        f"/wishes/{wish_id}/publish", {"card_title": "一只书包", "card_text": "一名小学生需要双肩书包"}
    )
    assert published.status == 200, published.body
    return wish_id


async def test_a_wish_goes_all_the_way_to_the_light_and_its_claimant_earns_points(
    resident: Neighbour, officer: Neighbour, volunteer: Neighbour
) -> None:
    wish_id = await on_the_wall(resident, officer)
    claimed = await volunteer.post(f"/wishes/{wish_id}/claim")
    assert (claimed.status, claimed.json()["state"]) == (200, "claimed")
    assert claimed.json()["allowed_actions"] == ["release", "deliver"]
    delivered = await volunteer.post(f"/wishes/{wish_id}/deliver", {"proof": "9月3日送到家中"})
    assert (delivered.status, delivered.json()["state"]) == (200, "delivered")
    lit = await resident.post(f"/wishes/{wish_id}/confirm", {"thanks": "孩子很喜欢，谢谢！"})
    assert (lit.status, lit.json()["state"], lit.json()["state_zh"]) == (200, "lit", "已点亮")

    assert (await volunteer.points())["balance"] == 20
    (line,) = (await volunteer.get(f"/points/{volunteer.person}/statement")).json()["items"]
    assert (line["points"], line["rule"], line["reason"], line["made_by"]) == (
        20,
        "wish_lit",
        "点亮微心愿",
        str(resident.person),
    )
    (claim,) = (await volunteer.get("/wishes/my-claims")).json()["items"]
    assert (claim["outcome"], claim["wish"]["title"]) == ("kept", "一只书包")
    assert (await volunteer.get(f"/wishes/{wish_id}")).json()["thanks"] == "孩子很喜欢，谢谢！"


async def test_a_wish_is_lit_and_rewarded_once(resident: Neighbour, officer: Neighbour, volunteer: Neighbour) -> None:
    wish_id = await on_the_wall(resident, officer)
    await volunteer.post(f"/wishes/{wish_id}/claim")
    await volunteer.post(f"/wishes/{wish_id}/deliver", {"proof": "送到"})
    assert (await resident.post(f"/wishes/{wish_id}/confirm", {})).status == 200
    again = await resident.post(f"/wishes/{wish_id}/confirm", {})
    assert (again.status, again.slug) == (409, "wish-transition-refused")
    assert (await volunteer.points())["balance"] == 20


async def test_the_wall_shows_cards_and_nobodys_identity(
    resident: Neighbour, officer: Neighbour, volunteer: Neighbour, somebody: Callable[..., Neighbour]
) -> None:
    wish_id = await on_the_wall(resident, officer)
    stranger = somebody()
    wall = await stranger.get("/wishes", limit=100)
    (card,) = [card for card in wall.json()["items"] if card["id"] == wish_id]
    assert set(card) == {"id", "state", "state_zh", "state_en", "title", "text", "published_at", "lit_at"}
    assert card["text"] == "一名小学生需要双肩书包"
    for secret in (str(resident.person), str(officer.person), "小雨", "301", "child", "缺一个双肩书包"):
        assert secret not in wall.body.decode()
    seen = (await stranger.get(f"/wishes/{wish_id}")).json()
    assert {seen[name] for name in ("wished_by", "submitted_by", "need", "title", "claimed_by", "proof")} == {None}
    await volunteer.post(f"/wishes/{wish_id}/claim")
    promised = (await volunteer.get(f"/wishes/{wish_id}")).json()
    assert (promised["claimed_by"], promised["wished_by"]) == (str(volunteer.person), None)


async def test_a_wish_that_waits_for_review_is_seen_by_its_wisher_and_reviewers_only(
    resident: Neighbour, officer: Neighbour, volunteer: Neighbour
) -> None:
    wish_id = await resident.wishes()
    assert (await resident.get(f"/wishes/{wish_id}")).status == 200
    assert wish_id in [wish["id"] for wish in (await officer.get("/wishes/to-review", limit=100)).json()["items"]]
    assert (await volunteer.get(f"/wishes/{wish_id}")).slug == "wish-not-found"
    assert [wish["id"] for wish in (await resident.get("/wishes/mine")).json()["items"]] == [wish_id]


async def test_a_declined_wish_tells_its_wisher_why(resident: Neighbour, officer: Neighbour) -> None:
    wish_id = await resident.wishes()
    declined = await officer.post(f"/wishes/{wish_id}/decline", {"reason": "请联系民政窗口申请临时救助"})
    assert declined.json()["state"] == "declined"
    assert (await resident.get(f"/wishes/{wish_id}")).json()["decline_reason"] == "请联系民政窗口申请临时救助"


async def test_only_the_wisher_confirms(
    resident: Neighbour, officer: Neighbour, volunteer: Neighbour, somebody: Callable[..., Neighbour]
) -> None:
    wish_id = await on_the_wall(resident, officer)
    await volunteer.post(f"/wishes/{wish_id}/claim")
    await volunteer.post(f"/wishes/{wish_id}/deliver", {"proof": "送到"})
    for other in (officer, volunteer, somebody()):
        assert (await other.post(f"/wishes/{wish_id}/confirm", {})).slug == "not-the-wisher"


async def test_only_the_claimant_delivers_and_releases(
    resident: Neighbour, officer: Neighbour, volunteer: Neighbour, somebody: Callable[..., Neighbour]
) -> None:
    wish_id = await on_the_wall(resident, officer)
    await volunteer.post(f"/wishes/{wish_id}/claim")
    other = somebody(Role.VOLUNTEER)
    assert (await other.post(f"/wishes/{wish_id}/deliver", {"proof": "我送的"})).slug == "not-the-claimant"
    assert (await other.post(f"/wishes/{wish_id}/release")).slug == "not-the-claimant"
    assert (await volunteer.post(f"/wishes/{wish_id}/release")).json()["state"] == "published"
    assert (await other.post(f"/wishes/{wish_id}/claim")).json()["state"] == "claimed"


async def test_nobody_claims_his_own_wish(officer: Neighbour, somebody: Callable[..., Neighbour]) -> None:
    volunteer = somebody(Role.VOLUNTEER, Role.RESIDENT)
    wish_id = await on_the_wall(volunteer, officer)
    assert (await volunteer.post(f"/wishes/{wish_id}/claim")).slug == "own-wish"


async def test_a_person_holds_at_most_three_open_promises(
    resident: Neighbour, officer: Neighbour, volunteer: Neighbour
) -> None:
    wishes = [await on_the_wall(resident, officer) for _ in range(4)]
    answers = [await volunteer.post(f"/wishes/{wish}/claim") for wish in wishes]
    assert [answer.status for answer in answers] == [200, 200, 200, 409]
    assert answers[3].slug == "too-many-open-claims"
    await volunteer.post(f"/wishes/{wishes[0]}/release")
    assert (await volunteer.post(f"/wishes/{wishes[3]}/claim")).status == 200


async def test_a_proxy_needs_the_role_the_consent_and_a_member(
    resident: Neighbour, somebody: Callable[..., Neighbour], stores: Stores
) -> None:
    represented = str(new_id())
    await stores.enrol(UUID(represented))
    grid_worker = somebody(Role.GRID_WORKER)
    refused = await resident.post(
        "/wishes", {"title": "轮椅", "need": "借用轮椅", "wished_by": represented, "consent": "口头"}
    )
    assert refused.slug == "proxy-not-allowed"
    silent = await grid_worker.post("/wishes", {"title": "轮椅", "need": "借用轮椅", "wished_by": represented})
    assert (silent.status, set(silent.fields)) == (422, {"consent"})
    unknown = await grid_worker.post(
        "/wishes", {"title": "轮椅", "need": "借用轮椅", "wished_by": str(resident.person), "consent": "口头"}
    )
    assert unknown.slug == "person-not-found"
    made = await grid_worker.post(
        "/wishes", {"title": "轮椅", "need": "借用轮椅", "wished_by": represented, "consent": "入户走访时口头同意"}
    )
    assert (made.status, made.json()["wished_by"], made.json()["submitted_by"]) == (
        201,
        represented,
        str(grid_worker.person),
    )
