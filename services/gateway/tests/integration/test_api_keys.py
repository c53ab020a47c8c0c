"""Programs of partner units: one community, one role, until a date, and gone when revoked."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from services.gateway.tests.integration.running import (
    OPERATOR,
    OPERATOR_PASSWORD,
    Somebody,
    Town,
    a_town,
    log_in,
    running,
    settings_for,
)
from shared.clock import FrozenClock
from shared.testing.client import Client
from shared.testing.fixtures import MakeDatabase


async def a_key(town: Town, **changes: object) -> dict[str, str]:
    organisation = await town.operator.made(
        f"{town.path}/organisations", {"kind": "unit", "name": "市供电公司", "name_en": "Power Supply"}
    )
    body = {"name": "抢修系统", "role": "partner", "organisation_id": organisation["id"], **changes}
    return {**await town.operator.made(f"{town.path}/api-keys", body), "organisation": organisation["id"]}


async def test_a_key_acts_in_its_community_for_its_organisation(client: Client, town: Town) -> None:
    key = await a_key(town, scope={"category": "power"})
    assert key["secret"].startswith("mlk_")
    assert len(key["secret"]) >= 4 + 43
    program = Somebody(client, key["secret"])
    me = (await program.get("/me")).json()
    assert (me["kind"], me["id"], me["person"]) == ("api_key", key["id"], None)
    (held,) = me["memberships"]
    assert (held["community"], held["role"], held["scope"]) == (town.slug, "partner", {"category": "power"})
    assert held["organisation"]["id"] == key["organisation"]
    assert (await program.get(f"{town.path}/buildings")).status == 200
    assert (await program.get(f"{town.path}/persons/{key['id']}")).status == 403
    in_header = await client.get("/api/v1/me", headers={"X-API-Key": key["secret"]})
    assert in_header.json()["id"] == key["id"]


async def test_a_key_is_nobody_elsewhere(client: Client, town: Town) -> None:
    program = Somebody(client, (await a_key(town))["secret"])
    other = await a_town(client, town.operator, town.subdistrict)
    assert (await program.get(f"{other.path}/buildings")).slug == "community-not-found"
    assert (await program.post("/subdistricts", {"slug": "xx", "name": "x", "name_en": "x"})).status == 403
    assert (await program.get("/communities/all/organisations")).status == 404


async def test_the_secret_is_shown_once_and_never_listed(town: Town) -> None:
    body = {"name": "一次", "role": "partner"}
    first = await town.operator.post(f"{town.path}/api-keys", body, key="once")
    again = await town.operator.post(f"{town.path}/api-keys", body, key="once")
    assert first.json()["id"] == again.json()["id"]
    assert again.json()["secret"] is None
    listed = await town.operator.get(f"{town.path}/api-keys")
    assert first.json()["secret"] not in listed.body.decode()
    assert listed.json()["items"][0]["shown_prefix"] == first.json()["secret"][:10]


async def test_a_revoked_key_opens_nothing_from_then_on(client: Client, town: Town) -> None:
    key = await a_key(town)
    program = Somebody(client, key["secret"])
    assert (await program.get(f"{town.path}/grids")).status == 200
    revoked = await town.operator.post(f"{town.path}/api-keys/{key['id']}/revoke", if_match='"1"')
    assert (revoked.status, revoked.headers["etag"]) == (200, '"2"')
    assert (await program.get(f"{town.path}/grids")).status == 401
    assert (await town.operator.post(f"{town.path}/api-keys/{key['id']}/revoke")).slug == "api-key-already-revoked"


async def test_a_key_ends_on_its_date(fresh_database_of: MakeDatabase, nats_of: Callable[[str], str]) -> None:
    clock = FrozenClock(datetime(2026, 11, 23, tzinfo=UTC))
    async with running(settings_for(fresh_database_of("gateway"), nats_of), clock) as client:
        town = await a_town(client, await log_in(client, OPERATOR, OPERATOR_PASSWORD))
        program = Somebody(client, (await a_key(town, valid_days=2))["secret"])
        for passed, status in ((timedelta(days=2, seconds=-1), 200), (timedelta(seconds=1), 401)):
            clock.advance(passed)
            client.app.state.parts.callers.forget()
            assert (await program.get(f"{town.path}/grids")).status == status
