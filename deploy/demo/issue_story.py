"""A street lamp is dark: report, tier, Wednesday's table, a meeting that refuses to close, assignment, result, rating."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.demo.client import Person, check
from deploy.demo.telling import Teller
from shared.clock import CHINA

WORDS = "12号楼北侧路灯不亮"


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays."""

    resident: Person
    officer: Person
    chair: Person
    handler: Person


async def play(cast: Cast, teller: Teller) -> dict[str, Any]:
    """The whole story; returns the issue as it ended."""
    teller.chapter("一、诉求：呼—议—应—为", "An issue: called, discussed, answered, done")
    issue = await _report(cast, teller)
    path = f"/issues/{issue['id']}"
    meeting = await _bring_to_the_table(cast, teller, path)
    await _decide(cast, teller, path, meeting)
    await _do_the_work(cast, teller, path)
    return await _rate(cast, teller, path)


async def _report(cast: Cast, teller: Teller) -> dict[str, Any]:
    resident = cast.resident
    buildings = (await resident.get("/buildings?limit=100"))["items"]
    building = next((one for one in buildings if one["name"] == "12号楼"), None)
    check(building, "12号楼 is not among the buildings")
    place = {"building_id": building["id"], "text": "北侧"} if building else {}
    made = await resident.post("/issues", {"category": "street_light", "place": place, "text": WORDS})
    issue: dict[str, Any] = await resident.get(f"/issues/{made['id']}")
    check(issue["state"] == "registered" and issue["text"] == WORDS, "the issue is not on record")
    teller.step(
        resident.name_zh,
        resident.name_en,
        f"反映“{WORDS}”，登记为 {issue['number']}",
        f"reports a dark street lamp north of building 12; it is on record as {issue['number']}",
    )
    return issue


async def _bring_to_the_table(cast: Cast, teller: Teller, path: str) -> dict[str, Any]:
    officer, chair = cast.officer, cast.chair
    await officer.post(f"{path}/accept", {"tier": "general"})
    issue = await officer.get(path)
    check(issue["state"] == "accepted" and issue["tier"] == "general", "the issue is not accepted")
    teller.step(
        officer.name_zh, officer.name_en, "受理，定为一般事项（7天）", "accepts it as a general matter (7 days)"
    )

    starts_at = next_wednesday(datetime.now(UTC))
    participants = [
        {"person_id": str(chair.id), "seat": "secretary"},
        {"person_id": str(officer.id), "seat": "officer"},
        {"person_id": str(cast.handler.id), "seat": "property_manager"},
        {"person_id": str(cast.resident.id), "seat": "resident_representative"},
    ]
    body = {
        "kind": "wednesday",
        "starts_at": starts_at.isoformat(),
        "place": "社区议事厅",
        "participants": participants,
    }
    meeting = await officer.post("/meetings", body)
    await officer.post(f"{path}/place-on-agenda", {"meeting_id": meeting["id"]})
    meeting = await officer.get(f"/meetings/{meeting['id']}")
    check(len(meeting["items"]) == 1, "the issue is not on the agenda")
    check((await officer.get(path))["state"] == "on_agenda", "the issue does not say that it is on the agenda")
    local = starts_at.astimezone(CHINA)
    teller.step(
        officer.name_zh,
        officer.name_en,
        f"列入{local:%m月%d日}“相约星期三”圆桌会议",
        f"puts it on the round table of Wednesday, {local:%d %B}",
    )
    found: dict[str, Any] = meeting
    return found


