"""The path of the demo through the real service: a banquet is published, households sign up, one arrives."""

from collections.abc import Callable

from services.events.tests.integration.running import Neighbour


async def test_a_banquet_from_draft_to_finish(
    organiser: Neighbour, resident: Neighbour, another: Callable[[], Neighbour]
) -> None:
    event_id = await organiser.publishes_for_now(capacity=6)
    neighbour, late = another(), another()

    first = await resident.registers(event_id, 4, dish="红烧鲤鱼", table=3)
    assert (first.status, first.json()["state"], first.json()["rank"]) == (201, "confirmed", None)
    second = await neighbour.registers(event_id, 3)
    assert (second.status, second.json()["state"], second.json()["rank"]) == (201, "waitlisted", 1)
    third = await late.registers(event_id, 1)
    assert third.json()["rank"] == 2, "one person would fit, but nobody overtakes"

    door = f"/{event_id}/registrations/{first.json()['id']}/check-ins"
    arrived = await organiser.post(door, {"nonce": "first-scan", "persons": 3})
    assert (arrived.status, arrived.json()["present_persons"]) == (201, 3)
    again = await organiser.post(door, {"nonce": "first-scan", "persons": 3})
    assert again.json() == arrived.json()
    too_many = await organiser.post(door, {"nonce": "other-scan", "persons": 2})
    assert (too_many.status, too_many.slug) == (409, "more-than-registered")

    numbers = (await organiser.get(f"/{event_id}/attendance")).json()
    assert numbers["registered"] == {"households": 1, "persons": 4}
    assert numbers["waitlisted"] == {"households": 2, "persons": 4}
    assert numbers["present"] == {"person_times": 3, "registrants": 1, "households": 1, "buildings": 0}
