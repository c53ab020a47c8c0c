"""Reports over HTTP: what was done is what is counted, every number with its n, and nobody sees more than they may."""

from datetime import timedelta
from typing import Any

from services.issues.consumers import remember_the_figures_of_a_date
from services.issues.tests.builders import (
    ADMIN,
    BUILDING,
    CHAIR,
    HANDLER,
    NEIGHBOUR,
    OFFICER,
    PROPERTY,
    RESIDENT,
    SECRETARY,
)
from services.issues.tests.integration.test_the_way_of_an_issue import FOUR
from services.issues.tests.integration.town import Town, done, refused
from shared.clock import CHINA
from shared.contracts.gateway import CommunityProfileRecorded
from shared.ids import new_id
from shared.principal import Role
from shared.testing.principals import a_principal

SUBDISTRICT = a_principal(Role.SUBDISTRICT_OFFICER)
SOLVED = {
    "outcome": "solved",
    "public_reply": "已修好",
    "level": "compound",
    "quantity": {"kind": "light_repaired", "amount": 3},
}
YEAR = {"from": "2026-01-01", "to": "2026-12-31"}


async def counted(town: Town) -> None:
    """Let everything that happened be counted."""
    while await town.app.state.projector.catch_up():
        pass


async def handled(town: Town, *, solved: bool = True, satisfaction: int = 5, **more: Any) -> Any:
    """An issue from report to rating."""
    issue = await town.accepted(RESIDENT, OFFICER, **more)
    path = f"/issues/{issue['id']}"
    done(await town.post(f"{path}/assign", OFFICER, FOUR))
    done(await town.post(f"{path}/sign", HANDLER))
    done(await town.post(f"{path}/resolve", HANDLER, SOLVED))
    return done(await town.post(f"{path}/rate", RESIDENT, {"solved": solved, "satisfaction": satisfaction}))


async def figures(town: Town, who: Any = OFFICER, **params: Any) -> dict[str, dict[str, Any]]:
    """Key -> metric -> figure of now."""
    report = done(await town.get("/reports/rates", who, **{**YEAR, **params}))
    return {row["key"]: {rate["metric"]: rate["now"] for rate in row["rates"]} for row in report["items"]}


async def test_rates_are_what_was_done(town: Town) -> None:
    await handled(town)
    await handled(town, satisfaction=2)
    await handled(town, solved=False, satisfaction=1)
    await town.report(NEIGHBOUR)
    town.clock.advance(timedelta(days=20))
    await counted(town)
    whole = (await figures(town))[""]
    assert (whole["solved"]["numerator"], whole["solved"]["denominator"], whole["solved"]["asked"]) == (2, 3, 3)
    assert whole["solved"]["value"] == 2 / 3
    assert whole["solved"]["remark"] == {"zh": "样本不足", "en": "small sample"}
    assert (whole["satisfaction"]["numerator"], whole["satisfaction"]["n"]) == (1, 3)
    assert (whole["returned"]["numerator"], whole["returned"]["n"]) == (1, 3)
    assert (whole["first_time"]["numerator"], whole["first_time"]["n"]) == (2, 3)
    # Three first rounds in time; the second round of the third was due meanwhile and is not resolved.
    assert (whole["in_time"]["numerator"], whole["in_time"]["n"]) == (3, 4)
    assert (whole["response"]["numerator"], whole["response"]["n"]) == (3, 3)
    assert (whole["repeated"]["numerator"], whole["repeated"]["n"]) == (3, 4)
    assert (await figures(town, by="organisation"))[str(PROPERTY)]["solved"]["n"] == 3
    assert (await figures(town, by="organisation_kind"))["property"]["solved"]["n"] == 3
    assert (await figures(town, by="handler"))[str(HANDLER.person)]["solved"]["n"] == 3
    assert (await figures(town, by="building"))[str(BUILDING)]["proactive"]["n"] == 4
    assert len(await figures(town, by="compound")) == len(await figures(town, by="grid")) == 1


