"""Two people act on one issue at the same moment, on a real PostgreSQL: one wins, the other is told and loses no text."""

import asyncio
from typing import Any

import pytest

from services.issues.tests.builders import (
    CHAIR,
    HANDLER,
    OFFICER,
    OFFICER_2,
    PROPERTY,
    RESIDENT,
    SECRETARY,
    UNIT,
    VERIFIER,
)
from services.issues.tests.integration.test_every_step import AWAY, FOUR, REPLY, at_work, resolved
from services.issues.tests.integration.town import Town, done
from shared.ids import new_id
from shared.principal import Principal

MINE, THEIRS = "甲：12号楼北侧，线路老化", "乙：12号楼北侧，灯头损坏"

Call = tuple[str, Principal, dict[str, Any]]


async def both(town: Town, *calls: Call, if_match: str | None = None) -> Any:
    """Both calls at once, and how each was answered."""
    headers = {"if_match": if_match} if if_match else {}
    return await asyncio.gather(*(town.post(path, who, body, **headers) for path, who, body in calls))


@pytest.mark.parametrize("if_match", [None, "2"])
async def test_the_loser_can_send_the_same_text_again_and_nothing_of_it_was_stored_before(
    town: Town, if_match: str | None
) -> None:
    issue = await town.accepted(RESIDENT, OFFICER)
    way = f"/issues/{issue['id']}"
    calls = [
        (f"{way}/contact", who, {"way": "phone", "note": text}) for who, text in ((OFFICER, MINE), (SECRETARY, THEIRS))
    ]
    answers = await both(town, *calls, if_match=if_match)
    assert sorted(answer.status for answer in answers) in (
        [200, 409],
        [200, 412],
        [200, 200] if if_match is None else [],
    )
    notes = [entry["note"] for entry in done(await town.get(f"{way}/history", OFFICER))["items"][2:]]
    won = [call[2]["note"] for call, answer in zip(calls, answers, strict=True) if answer.status == 200]
    assert sorted(notes) == sorted(won), "the stored issue holds the winner only"
    for call, answer in zip(calls, answers, strict=True):
        if answer.status == 200:
            continue
        assert answer.slug in ("concurrent-change", "version-mismatch")
        assert answer.json()["detail"]
        fresh = done(await town.get(way, call[1]))["version"]
        done(await town.post(*call, if_match=str(fresh)))
    notes = [entry["note"] for entry in done(await town.get(f"{way}/history", OFFICER))["items"][2:]]
    assert sorted(notes) == sorted([MINE, THEIRS]), "and the other text came in by sending it again"


async def test_a_refused_attempt_leaves_its_key_free_for_the_next(town: Town) -> None:
    issue = await town.accepted(RESIDENT, OFFICER)
    path, key = f"/issues/{issue['id']}/contact", str(new_id())
    body = {"way": "phone", "note": MINE}
    assert (await town.post(path, OFFICER, body, key=key, if_match="1")).status == 412
    assert done(await town.post(path, OFFICER, body, key=key, if_match="2"))["version"] == 3


async def test_two_different_assignments_make_one(town: Town) -> None:
    issue = await town.accepted(RESIDENT, OFFICER)
    way = f"/issues/{issue['id']}"
    to_unit = {**FOUR, "responsible_organisation": str(UNIT), "record": THEIRS}
    answers = await both(town, (f"{way}/assign", OFFICER, {**FOUR, "record": MINE}), (f"{way}/assign", CHAIR, to_unit))
    assert sorted(answer.status for answer in answers) == [200, 409]
    kept = done(await town.get(way, OFFICER))["assignment"]
    won = next(answer.json() for answer in answers if answer.status == 200)["assignment"]
    assert kept == won
    assert (await town.published(issue["id"])).count("issue_assigned") == 1


async def test_approving_and_refusing_at_once_decides_once(town: Town) -> None:
    way = f"/issues/{(await town.report(RESIDENT))['id']}"
    done(await town.post(f"{way}/dismiss", OFFICER, AWAY))
    calls: tuple[Call, ...] = ((f"{way}/approve", OFFICER_2, {}), (f"{way}/refuse", SECRETARY, {"reason": "应当受理"}))
    answers = await both(town, *calls)
    assert sorted(answer.status for answer in answers) == [200, 409]
    told = await town.published(way.rsplit("/", 1)[1])
    assert len({"issue_dismissed", "issue_proposal_refused"} & set(told)) == 1


async def test_the_reporter_and_a_verifier_answer_at_once(town: Town) -> None:
    way = await resolved(town)
    calls: tuple[Call, ...] = (
        (f"{way}/rate", RESIDENT, {"solved": False, "satisfaction": 1}),
        (f"{way}/verify", VERIFIER, {"note": "亮了"}),
    )
    first, second = await both(town, *calls)
    assert {first.status, second.status} <= {200, 409}
    shown = done(await town.get(way, OFFICER))
    if first.status == 200:  # the reporter's "not solved" always has the last word, whoever was faster
        assert (shown["state"], shown["round"]) == ("in_progress", 2)
    else:
        assert shown["state"] == "closed"
        done(await town.post(*calls[0]))
        assert done(await town.get(way, OFFICER))["round"] == 2


async def test_two_merges_into_each_other_leave_one_open(town: Town) -> None:
    one, other = (await town.report(RESIDENT))["id"], (await town.report(RESIDENT))["id"]
    answers = await both(
        town,
        (f"/issues/{one}/merge", OFFICER, {"target_id": other}),
        (f"/issues/{other}/merge", OFFICER_2, {"target_id": one}),
    )
    assert 200 in {answer.status for answer in answers}
    assert {answer.status for answer in answers} <= {200, 409, 422}
    states = [done(await town.get(f"/issues/{it}", OFFICER))["state"] for it in (one, other)]
    assert sorted(states) == ["closed", "registered"], "never two closed into each other"


async def test_a_merge_and_a_resolution_of_the_target_at_once_never_lose_the_reporter(town: Town) -> None:
    target = await at_work(town)
    double = (await town.report(RESIDENT))["id"]
    answers = await both(
        town,
        (f"/issues/{double}/merge", OFFICER, {"target_id": target.rsplit("/", 1)[1]}),
        (f"{target}/resolve", HANDLER, REPLY),
    )
    merged, done_with = answers[0].status, answers[1].status
    assert (merged, done_with) in ((200, 409), (409, 200), (422, 200), (200, 200))
    state = done(await town.get(f"/issues/{double}", OFFICER))["state"]
    assert state == ("closed" if merged == 200 else "registered")
    assert str(PROPERTY) == done(await town.get(target, OFFICER))["assignment"]["responsible_organisation"]
