"""The community whistles and a named unit reports in (社区吹哨、服务即到): every call has an arrival clock."""

from dataclasses import dataclass
from typing import Any

from deploy.demo.client import Person, check
from deploy.demo.telling import Teller


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays; the partner answers for the power company."""

    officer: Person
    partner: Person


async def play(cast: Cast, issue: dict[str, Any], teller: Teller) -> None:
    """Call the power company for a hazard, until it is done and rated."""
    teller.chapter("五、吹哨报到", "The community whistles, the unit reports in")
    officer, partner = cast.officer, cast.partner
    organisations = (await officer.get("/organisations?limit=100"))["items"]
    company = next((one["id"] for one in organisations if one["name"]["zh"] == "市供电公司"), None)
    check(company, "there is no power company")
    await officer.post(f"/issues/{issue['id']}/accept", {"tier": "danger"})
    call = {"units": [company], "level": "red", "why": "线头裸露，请派电工断电处置", "place": "3号楼一单元门口"}
    blown = await officer.post(f"/issues/{issue['id']}/whistle", call)
    path = f"/whistles/{blown['id']}"
    clock = (await partner.get(path))["units"][0]["clock"]
    check(clock["due_at"] > clock["started_at"], "the arrival clock does not run")
    teller.step(
        officer.name_zh,
        officer.name_en,
        f"为 {issue['number']} 吹哨市供电公司，30分钟内到场",
        f"whistles for the power company on {issue['number']}: on site within 30 minutes",
    )
    await partner.post(f"{path}/acknowledge", {})
    code = await officer.post(f"{path}/place-code", {})
    await partner.post(f"{path}/report-in", {"place_code": code["code"]})
    await partner.post(f"{path}/done", {"result": "已断电并更换插座，线路恢复"})
    await officer.post(f"{path}/rate", {"organisation": company, "score": 5})
    whistle = await officer.get(path)
    unit = whistle["units"][0]
    check(unit["state"] == "done" and whistle["state"] == "closed", f"the whistle is {whistle['state']}")
    check(unit["clock"]["missed_at"] is None and unit["rating_of_unit"]["score"] == 5, "arrival or rating is missing")
    teller.step(
        partner.name_zh,
        partner.name_en,
        f"扫现场码报到，用时 {unit['clock']['minutes']} 分钟，处置完毕，获评 5 分",
        f"reports in by the code on site after {unit['clock']['minutes']} minutes, finishes the work, is rated 5",
    )
