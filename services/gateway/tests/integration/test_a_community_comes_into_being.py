"""A subdistrict takes a community onto the platform: from a template, with figures, places and people."""

from services.gateway.tests.builders import a_community, figures
from services.gateway.tests.integration.running import Somebody, Town, log_in
from shared.testing.client import Client


async def test_the_first_operator_is_there_and_may_log_in(operator: Somebody) -> None:
    me = (await operator.get("/me")).json()
    assert [(held["community"], held["role"]) for held in me["memberships"]] == [("all", "operator")]


async def test_a_community_has_its_figures_and_the_organisations_of_its_template(town: Town) -> None:
    seen = await town.operator.get(town.path)
    assert seen.status == 200
    profile = seen.json()["profile"]
    assert (profile["area_km2"], profile["households"], profile["residents"]) == (0.4, 5196, 8225)
    assert (profile["party_members"], profile["party_members_own"], profile["party_members_on_duty"]) == (51, 16, 35)
    organisations = (await town.operator.get(f"{town.path}/organisations")).json()["items"]
    assert [organisation["name"]["zh"] for organisation in organisations] == [
        "翡翠城社区党委",
        "翡翠城社区居委会",
        "翡翠城社区小区党支部",
        "翡翠城社区业主委员会",
    ]
    assert organisations[1]["parent_id"] == organisations[0]["id"]


async def test_figures_that_do_not_add_up_are_refused(town: Town) -> None:
    refused = await town.operator.post(f"{town.path}/profiles", figures(as_of="2026-01-01", party_members=50))
    assert (refused.status, refused.slug) == (422, "figures-do-not-add-up")
    assert "party_members" in refused.fields


async def test_each_day_has_the_figures_that_were_valid_then(town: Town) -> None:
    newer = figures(as_of="2026-06-30", households=5300)
    await town.operator.made(f"{town.path}/profiles", newer)
    again = await town.operator.post(f"{town.path}/profiles", newer)
    assert (again.status, again.slug) == (409, "profile-exists")

    async def households(day: str) -> int | None:
        profile = (await town.operator.get(town.path, on=day)).json()["profile"]
        return profile["households"] if profile else None

    assert await households("2026-06-30") == 5300
    assert await households("2026-06-29") == 5196
    assert await households("2024-12-31") is None
    history = (await town.operator.get(f"{town.path}/profiles")).json()["items"]
    assert [entry["as_of"] for entry in history] == ["2026-06-30", "2025-01-01"]


async def test_a_slug_or_code_is_taken_once_and_some_are_reserved(town: Town) -> None:
    community = town.community
    again = a_community(town.subdistrict["id"], community["slug"], "QQ")
    other = a_community(town.subdistrict["id"], "another-one-" + community["slug"], community["code"])
    reserved = a_community(town.subdistrict["id"], "all", "QQ")
    assert (await town.operator.post("/communities", again)).slug == "community-exists"
    assert "code" in (await town.operator.post("/communities", other)).fields
    assert (await town.operator.post("/communities", reserved)).slug == "reserved-slug"
    unknown = await town.operator.post(
        "/communities", a_community(town.subdistrict["id"], "abc", "QQ", template="nope")
    )
    assert unknown.slug == "unknown-template"


async def test_creating_the_same_community_with_the_same_key_does_it_once(town: Town) -> None:
    body = a_community(town.subdistrict["id"], "twice-" + town.slug, "TW" + town.community["code"][:4])
    first = await town.operator.post("/communities", body, key="once")
    second = await town.operator.post("/communities", body, key="once")
    assert (first.status, second.status) == (201, 201)
    assert first.body == second.body


