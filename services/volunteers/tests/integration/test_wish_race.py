"""Two hundred people want the same wish: exactly one gets it."""

import asyncio
from collections import Counter
from collections.abc import Callable

from services.volunteers.tests.integration.running import Neighbour
from shared.principal import Role


async def test_of_two_hundred_people_one_gets_the_wish(
    resident: Neighbour, officer: Neighbour, somebody: Callable[..., Neighbour]
) -> None:
    wish_id = await resident.wishes()
    await officer.post(f"/wishes/{wish_id}/publish", {})
    people = [somebody(Role.VOLUNTEER) for _ in range(200)]
    answers = await asyncio.gather(*(person.post(f"/wishes/{wish_id}/claim") for person in people))
    assert Counter((answer.status, answer.slug) for answer in answers) == {
        (200, ""): 1,
        (409, "wish-already-claimed"): 199,
    }
    (winner,) = [person for person, answer in zip(people, answers, strict=True) if answer.status == 200]
    assert (await officer.get(f"/wishes/{wish_id}")).json()["claimed_by"] == str(winner.person)
    (claim,) = (await winner.get("/wishes/my-claims")).json()["items"]
    assert claim["outcome"] == "open"


async def test_one_person_racing_for_many_wishes_gets_no_more_than_the_cap(
    resident: Neighbour, officer: Neighbour, volunteer: Neighbour
) -> None:
    wishes = [await resident.wishes() for _ in range(10)]
    for wish_id in wishes:
        await officer.post(f"/wishes/{wish_id}/publish", {})
    answers = await asyncio.gather(*(volunteer.post(f"/wishes/{wish_id}/claim") for wish_id in wishes))
    assert Counter((answer.status, answer.slug) for answer in answers) == {
        (200, ""): 3,
        (409, "too-many-open-claims"): 7,
    }