async def _decide(cast: Cast, teller: Teller, path: str, meeting: Mapping[str, Any]) -> None:
    chair, handler = cast.chair, cast.handler
    meeting_path = f"/meetings/{meeting['id']}"
    item_path = f"{meeting_path}/items/{meeting['items'][0]['id']}"
    refusal = await chair.refused(f"{meeting_path}/close")
    check(refusal.status == 409, f"closing was answered with {refusal.status}")
    item = (await chair.get(meeting_path))["items"][0]
    check(
        set(item["lacks"]) >= {"responsible_organisation", "deadline", "plan"}, f"the item lacks only {item['lacks']}"
    )
    check((await chair.get(meeting_path))["state"] == "convened", "the meeting was closed all the same")
    teller.step(
        chair.name_zh,
        chair.name_en,
        f"想闭会，被拒绝：{refusal.problem['errors'][0]['message']}",
        f"tries to close the meeting and is refused: the item lacks {', '.join(item['lacks'])}",
    )

    organisations = (await chair.get("/organisations?limit=100"))["items"]
    property_company = next((one for one in organisations if one["kind"] == "property"), None)
    check(property_company, "there is no property company")
    owner = property_company["id"] if property_company else ""
    deadline = (datetime.now(UTC) + timedelta(days=7)).replace(microsecond=0)
    four = {
        "decision": "assigned",
        "record": "居民代表反映北侧路灯损坏两周，老人夜间出行不便",
        "responsible_organisation": owner,
        "deadline": deadline.isoformat(),
        "plan": "两日内采购灯具，三日内更换并检查线路",
    }
    await chair.post(f"{item_path}/decide", four)
    check(not (await chair.get(meeting_path))["items"][0]["lacks"], "the item still lacks something")
    await chair.post(f"{meeting_path}/close", {"without_quorum_reason": "演示：不等到星期三"})
    check((await chair.get(meeting_path))["state"] == "closed", "the meeting is not closed")
    listed = (await chair.get(f"{meeting_path}/countermeasures"))["items"]
    check(len(listed) == 1 and listed[0]["responsible_organisation"] == owner, "the countermeasure list is wrong")
    issue = await handler.get(path)
    check(issue["state"] == "assigned" and issue["assignment"]["responsible_organisation"] == owner, "not assigned")
    teller.step(
        chair.name_zh,
        chair.name_en,
        f"补齐记录、责任单位、时限、计划后闭会，对策清单 1 项，派给{listed[0]['responsible_name']}",
        "gives it all four and closes; the countermeasure list has one line, the property company owns it",
    )


async def _do_the_work(cast: Cast, teller: Teller, path: str) -> None:
    handler = cast.handler
    await handler.post(f"{path}/sign")
    check((await handler.get(path))["state"] == "in_progress", "the issue is not in progress")
    teller.step(handler.name_zh, handler.name_en, "签收，开始办理", "signs for it and starts")
    result = {
        "outcome": "solved",
        "public_reply": "已更换12号楼北侧灯具并检查线路，夜间照明恢复。",
        "level": "compound",
        "quantity": {"kind": "light_repaired", "amount": 1},
    }
    await handler.post(f"{path}/resolve", result)
    issue = await handler.get(path)
    check(issue["state"] == "resolved" and issue["outcome"] == "solved", "the issue is not resolved")
    check(issue["resolution"]["quantity"]["amount"] == 1, "the result is not counted")
    teller.step(
        handler.name_zh,
        handler.name_en,
        "办结待核实：修复路灯 1 盏，公开答复居民",
        "resolves it: one lamp repaired, with a public reply",
    )


async def _rate(cast: Cast, teller: Teller, path: str) -> dict[str, Any]:
    resident = cast.resident
    await resident.post(f"{path}/rate", {"solved": True, "satisfaction": 5, "comment": "当天就亮了"})
    issue: dict[str, Any] = await resident.get(path)
    check(issue["state"] == "closed" and issue["rating"]["satisfaction"] == 5, "the rating is not there")
    check(all(step["at"] for step in issue["trail"]), "the four-step trail is not complete")
    trail = "→".join(step["label"]["zh"] for step in issue["trail"])
    teller.step(
        resident.name_zh,
        resident.name_en,
        f"评价：已解决，满意度 5 分；{trail} 走完",
        "rates it: solved, 5 of 5; closed",
    )
    return issue


def next_wednesday(now: datetime) -> datetime:
    """The coming Wednesday, 15:00 in the community's zone; next week's when today is Wednesday."""
    local = now.astimezone(CHINA)
    days = (2 - local.weekday()) % 7 or 7
    return (local + timedelta(days=days)).replace(hour=15, minute=0, second=0, microsecond=0).astimezone(UTC)
