"""Repeating a command: one effect, the same answer; versions; numbers without gaps whatever happens."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from services.issues.tests.builders import BUILDING, CHAIR, OFFICER, RESIDENT
from services.issues.tests.integration.town import Town, call, done, refused
from shared.ids import new_id
from shared.principal import Role
from shared.testing.principals import a_principal

BODY: dict[str, Any] = {
    "category": "street_light",
    "place": {"building_id": str(BUILDING)},
    "text": "12号楼北侧路灯不亮",
}


async def test_a_repeated_report_gets_the_same_receipt(town: Town) -> None:
    key = str(new_id())
    first = await town.post("/issues", RESIDENT, BODY, key=key)
    second = await town.post("/issues", RESIDENT, BODY, key=key)
    assert (first.status, second.status) == (201, 201)
    assert second.body == first.body
    assert (second.headers["idempotency-replayed"], second.headers["location"]) == ("true", first.headers["location"])
    other = {**BODY, "text": "另一件事"}
    refused(await town.post("/issues", RESIDENT, other, key=key), 422, "idempotency-key-reused")
    assert await town.published() == ["issue_registered"]
    assert (await town.report(RESIDENT))["number"] == "FCC-2026-000002", "a repetition takes no number"


async def test_the_same_report_fifty_times_at_once_is_one_issue(town: Town) -> None:
    key = str(new_id())
    answers = await asyncio.gather(*(town.post("/issues", RESIDENT, BODY, key=key) for _ in range(50)))
    assert {answer.status for answer in answers} == {201}
    assert len({answer.body for answer in answers}) == 1
    assert await town.published() == ["issue_registered"]
    rows = await town.rows("SELECT count(*) AS n FROM issues WHERE community = $1", town.community)
    assert rows[0]["n"] == 1


async def test_the_same_step_fifty_times_at_once_is_one_step(town: Town) -> None:
    issue = await town.report(RESIDENT)
    key = str(new_id())
    path = f"/issues/{issue['id']}/accept"
    answers = await asyncio.gather(*(town.post(path, OFFICER, {"tier": "general"}, key=key) for _ in range(50)))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body for answer in answers}) == 1
    assert await town.published(issue["id"]) == ["issue_registered", "issue_accepted"]


async def test_numbers_have_no_gaps_under_load_with_repetitions_and_refusals(town: Town) -> None:
    keys = [str(new_id()) for _ in range(30)]
    calls = [town.post("/issues", RESIDENT, BODY, key=key) for key in keys for _ in range(2)]
    calls += [town.post("/issues", RESIDENT, {**BODY, "category": "moon"}) for _ in range(10)]
    await asyncio.gather(*calls)
    rows = await town.rows("SELECT number FROM issues WHERE community = $1 ORDER BY number", town.community)
    assert [row["number"] for row in rows] == [f"FCC-2026-{n:06d}" for n in range(1, 31)]
    stored = await town.rows("SELECT data ->> 'number' AS number FROM outbox WHERE community = $1", town.community)
    assert {row["number"] for row in stored} == {row["number"] for row in rows}


async def test_the_stored_answer_holds_the_real_number(town: Town) -> None:
    issue = await town.report(RESIDENT)
    (row,) = await town.rows("SELECT body FROM idempotency_keys WHERE community = $1", town.community)
    assert issue["number"].encode() in row["body"]
    assert b"number-" not in row["body"]


async def test_the_year_of_a_number_is_the_local_year(town: Town) -> None:
    town.clock.at = town.clock.at.replace(month=12, day=31, hour=15, minute=59)
    assert (await town.report(RESIDENT))["number"] == "FCC-2026-000001"
    town.clock.advance(timedelta(minutes=1))
    assert (await town.report(RESIDENT))["number"] == "FCC-2027-000001"


async def test_a_key_is_needed(town: Town) -> None:
    headers = town.headers(RESIDENT)
    del headers["Idempotency-Key"]
    answer = await town.client.post(town.path("/issues"), json=BODY, headers=headers)
    refused(answer, 400, "idempotency-key-refused")


@pytest.mark.parametrize("verb", ["accept", "place-on-agenda", "assign", "sign", "resolve", "rate", "withdraw"])
async def test_every_step_checks_the_version_it_is_based_on(town: Town, verb: str) -> None:
    issue = await town.report(RESIDENT)
    assert (await town.get(f"/issues/{issue['id']}", RESIDENT)).headers["etag"] == '"1"'
    who = a_principal(*Role, community=town.community)
    route = f"POST /api/v1/communities/{{community}}/issues/{{issue_id}}/{verb}"
    answer = await call(town, route, who, if_match='"7"', issue_id=issue["id"])
    refused(answer, 412, "version-mismatch")


async def test_a_meeting_checks_the_version_it_is_based_on(town: Town) -> None:
    meeting = await town.meeting(CHAIR)
    refused(await town.post(f"/meetings/{meeting['id']}/close", CHAIR, if_match="2"), 412, "version-mismatch")
    done(await town.post(f"/meetings/{meeting['id']}/close", CHAIR, if_match="1"))


async def test_two_officers_at_once_do_not_undo_each_other(town: Town) -> None:
    issue = await town.report(RESIDENT)
    path = f"/issues/{issue['id']}/accept"
    answers = await asyncio.gather(*(town.post(path, OFFICER, {"tier": tier}) for tier in ("danger", "general")))
    assert sorted(answer.status for answer in answers) == [200, 409]
    assert (await town.published(issue["id"])).count("issue_accepted") == 1