async def test_a_report_says_how_fresh_it_is(town: Town) -> None:
    await town.report(RESIDENT)
    at = town.clock.now()
    town.clock.advance(timedelta(minutes=5))
    stale = done(await town.get("/reports/rates", OFFICER))
    assert (stale["waiting"], stale["as_of"]) == (1, at.isoformat().replace("+00:00", "Z"))
    await counted(town)
    fresh = done(await town.get("/reports/rates", OFFICER))
    assert (fresh["waiting"], fresh["as_of"]) == (0, town.clock.now().isoformat().replace("+00:00", "Z"))


async def test_outcomes_add_up_once_they_are_confirmed(town: Town) -> None:
    await handled(town)
    await handled(town, solved=False)
    issue = await town.accepted(RESIDENT, OFFICER)
    resolved = {**SOLVED, "level": "community", "quantity": {"kind": "parking_space", "amount": 56}}
    done(await town.post(f"/issues/{issue['id']}/resolve", OFFICER, resolved))
    await counted(town)
    sums = done(await town.get("/reports/outcomes", SUBDISTRICT))
    assert {one["code"]: one["amount"] for one in sums["items"] if one["amount"]} == {"light_repaired": 3}
    assert {one["code"]: one["amount"] for one in sums["not_confirmed"]} == {"parking_space": 56}
    levels = done(await town.get("/reports/levels", SECRETARY))
    assert levels["n"] == 1
    assert {one["code"]: one["share"] for one in levels["items"]}["compound"] == 1.0


async def test_totals_say_what_each_unit_has_solved(town: Town) -> None:
    for _ in range(5):
        await handled(town)
    await handled(town, solved=False)
    await town.report(NEIGHBOUR)
    await counted(town)
    for who in (OFFICER, SUBDISTRICT):
        whole = done(await town.get("/reports/totals", who))["items"][0]
        assert {one["code"]: (one["amount"], one["before"]) for one in whole["totals"]} == {
            "registered": (7, 0),
            "open": (2, 0),
            "closed": (5, 0),
            "closed_solved": (5, 0),
            "dismissed": (0, 0),
            "quantity.light_repaired": (15, 0),
        }
        units = done(await town.get("/reports/totals", who, by="organisation"))["items"]
        found = {row["label"]["zh"]: {one["code"]: one["amount"] for one in row["totals"]} for row in units}
        assert found["翡翠物业"]["closed_solved"] == 5
        # One matter of nobody: whoever does not see matters does not see that either.
        assert found["未填写"]["registered"] == (1 if who is OFFICER else None)
    refused(await town.get("/reports/totals", SUBDISTRICT, by="handler"), 403, "only-aggregates")
    refused(await town.get("/reports/totals", RESIDENT), 403, "forbidden")


async def test_unanswered_matters_are_listed_until_somebody_answers(town: Town) -> None:
    first, second = await town.report(RESIDENT), await town.report(NEIGHBOUR)
    await counted(town)
    found = done(await town.get("/reports/unanswered", CHAIR, limit=1))
    assert (found["n"], [one["issue_id"] for one in found["items"]]) == (2, [first["id"]])
    rest = done(await town.get("/reports/unanswered", CHAIR, limit=1, cursor=found["next_cursor"]))
    assert [one["issue_id"] for one in rest["items"]] == [second["id"]]
    assert done(await town.client_get(rest["items"][0]["link"], OFFICER))["number"] == second["number"]
    done(await town.post(f"/issues/{first['id']}/resolve", OFFICER, SOLVED))
    done(await town.post(f"/issues/{second['id']}/withdraw", NEIGHBOUR, {"reason": None}))
    await counted(town)
    assert done(await town.get("/reports/unanswered", OFFICER))["n"] == 0
    repeats = done(await town.get("/reports/repeats", OFFICER))
    assert [one["issue_id"] for one in repeats["items"]] == [second["id"]]


