"""Everybody concerned finds it in the inbox."""

from typing import Any

from deploy.demo.client import Person, check, seen
from deploy.demo.telling import Teller


async def play(expected: list[tuple[Person, str, int]], teller: Teller) -> None:
    """Each person has at least so many notices whose link or text holds the given piece."""
    teller.chapter("六、各自的消息", "Everybody's inbox")
    for person, piece, least in expected:

        async def found(person: Person = person, piece: str = piece, least: int = least) -> list[dict[str, Any]] | None:
            items = (await person.get("/notifications?limit=100"))["items"]
            about = [one for one in items if piece in f"{one['link']} {one['title_zh']} {one['body_zh']}"]
            return about if len(about) >= least else None

        notices = await seen(found, f"{least} notices about {piece} for {person.name_en}")
        check(len({one["id"] for one in notices}) == len(notices), "a notice is there twice")
        newest = notices[0]
        teller.step(
            person.name_zh,
            person.name_en,
            f"收到 {len(notices)} 条消息，最新：{newest['title_zh']}",
            f"has {len(notices)} notices, the newest: {newest['title_en']}",
        )
