"""Whoever reports without a name is named nowhere: every address of the service is asked by everybody who reads."""

from datetime import timedelta
from typing import Any

import pytest

from services.issues.tests.builders import (
    ADMIN,
    BUILDING,
    CENTRE_HOUSEHOLD,
    CHAIR,
    HANDLER,
    NEIGHBOUR,
    OFFICER,
    RESIDENT,
    SECRETARY,
    VERIFIER,
)
from services.issues.tests.integration.test_exports import export, sheet_of
from services.issues.tests.integration.test_the_way_of_an_issue import FOUR
from services.issues.tests.integration.town import Town, done
from shared.ids import new_id
from shared.principal import Principal, Role
from shared.testing.principals import a_principal

WORKER = a_principal(Role.GRID_WORKER, person=new_id())
"""A grid worker who reports for themselves: then whoever filed is who reports."""
EVERYBODY = (OFFICER, SECRETARY, ADMIN, CHAIR, VERIFIER, CENTRE_HOUSEHOLD, HANDLER, NEIGHBOUR)
NEEDED = {
    "building_id": str(BUILDING),
    "category": "street_light",
    "q": "路灯",
    "from": "2026-11-01",
    "to": "2026-12-31",
    "since": "2026-11-01",
    "until": "2026-12-31",
    "by": "category",
    "organisation": None,
}


async def went_through_much(town: Town, reporter: Principal) -> Any:
    """An issue whose reporter asked, answered, urged and rated, and which has gone into its second round."""
    issue = await town.report(reporter, anonymous=True, consent="with_building", contact={"phone": "13912345678"})
    path = f"/issues/{issue['id']}"
    town.clock.advance(timedelta(days=1))
    done(await town.post(f"{path}/urge", reporter, {"note": "还没有人来"}))
    done(await town.post(f"{path}/join", NEIGHBOUR))
    done(await town.post(f"{path}/accept", OFFICER, {"tier": "general"}))
    done(await town.post(f"{path}/publish", OFFICER, {"title": "路灯", "summary": "不亮", "shows_building": True}))
    later = {**FOUR, "deadline": (town.clock.now() + timedelta(days=3)).isoformat()}
    done(await town.post(f"{path}/assign", OFFICER, later))
    done(await town.post(f"{path}/sign", HANDLER, {}))
    done(await town.post(f"{path}/ask", HANDLER, {"question": "哪一盏？"}))
    done(await town.post(f"{path}/answer", reporter, {"answer": "北侧"}))
    resolved = {"outcome": "solved", "public_reply": "已修好", "level": "compound"}
    done(await town.post(f"{path}/resolve", HANDLER, resolved))
    return done(await town.post(f"{path}/rate", reporter, {"solved": False, "satisfaction": 2}))


def questions(town: Town, issue_id: str) -> list[tuple[str, dict[str, Any]]]:
    """Every address that can be read, with what it needs to be asked."""
    found = []
    for path, methods in town.app.openapi()["paths"].items():
        below = path.partition("/communities/{community}")[2].replace("{issue_id}", issue_id)
        if "get" in methods and below and "{" not in below:
            asked = {p["name"] for p in methods["get"].get("parameters", ()) if p["in"] == "query"}
            required = {p["name"] for p in methods["get"].get("parameters", ()) if p.get("required")}
            wanted = {name: value for name, value in NEEDED.items() if name in asked & required and value}
            found.append((below, wanted))
    return found


@pytest.mark.parametrize("reporter", [RESIDENT, WORKER], ids=["resident", "grid worker"])
async def test_no_address_names_whoever_reported_without_a_name(town: Town, reporter: Principal) -> None:
    issue = await went_through_much(town, reporter)
    answered: set[str] = set()
    for below, wanted in questions(town, issue["id"]):
        for who in EVERYBODY:
            answer = await town.get(below, who, **wanted)
            assert answer.status < 500, (below, answer.body)
            if answer.status == 200:
                answered.add(below)
            said = answer.body.decode(errors="replace")
            assert str(reporter.person) not in said, (below, who.roles)
            assert "5678" not in said or who is OFFICER, (below, who.roles)
    path = f"/issues/{issue['id']}"
    told = {path, f"{path}/history", f"{path}/clocks", f"{path}/work", f"{path}/progress", f"{path}/card"}
    assert told | {"/issues", "/issues/search", "/cards", "/open311/requests", "/reports/unanswered"} <= answered
    assert len(answered) > 30
    assert str(reporter.person) in (await town.get(path, reporter)).body.decode()


async def test_no_export_names_them(town: Town) -> None:
    await went_through_much(town, RESIDENT)
    job = await export(town, SECRETARY, unmasked=True, purpose="年度归档核对")
    said = str(await sheet_of(town, job, SECRETARY))
    assert "翡翠物业" in said
    assert str(RESIDENT.person) not in said
    assert "5678" not in said
