"""Before anybody complains: a grid worker's round finds a hazard, and a survey asks households what came of it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.demo.client import Person, check
from deploy.demo.telling import Teller

HAZARD = "3号楼一单元电动车飞线充电，线头裸露"


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays."""

    grid_worker: Person
    officer: Person
    resident: Person


async def play(cast: Cast, teller: Teller) -> dict[str, Any]:
    """A round and a survey; returns the issue that the round found."""
    teller.chapter("四、未诉先办：巡查与问卷", "Before anybody complains: a round and a survey")
    issue = await _walk(cast, teller)
    await _ask(cast, teller)
    return issue


async def _walk(cast: Cast, teller: Teller) -> dict[str, Any]:
    worker, officer = cast.grid_worker, cast.officer
    walk = await worker.post("/patrols/rounds", {})
    path = f"/patrols/{walk['id']}"
    for stop in walk["route"]:
        await worker.post(f"{path}/visit", {"grid_id": stop["grid_id"]})
    await worker.post(f"{path}/trifles", {"category": "environment", "text": "清理楼道纸箱"})
    hazard = {"kind": "hazard", "category": "e_bike_charging", "place": {"text": "3号楼一单元"}, "text": HAZARD}
    found = await worker.post(f"{path}/findings", hazard)
    await worker.post(f"{path}/finish", {})
    walk = await officer.get(path)
    check(walk["state"] == "done" and all(stop["visited_at"] for stop in walk["route"]), "the round is not walked")
    issue: dict[str, Any] = await officer.get(f"/issues/{found['issue_id']}")
    check((issue["source"], issue["kind"]) == ("patrol", "hazard"), "the hazard did not become an issue")
    teller.step(
        worker.name_zh,
        worker.name_en,
        f"日常巡查走完 {len(walk['route'])} 个网格，小事一键记录，隐患一步转为诉求 {issue['number']}",
        f"walks the round of {len(walk['route'])} grid(s); a trifle is one tap, a hazard becomes {issue['number']}",
    )
    return issue


async def _ask(cast: Cast, teller: Teller) -> None:
    officer, resident = cast.officer, cast.resident
    households = (await officer.get("/profiles?limit=1"))["items"][0]["households"]
    survey = await officer.post(
        "/surveys",
        {
            "kind": "effect",
            "title": "物业服务满意度",
            "population": {"households": households, "as_of": "2025-12-31", "source": "社区台账"},
            "questions": [{"kind": "scale", "text": "您对物业服务是否满意"}],
        },
    )
    path = f"/surveys/{survey['id']}"
    await officer.post(f"{path}/open", {"closes_at": (datetime.now(UTC) + timedelta(days=7)).isoformat()})
    await resident.post(f"{path}/answers", {"answers": [{"question": 1, "answer": ["5"]}]})
    again = await resident.refused(f"{path}/answers", {"answers": [{"question": 1, "answer": ["1"]}]})
    check(again.slug == "household-already-answered", f"the second answer was refused with {again.slug}")
    await officer.post(f"{path}/close", {})
    results = await resident.get(f"{path}/results")
    rate, satisfied = results["response_rate"], results["questions"][0]["satisfied"]
    check((rate["numerator"], rate["denominator"]) == (1, households), "the response rate is not one of all")
    check(satisfied["too_small"], "one answer passes for a sample")
    teller.step(
        officer.name_zh,
        officer.name_en,
        f"问卷一户一份：{households} 户中 {rate['numerator']} 户作答，样本不足，如实标注",
        f"asks in a survey: {rate['numerator']} of {households} households answered, marked as too small a sample",
    )
