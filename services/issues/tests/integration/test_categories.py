"""Categories over HTTP: changed by the administrator, in versions, at once everywhere in this process; old issues keep theirs."""

import asyncio
from typing import Any

from services.issues.domain.default_categories import DEFAULT_CATEGORIES
from services.issues.tests.builders import ADMIN, OFFICER, RESIDENT, SECRETARY
from services.issues.tests.integration.town import Town, done, refused

NEW = {"code": "charging", "name_zh": "充电桩", "name_en": "Charging", "tier": "utilities", "parent": "utilities"}


async def codes(town: Town, **params: Any) -> list[str]:
    """The codes of the tree."""
    return [it["code"] for it in done(await town.get("/categories", RESIDENT, **params))["items"]]


async def test_a_new_category_is_reported_under_at_once_with_its_defaults(town: Town) -> None:
    await town.report(RESIDENT)
    added = done(await town.post("/categories", ADMIN, NEW), 201)
    assert (added["version"], added["retired"]) == (1, False)
    issue = await town.report(RESIDENT, category="charging")
    assert issue["severity"] == "utilities"
    assert await codes(town, below="utilities") == ["water_supply", "power_supply", "gas_supply", "heating", "charging"]
    refused(await town.post("/categories", ADMIN, NEW), 409, "category-there")
    for who in (OFFICER, RESIDENT, SECRETARY):
        refused(await town.post("/categories", who, {**NEW, "code": "other_thing"}), 403, "forbidden")


async def test_a_renamed_category_keeps_its_versions_and_of_two_changes_at_once_one_wins(town: Town) -> None:
    text = {"name_zh": "路灯故障", "name_en": "Street lights", "kind": "hazard", "tier": "utilities", "position": 5}
    path = "/categories/street_light"
    answers = await asyncio.gather(
        *(town.post(f"{path}/revise", ADMIN, {**text, "name_en": name}, if_match="1") for name in ("A", "B"))
    )
    assert sorted(answer.status for answer in answers) == [200, 412]
    versions = done(await town.get(f"{path}/versions", ADMIN))["items"]
    assert [(it["version"], it["name_zh"], it["changed_by"]) for it in versions] == [
        (2, "路灯故障", str(ADMIN.person)),
        (1, "路灯不亮", None),
    ]
    assert (await town.report(RESIDENT))["kind"] == "hazard"
    answer = await town.post(f"{path}/revise", ADMIN, {**text, "parent": "moon"}, if_match="2")
    assert (answer.status, list(answer.fields)) == (422, ["parent"])
    refused(await town.post("/categories/moon/revise", ADMIN, text, if_match="1"), 404, "not-found")


async def test_a_retired_category_stays_with_old_issues_and_takes_no_new_ones(town: Town) -> None:
    old = await town.report(RESIDENT, category="noise")
    refused(await town.post("/categories/environment/retire", ADMIN, if_match="1"), 409, "category-refused")
    retired = done(await town.post("/categories/noise/retire", ADMIN, if_match="1"))
    assert (retired["retired"], retired["version"]) == (True, 2)
    answer = await town.post("/issues", RESIDENT, {"category": "noise", "place": {"text": "北门"}, "text": "吵"})
    assert (answer.status, list(answer.fields)) == (422, ["category"])
    assert done(await town.get(f"/issues/{old['id']}", RESIDENT))["category"] == "noise"
    assert [it["id"] for it in done(await town.get("/issues", OFFICER, category="noise"))["items"]] == [old["id"]]
    assert "noise" not in await codes(town)
    assert "noise" in await codes(town, retired="true")
    done(await town.post("/categories/noise/restore", ADMIN, if_match="2"))
    await town.report(RESIDENT, category="noise")


async def test_the_taxonomy_is_tried_merged_once_and_read_by_levels(town: Town) -> None:
    shipped = len(DEFAULT_CATEGORIES)
    tried = done(await town.post("/categories/import-taxonomy", ADMIN, {}))
    assert (tried["added"], tried["dry_run"], len(await codes(town))) == (635, True, shipped)
    merged = done(await town.post("/categories/import-taxonomy", ADMIN, {"dry_run": False}))
    assert (merged["added"], merged["total"]) == (635, 635 + shipped)
    assert done(await town.post("/categories/import-taxonomy", ADMIN, {"dry_run": False}))["added"] == 0
    assert len(await codes(town)) == 635 + shipped
    first = await codes(town, depth=1)
    assert first[:5] == ["parking_occupied", "parking_shortage", "neighbour_quarrel", "green_occupied", "street_light"]
    assert all("_0" not in code for code in first)
    below = await codes(town, below="urban_construction", depth=1)
    assert below
    assert all(code.count("_") == 2 for code in below)
    finest = (await codes(town, below=below[0]))[0]
    batch = [{"source_id": "1", "category": finest, "place": "A市", "text": "x", "reported_at": "2026-01-01T00:00:00Z"}]
    done(await town.post("/issues/imports", ADMIN, {"source": "board", "rows": batch}))
    refused(await town.get("/categories", RESIDENT, below="moon"), 404, "not-found")
    assert (await town.get("/categories", RESIDENT, depth=9)).fields.keys() == {"depth"}