async def test_every_building_belongs_to_exactly_one_grid_and_gaps_are_shown(town: Town) -> None:
    office = town.operator
    compound = await office.made(f"{town.path}/compounds", {"name": "翡翠城南区"})
    empty = await office.made(f"{town.path}/compounds", {"name": "翡翠城北区", "address": "长岛路 1 号"})
    grids = await office.made(f"{town.path}/grids/batch", {"items": [{"name": "第一网格"}, {"name": "第二网格"}]})
    first, second = grids["items"]
    item = {"compound_id": compound["id"], "grid_id": first["id"], "units": 3, "floors": 18}
    buildings = await office.made(
        f"{town.path}/buildings/batch", {"items": [{**item, "name": "11号楼"}, {**item, "name": "12号楼"}]}
    )
    moved = buildings["items"][1]
    answer = await office.post(f"{town.path}/buildings/{moved['id']}/move", {"grid_id": second["id"]}, if_match='"1"')
    assert (answer.status, answer.json()["grid_id"], answer.headers["etag"]) == (200, second["id"], '"2"')
    outdated = await office.post(f"{town.path}/buildings/{moved['id']}/move", {"grid_id": first["id"]}, if_match='"1"')
    assert outdated.status == 412
    in_first = (await office.get(f"{town.path}/buildings", grid_id=first["id"])).json()["items"]
    assert [building["name"] for building in in_first] == ["11号楼"]

    worker = await town.somebody("grid_worker")
    appointed = await office.post(f"{town.path}/grids/{first['id']}/appoint", {"worker_id": worker.id})
    assert appointed.json()["worker_id"] == worker.id
    stranger = await office.post(f"{town.path}/grids/{second['id']}/appoint", {"worker_id": office.id})
    assert (stranger.status, stranger.slug) == (422, "unknown-reference")
    coverage = (await office.get(f"{town.path}/coverage")).json()
    assert [gap["id"] for gap in coverage["grids_without_worker"]] == [second["id"]]
    assert [gap["id"] for gap in coverage["compounds_without_building"]] == [empty["id"]]
    assert (coverage["buildings"], coverage["households_in_profile"]) == (2, 5196)
    assert len(coverage["buildings_without_household"]) == 2


async def test_a_batch_names_the_item_that_is_wrong_and_does_nothing(town: Town) -> None:
    office = town.operator
    compound = await office.made(f"{town.path}/compounds", {"name": "南区"})
    grid = await office.made(f"{town.path}/grids", {"name": "第一网格"})
    good = {"compound_id": compound["id"], "grid_id": grid["id"], "name": "1号楼"}
    bad = {**good, "name": "2号楼", "grid_id": "019ab1c2-0000-7000-8000-000000000000"}
    refused = await office.post(f"{town.path}/buildings/batch", {"items": [good, bad]})
    assert (refused.status, list(refused.fields)) == (422, ["items.1.grid_id"])
    assert (await office.get(f"{town.path}/buildings")).json()["items"] == []


async def test_people_live_in_households_and_log_in_by_phone(town: Town, client: Client) -> None:
    office = town.operator
    compound = await office.made(f"{town.path}/compounds", {"name": "南区"})
    grid = await office.made(f"{town.path}/grids", {"name": "第一网格"})
    building = await office.made(
        f"{town.path}/buildings", {"compound_id": compound["id"], "grid_id": grid["id"], "name": "12号楼"}
    )
    number = "138" + str(abs(hash(town.slug)) % 10**8).zfill(8)
    zhang = await town.somebody("resident", phone=number)
    li = await town.somebody("resident", name="李四")
    household = await office.made(
        f"{town.path}/households",
        {"building_id": building["id"], "unit": "2", "room": "301", "person_ids": [zhang.id]},
    )
    joined = await office.post(f"{town.path}/households/{household['id']}/join", {"person_id": li.id})
    assert joined.json()["person_ids"] == [zhang.id, li.id]
    found = (await office.get(f"{town.path}/households", person_id=li.id)).json()["items"]
    assert [entry["id"] for entry in found] == [household["id"]]
    by_phone = await log_in(client, f"+86 {number}")
    assert by_phone.id == zhang.id
    person = (await office.get(f"{town.path}/persons/{zhang.id}")).json()
    assert person["phone"] == f"138****{number[-4:]}"
    assert number not in (await by_phone.get("/me")).body.decode()