async def test_hot_spots_divide_by_the_profile_of_the_time(town: Town) -> None:
    await town.report(RESIDENT)
    await town.report(NEIGHBOUR, place={"text": "小区门口"})
    today = town.clock.now().astimezone(CHINA).date()
    await town.tell(
        remember_the_figures_of_a_date,
        CommunityProfileRecorded(
            community_id=new_id(),
            figures_as_of=today + timedelta(days=1),
            area_km2=0.4,
            households=1,
            residents=1,
            party_members=51,
            party_members_own=16,
            party_members_on_duty=35,
        ),
    )
    await counted(town)
    found = done(await town.get("/reports/hot-spots", OFFICER))
    assert [(one["building_id"], one["registered"]) for one in found["items"]] == [(str(BUILDING), 1)]
    assert found["items"][0]["label"]["zh"] == "12号楼"
    assert found["density"]["profile_as_of"] == "2023-12-31"
    assert found["density"]["per_1000_households"] == 1000 * 2 / 5196


async def test_the_year_before_may_be_imported_and_says_so(town: Town) -> None:
    body = {
        "metric": "solved",
        "first_day": "2025-11-01",
        "last_day": "2025-11-30",
        "numerator": 40,
        "source": "市考核通报",
    }
    wrong = await town.post("/reports/baselines", ADMIN, {**body, "denominator": 30})
    assert (wrong.status, list(wrong.fields)) == (422, ["denominator"])
    done(await town.post("/reports/baselines", ADMIN, {**body, "denominator": 50}), 201)
    petitions = {"metric": "petitions", "source": "信访办"}
    for year, count in ((2025, 10), (2026, 4)):
        days = {"first_day": f"{year}-11-01", "last_day": f"{year}-11-30"}
        done(await town.post("/reports/baselines", ADMIN, {**petitions, **days, "numerator": count}), 201)
    november = {"from": "2026-11-01", "to": "2026-11-30"}
    report = done(await town.get("/reports/rates", OFFICER, **november))
    before = {rate["metric"]: rate["before"] for rate in report["items"][0]["rates"]}
    assert (before["solved"]["value"], before["solved"]["imported"], before["solved"]["source"]) == (
        0.8,
        True,
        "市考核通报",
    )
    assert (before["returned"]["n"], before["returned"]["imported"], before["returned"]["value"]) == (0, False, None)
    changes = done(await town.get("/reports/changes", SUBDISTRICT, **november))
    change = {one["code"]: one for one in changes["items"]}["petitions"]
    assert (change["now"], change["before"], change["change"], change["before_source"]) == (4, 10, -0.6, "信访办")


async def test_the_subdistrict_sees_no_people_and_no_small_numbers(town: Town) -> None:
    await handled(town)
    town.clock.advance(timedelta(days=20))
    await counted(town)
    for by in ("handler", "building"):
        refused(await town.get("/reports/rates", SUBDISTRICT, by=by), 403, "only-aggregates")
    refused(await town.get("/reports/hot-spots", SUBDISTRICT), 403, "only-aggregates")
    refused(await town.get("/reports/unanswered", SUBDISTRICT), 403, "forbidden")
    refused(await town.get("/reports/rates", RESIDENT), 403, "forbidden")
    hidden = (await figures(town, SUBDISTRICT, by="category"))["street_light"]["solved"]
    assert (hidden["suppressed"], hidden["value"], hidden["n"]) == (True, None, None)
    assert (await figures(town, SUBDISTRICT))[""]["solved"]["n"] == 1


async def test_periods_are_checked(town: Town) -> None:
    for params in ({"from": "2026-12-01", "to": "2026-11-01"}, {"from": "2000-01-01"}, {"by": "moon"}, {"from": "x"}):
        answer = await town.get("/reports/rates", OFFICER, **params)
        assert answer.status == 422, params
        assert len(answer.fields) == 1


async def test_long_breakdowns_come_in_pages(town: Town) -> None:
    for category in ("noise", "rubbish", "street_light"):
        await town.report(RESIDENT, category=category)
    await counted(town)
    first = done(await town.get("/reports/rates", OFFICER, by="category", limit=2))
    rest = done(await town.get("/reports/rates", OFFICER, by="category", limit=2, cursor=first["next_cursor"]))
    assert [row["key"] for row in first["items"] + rest["items"]] == ["noise", "rubbish", "street_light"]
    assert first["items"][0]["label"] == {"zh": "噪音扰民", "en": "Noise"}
    groups = await figures(town, by="category_group")
    assert groups["environment"]["proactive"]["n"] == 2
