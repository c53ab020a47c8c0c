"""The same command twice, and fifty times at once: one effect, one answer."""

import asyncio

import asyncpg

from services.gateway.tests.builders import a_community, a_person
from services.gateway.tests.integration.running import Town
from shared.testing.databases import Database


async def test_fifty_twins_make_one_compound(town: Town, database: Database) -> None:
    body = {"name": "翡翠城南区"}
    answers = await asyncio.gather(*(town.operator.post(f"{town.path}/compounds", body, key="same") for _ in range(50)))
    done = [answer for answer in answers if answer.status == 201]
    assert len(done) + sum(answer.slug == "request-in-progress" for answer in answers) == 50
    assert done
    assert len({answer.body for answer in done}) == 1
    listed = (await town.operator.get(f"{town.path}/compounds")).json()["items"]
    assert len(listed) == 1
    superuser = await asyncpg.connect(database.plain(database.superuser_url))
    try:
        told = await superuser.fetchval(
            "SELECT count(*) FROM outbox WHERE community = $1 AND type = 'gateway.compound_added.v1'", town.slug
        )
    finally:
        await superuser.close()
    assert told == 1


async def test_fifty_twins_found_one_community(town: Town) -> None:
    body = a_community(town.subdistrict["id"], "twin-" + town.slug, "T" + town.community["code"][:5])
    answers = await asyncio.gather(*(town.operator.post("/communities", body, key="found") for _ in range(50)))
    assert {answer.status for answer in answers} <= {201, 409}
    assert len({answer.body for answer in answers if answer.status == 201}) == 1


async def test_a_key_means_one_request(town: Town) -> None:
    first = await town.operator.post(f"{town.path}/grids", {"name": "第一网格"}, key="same")
    other = await town.operator.post(f"{town.path}/grids", {"name": "第二网格"}, key="same")
    elsewhere = await town.operator.post(f"{town.path}/compounds", {"name": "南区"}, key="same")
    assert (first.status, other.status, elsewhere.status) == (201, 422, 201)
    assert other.slug == "idempotency-key-reused"


async def test_a_person_is_created_once_although_the_password_is_not_kept(town: Town) -> None:
    body = a_person("once-" + town.slug[:12], "resident")
    answers = [await town.operator.post(f"{town.path}/persons", body, key="one") for _ in range(2)]
    assert [answer.status for answer in answers] == [201, 201]
    assert answers[1].headers["idempotency-replayed"] == "true"
    other = await town.operator.post(f"{town.path}/persons", {**body, "password": "other-lantern-9"}, key="one")
    assert other.slug == "idempotency-key-reused"


async def test_of_two_who_end_the_same_membership_one_is_late(town: Town) -> None:
    person = await town.somebody("volunteer")
    (held,) = (await town.operator.get(f"{town.path}/memberships", person_id=person.id)).json()["items"]
    path = f"{town.path}/memberships/{held['id']}/end"
    answers = await asyncio.gather(*(town.operator.post(path, if_match='"1"') for _ in range(2)))
    assert sorted(answer.status for answer in answers) in ([200, 409], [200, 412])
