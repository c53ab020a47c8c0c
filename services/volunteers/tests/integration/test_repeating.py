"""Repeating a command: one effect and the same answer; and versions that people base their changes on."""

import asyncio
from typing import Any

from services.volunteers.tests.builders import a_wish_body
from services.volunteers.tests.integration.ledgers import give
from services.volunteers.tests.integration.running import Neighbour, Stores
from shared.ids import new_id
from shared.principal import Role


async def test_a_repeated_wish_gets_the_same_answer_and_another_body_is_refused(resident: Neighbour) -> None:
    key = {"Idempotency-Key": str(new_id())}
    first, second = [await resident.post("/wishes", a_wish_body(), headers=key) for _ in range(2)]
    assert (first.status, second.status, second.body) == (201, 201, first.body)
    assert second.headers["idempotency-replayed"] == "true"
    assert first.headers["location"].endswith(f"/wishes/{first.json()['id']}")
    other = await resident.post("/wishes", a_wish_body(title="轮椅"), headers=key)
    assert (other.status, other.slug) == (422, "idempotency-key-reused")
    assert len((await resident.get("/wishes/mine")).json()["items"]) == 1


async def test_the_same_debit_fifty_times_at_once_takes_the_points_once(
    stores: Stores, points_officer: Neighbour, volunteer: Neighbour
) -> None:
    await give(stores, volunteer.community, volunteer.person, 50)
    key = {"Idempotency-Key": str(new_id())}
    body = {"person": str(volunteer.person), "points": 10, "reason": "茶"}
    answers = await asyncio.gather(*(points_officer.post("/points/debits", body, headers=key) for _ in range(50)))
    assert {answer.status for answer in answers} == {201}
    assert len({answer.body for answer in answers}) == 1
    assert (await volunteer.points())["balance"] == 40


async def test_the_same_claim_fifty_times_at_once_is_one_claim(
    resident: Neighbour, officer: Neighbour, volunteer: Neighbour
) -> None:
    wish_id = await resident.wishes()
    await officer.post(f"/wishes/{wish_id}/publish", {})
    key = {"Idempotency-Key": str(new_id())}
    answers = await asyncio.gather(*(volunteer.post(f"/wishes/{wish_id}/claim", headers=key) for _ in range(50)))
    assert {answer.status for answer in answers} == {200}
    assert len((await volunteer.get("/wishes/my-claims")).json()["items"]) == 1


async def test_a_refused_command_may_be_tried_again_with_the_same_key(
    stores: Stores, points_officer: Neighbour, volunteer: Neighbour
) -> None:
    await stores.enrol(volunteer.person, Role.VOLUNTEER)
    key = {"Idempotency-Key": str(new_id())}
    body = {"person": str(volunteer.person), "points": 10, "reason": "茶"}
    assert (await points_officer.post("/points/debits", body, headers=key)).slug == "insufficient-points"
    await give(stores, volunteer.community, volunteer.person, 10)
    assert (await points_officer.post("/points/debits", body, headers=key)).status == 201


async def test_every_step_of_a_wish_checks_the_version_it_is_based_on(
    resident: Neighbour, officer: Neighbour, volunteer: Neighbour
) -> None:
    wish_id = await resident.wishes()
    assert (await resident.get(f"/wishes/{wish_id}")).headers["etag"] == '"1"'
    steps: tuple[tuple[Neighbour, str, Any], ...] = (
        (officer, "decline", {"reason": "重复"}),
        (officer, "publish", {}),
        (volunteer, "claim", None),
        (volunteer, "release", None),
        (volunteer, "deliver", {"proof": "送到"}),
        (resident, "confirm", {}),
    )
    for who, verb, body in steps:
        refused = await who.post(f"/wishes/{wish_id}/{verb}", body, headers={"If-Match": '"7"'})
        assert (refused.status, refused.slug) == (412, "version-mismatch"), verb
    published = await officer.post(f"/wishes/{wish_id}/publish", {}, headers={"If-Match": '"1"'})
    assert (published.status, published.headers["etag"]) == (200, '"2"')


async def test_two_reviewers_at_once_do_not_undo_each_other(resident: Neighbour, officer: Neighbour) -> None:
    wish_id = await resident.wishes()
    answers = await asyncio.gather(
        officer.post(f"/wishes/{wish_id}/publish", {}), officer.post(f"/wishes/{wish_id}/decline", {"reason": "重复"})
    )
    assert sorted(answer.status for answer in answers) == [200, 409]
