"""A banquet of neighbours: published, two households sign up, one checks in."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.demo.client import Person, check
from deploy.demo.telling import Teller
from shared.ids import new_id


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays."""

    organiser: Person
    first: Person
    second: Person


async def play(cast: Cast, teller: Teller) -> dict[str, Any]:
    """The whole story; returns the event."""
    teller.chapter("三、邻里百家宴", "A banquet of neighbours")
    organiser = cast.organiser
    start = (datetime.now(UTC) + timedelta(hours=1)).replace(second=0, microsecond=0)
    body = {
        "kind": "banquet",
        "title": "邻里百家宴",
        "place": "中心广场",
        "starts_at": start.isoformat(),
        "ends_at": (start + timedelta(hours=3)).isoformat(),
        "capacity": 60,
        "programme": "睦邻而莱 水润万家",
    }
    made = await organiser.post("/events", body)
    path = f"/events/{made['id']}"
    await organiser.post(f"{path}/publish")
    event: dict[str, Any] = await cast.first.get(path)
    check(event["state"] == "published", "the event is not published")
    teller.step(
        organiser.name_zh, organiser.name_en, "发布邻里百家宴，名额 60 人", "publishes a banquet for 60 persons"
    )
    registration = await _sign_up(cast.first, teller, path, persons=3, dish="红烧鲤鱼")
    await _sign_up(cast.second, teller, path, persons=2, dish="地三鲜")
    await organiser.post(f"{path}/registrations/{registration['id']}/check-ins", {"nonce": str(new_id()), "persons": 3})
    numbers = await organiser.get(f"{path}/attendance")
    check(numbers["registered"] == {"households": 2, "persons": 5}, f"wrong numbers: {numbers['registered']}")
    check(numbers["present"]["person_times"] == 3, f"wrong numbers: {numbers['present']}")
    teller.step(
        organiser.name_zh,
        organiser.name_en,
        "为第一户签到 3 人：报名 2 户 5 人，到场 3 人次",
        "checks the first household in: 2 households with 5 persons registered, 3 present",
    )
    return event


async def _sign_up(person: Person, teller: Teller, path: str, *, persons: int, dish: str) -> dict[str, Any]:
    made = await person.post(f"{path}/registrations", {"persons": persons, "dish": dish})
    mine = (await person.get("/events/registrations/mine"))["items"]
    check(any(one["id"] == made["id"] and one["state"] == "confirmed" for one in mine), "the registration is not there")
    teller.step(
        person.name_zh, person.name_en, f"报名 {persons} 人，带一道{dish}", f"signs up {persons} persons with a dish"
    )
    registration: dict[str, Any] = made
    return registration
