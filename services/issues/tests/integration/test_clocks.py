"""Clocks on PostgreSQL: kept with every step, escalated once, explained, and moved by a published calendar."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from services.issues.domain.words.issues import Level, Outcome
from services.issues.domain.words.timers import LOOK
from services.issues.tests.builders import (
    ADMIN,
    CHAIR,
    HANDLER,
    NEIGHBOUR,
    OFFICER,
    PROPERTY,
    RESIDENT,
    SECRETARY,
    VERIFIER,
)
from services.issues.tests.integration.town import Town, app_on, done, refused
from shared.clock import CHINA, FrozenClock
from shared.ids import new_id
from shared.timers.settings import TimerSettings
from shared.timers.sweeper import LEASE

BRIDGE = [{"day": "2026-12-02", "name": "临时放假"}]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA).astimezone(UTC)


def shown(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


@pytest.fixture
def clock() -> FrozenClock:
    """Wednesday, 9 o'clock in China."""
    return FrozenClock(at("2026-11-25 09:00"))


async def clocks(town: Town, issue: Any, who: Any = OFFICER) -> dict[str, Any]:
    found: dict[str, Any] = done(await town.get(f"/issues/{issue['id']}/clocks", who))
    return found


async def by_code(town: Town, issue: Any) -> dict[str, Any]:
    return {clock["code"]: clock for clock in (await clocks(town, issue))["items"]}


async def timer_of(town: Town, issue: Any) -> datetime | None:
    rows = await town.rows("SELECT due_at FROM timers WHERE kind = $1 AND subject = $2", LOOK, issue["id"])
    return rows[0]["due_at"] if rows else None


async def messages(town: Town, issue: Any, kind: str) -> list[dict[str, Any]]:
    rows = await town.rows(
        "SELECT data FROM outbox WHERE aggregate_id = $1 AND type = $2 ORDER BY position", issue["id"], kind
    )
    return [json.loads(row["data"]) for row in rows]


async def escalations(town: Town, issue: Any) -> list[int]:
    return [message["percent"] for message in await messages(town, issue, "issues.issue_escalated.v1")]


async def in_progress(town: Town, tier: str = "general") -> Any:
    issue = await town.report(RESIDENT)
    way = f"/issues/{issue['id']}"
    done(await town.post(f"{way}/accept", OFFICER, {"tier": tier}))
    done(await town.post(f"{way}/contact", OFFICER, {"way": "phone"}))
    deadline = (town.clock.now() + timedelta(days=3)).isoformat()
    body = {"record": "线路老化", "responsible_organisation": str(PROPERTY), "deadline": deadline, "plan": "换线"}
    done(await town.post(f"{way}/assign", OFFICER, body))
    return done(await town.post(f"{way}/sign", HANDLER))


async def test_a_report_is_watched_from_its_first_moment(town: Town) -> None:
    issue = await town.report(RESIDENT)
    assert await timer_of(town, issue) == at("2026-11-25 11:00"), "T1: two working hours"
    items = await by_code(town, issue)
    assert items["T1"]["due_at"] == shown(at("2026-11-25 11:00"))
    assert items["T2"]["due_at"] == shown(at("2026-11-26 17:30"))
    assert items["T3"]["due_at"] == shown(at("2026-12-02 17:30"))
    assert items["T3"]["span"] == {"unit": "days", "amount": 7, "label": {"zh": "日", "en": "days"}}


async def test_an_imported_issue_is_watched_too(town: Town) -> None:
    item = {
        "source_id": "A1",
        "category": "street_light",
        "title": "路灯不亮",
        "text": "12号楼北侧",
        "place": "12号楼",
        "reported_at": "2026-11-20T01:00:00Z",
    }
    body = {"source": "board", "rows": [item]}
    answer = await town.post("/issues/imports", ADMIN, body)
    assert answer.status in (200, 201), answer.body.decode()
    rows = await town.rows("SELECT count(*) FROM timers WHERE kind = $1 AND community = $2", LOOK, town.community)
    assert rows[0][0] == 1


async def test_the_deadline_of_an_accepted_issue_is_that_of_its_third_clock(town: Town) -> None:
    issue = await town.accepted(RESIDENT, OFFICER)
    assert issue["solve_by"] == (await by_code(town, issue))["T3"]["due_at"] == shown(at("2026-12-02 17:30"))


async def test_an_acceptance_that_is_late_is_told_once(town: Town) -> None:
    issue = await town.report(RESIDENT)
    town.clock.at = at("2026-11-25 11:00")
    await town.ring()
    await town.ring()
    missed = await messages(town, issue, "issues.issue_clock_missed.v1")
    assert [(message["clock"], message["due_at"]) for message in missed] == [("T1", shown(at("2026-11-25 11:00")))]


async def test_each_level_is_told_once_and_shown_on_the_issue(town: Town) -> None:
    issue = await in_progress(town)
    seen: dict[int, int] = {}
    for days in range(1, 40):
        town.clock.at = at("2026-11-25 09:00") + timedelta(days=days)
        await town.ring()
        await town.ring()
        level = done(await town.get(f"/issues/{issue['id']}", OFFICER))["overdue_level"]
        seen.setdefault(level, days)
    assert await escalations(town, issue) == [50, 80, 100, 150, 300]
    assert list(seen) == [0, 50, 80, 100, 150, 300]
    assert seen[100] == 8, "the morning after seven days"
    assert await timer_of(town, issue) is None


async def test_a_level_does_not_change_the_version_that_an_officer_holds(town: Town) -> None:
    issue = await in_progress(town)
    town.clock.at = at("2026-12-02 17:30")
    await town.ring()
    found = done(await town.get(f"/issues/{issue['id']}", OFFICER))
    assert (found["overdue_level"], found["version"]) == (100, issue["version"])


async def test_far_beyond_its_time_the_subdistrict_sees_it(town: Town) -> None:
    issue = await in_progress(town)
    town.clock.at = at("2026-12-10 09:00")
    await town.ring()
    found = await messages(town, issue, "issues.issue_brought_up.v1")
    assert [message["why"] for message in found] == ["overdue"]
    assert await escalations(town, issue) == [50, 80, 100, 150]


async def test_danger_is_escalated_outside_of_office_hours(town: Town) -> None:
    town.clock.at = at("2026-11-28 23:00")
    issue = await in_progress(town, "danger")
    town.clock.at = at("2026-11-29 01:00")
    await town.ring()
    assert await escalations(town, issue) == [50, 80, 100]


async def test_the_list_finds_what_is_overdue(town: Town) -> None:
    overdue = await in_progress(town)
    town.clock.at = at("2026-12-02 17:30")
    await town.ring()
    await in_progress(town)
    found = done(await town.get("/issues", OFFICER, overdue_level=100))["items"]
    assert [issue["id"] for issue in found] == [overdue["id"]]
    assert found[0]["overdue_level"] == 100


async def test_a_resolved_issue_is_overdue_no_more_and_another_round_is_escalated_anew(town: Town) -> None:
    issue = await in_progress(town)
    town.clock.at = at("2026-12-02 17:30")
    await town.ring()
    reply = {"outcome": "solved", "public_reply": "已修好", "level": "compound"}
    resolved = done(await town.post(f"/issues/{issue['id']}/resolve", HANDLER, reply))
    assert resolved["overdue_level"] == 0
    rating = {"solved": False, "satisfaction": 1}
    reopened = done(await town.post(f"/issues/{issue['id']}/rate", RESIDENT, rating))
    assert reopened["solve_by"] == shown(at("2026-12-07 17:30")), "half of seven days are four; the fourth is a Sunday"
    town.clock.at = at("2026-12-07 17:30")
    await town.ring()
    assert await escalations(town, issue) == [50, 80, 100, 50, 80, 100]


async def test_a_question_to_the_reporter_stops_the_escalation(town: Town) -> None:
    issue = await in_progress(town)
    town.clock.at = at("2026-11-26 09:00")
    done(await town.post(f"/issues/{issue['id']}/ask", HANDLER, {"question": "哪一盏？"}))
    assert (await by_code(town, issue))["T3"]["paused"]
    assert await timer_of(town, issue) is None
    town.clock.at = at("2026-11-30 09:00")
    done(await town.post(f"/issues/{issue['id']}/answer", RESIDENT, {"answer": "北侧第二盏"}))
    found = (await by_code(town, issue))["T3"]
    assert (found["due_at"], len(found["pauses"])) == (shown(at("2026-12-07 17:30")), 1)
    assert await timer_of(town, issue) is not None


async def test_several_replicas_tell_each_level_once(town: Town) -> None:
    issues = [await in_progress(town) for _ in range(6)]
    replicas = [app_on(town.database, town.clock) for _ in range(3)]
    town.clock.at = at("2026-12-02 17:30")
    await asyncio.gather(*(app.state.timers.sweep() for app in (town.app, *replicas)))
    for issue in issues:
        assert await escalations(town, issue) == [50, 80, 100]
    for app in replicas:
        await app.state.messaging.database.close()
        await app.state.database.close()


async def test_a_look_and_a_step_at_the_same_moment_lose_nothing(town: Town) -> None:
    issue = await in_progress(town)
    town.clock.at = at("2026-12-02 17:30")
    reply = {"outcome": "solved", "public_reply": "已修好", "level": "compound"}
    step, _ = await asyncio.gather(town.post(f"/issues/{issue['id']}/resolve", HANDLER, reply), town.ring())
    town.clock.at += timedelta(seconds=TimerSettings().lease_seconds * 4)
    await town.ring()
    assert step.status == 200
    found = done(await town.get(f"/issues/{issue['id']}", OFFICER))
    assert (found["state"], found["overdue_level"]) == ("resolved", 0)
    assert max(Counter(await escalations(town, issue)).values(), default=1) == 1


async def test_the_level_of_a_look_that_came_while_a_step_was_taken_is_over_with_the_step(town: Town) -> None:
    issue = await in_progress(town)
    town.clock.at = at("2026-12-02 17:30")
    uow = town.app.state.unit_of_work(town.community, correlation_id="test")
    async with uow:
        taken = await uow.issues.get(UUID(issue["id"]), seen_by=HANDLER)
        taken.resolve(outcome=Outcome.SOLVED, public_reply="已修好", level=Level.COMPOUND, by=HANDLER, at=uow.now())
        await town.ring()
        seen = done(await town.get(f"/issues/{issue['id']}", OFFICER))
        assert (seen["state"], seen["overdue_level"]) == ("in_progress", 100)
        await uow.issues.save(taken)
        await uow.finish(None)
    found = done(await town.get(f"/issues/{issue['id']}", OFFICER))
    assert (found["state"], found["overdue_level"]) == ("resolved", 0)


async def test_the_time_to_rate_ends_by_itself_and_nobody_is_blamed(town: Town) -> None:
    issue = await in_progress(town)
    way = f"/issues/{issue['id']}"
    done(await town.post(f"{way}/resolve", HANDLER, {"outcome": "solved", "public_reply": "已修好"}))
    done(await town.post(f"{way}/verify", VERIFIER, {"note": "现场已亮"}))
    assert await timer_of(town, issue) == at("2026-12-09 09:00")
    before = len(await town.published(issue["id"]))
    town.clock.at = at("2026-12-09 09:00")
    rating = (await by_code(town, issue))["T9"]
    assert (rating["result"], rating["stopped_at"], rating["stopped_by"]) == ("lapsed", rating["due_at"], None)
    assert rating["result_label"] == {"zh": "到期未评价", "en": "ended without a rating"}
    await town.ring()
    assert await timer_of(town, issue) is None
    assert len(await town.published(issue["id"])) == before
    running = await town.rows("SELECT code FROM issue_clocks WHERE issue_id = $1 AND stopped_at IS NULL", issue["id"])
    assert running == [], "what is over is not computed anew with each calendar"


async def test_what_is_over_its_time_in_nobodys_hands_goes_on_the_next_agenda(town: Town) -> None:
    waits, works = await town.accepted(RESIDENT, OFFICER), await in_progress(town)
    private = await town.accepted(RESIDENT, OFFICER, category="neighbour_quarrel")
    town.clock.at = at("2026-12-02 17:30")
    await town.ring()
    assert done(await town.get(f"/issues/{waits['id']}", OFFICER))["state"] == "accepted", "no meeting lies ahead"
    meeting = await town.meeting(CHAIR, days=9)
    town.clock.at = at("2026-12-03 17:30")
    await town.ring()
    states = [done(await town.get(f"/issues/{one['id']}", OFFICER))["state"] for one in (waits, private, works)]
    assert states == ["on_agenda", "accepted", "in_progress"]
    assert done(await town.get(f"/issues/{waits['id']}", OFFICER))["meeting_id"] == meeting["id"]


async def test_a_stranger_sees_no_clocks(town: Town) -> None:
    issue = await town.report(RESIDENT)
    refused(await town.get(f"/issues/{issue['id']}/clocks", NEIGHBOUR), 404, "not-found")
    assert done(await town.get(f"/issues/{issue['id']}/clocks", RESIDENT))["items"]


async def publish_calendar(town: Town, holidays: list[dict[str, str]], year: int = 2026) -> Any:
    body = {"holidays": holidays, "make_up_days": [], "note": "街道通知"}
    version = done(await town.post(f"/calendar/{year}/versions", ADMIN, body), 201)
    path = f"/calendar/{year}/versions/{version['version']}/decide"
    return done(await town.post(path, SECRETARY, {"agree": True}))


async def test_a_published_calendar_moves_the_deadlines_that_run(town: Town) -> None:
    issue = await in_progress(town)
    version = await publish_calendar(town, BRIDGE)
    await town.ring()
    found = done(await town.get(f"/issues/{issue['id']}", OFFICER))
    assert found["solve_by"] == shown(at("2026-12-03 17:30"))
    clock = (await by_code(town, issue))["T3"]
    assert clock["calendar"] == [{"year": 2026, "version": version["version"]}]
    assert clock["days_off"] == [{"day": "2026-12-02", "label": {"zh": "临时放假", "en": "临时放假"}}]


async def test_a_year_that_was_not_announced_is_provisional_until_its_calendar_is_published(town: Town) -> None:
    town.clock.at = at("2026-12-28 09:00")
    assert not done(await town.get("/calendar/2027", RESIDENT))["announced"]
    issue = await town.accepted(RESIDENT, OFFICER)
    assert (await by_code(town, issue))["T3"]["provisional"]
    days = [{"day": f"2027-01-0{day}", "name": "元旦"} for day in (1, 2, 3, 4)]
    await publish_calendar(town, days, 2027)
    await town.ring()
    clock = (await by_code(town, issue))["T3"]
    assert (clock["provisional"], clock["due_at"]) == (False, shown(at("2027-01-05 17:30")))
    assert done(await town.get("/calendar/2027", RESIDENT))["announced"]


async def test_nobody_approves_what_they_proposed(town: Town) -> None:
    body = {"holidays": BRIDGE, "make_up_days": [], "note": "街道通知"}
    version = done(await town.post("/calendar/2026/versions", ADMIN, body), 201)
    path = f"/calendar/2026/versions/{version['version']}/decide"
    refused(await town.post(path, ADMIN, {"agree": True}), 403, "another-person-decides")
    done(await town.post(path, SECRETARY, {"agree": False}))
    refused(await town.post(path, SECRETARY, {"agree": True}), 409, "version-decided")
    assert done(await town.get("/calendar/2026", RESIDENT))["version"] == 0
    listed = done(await town.get("/calendar/2026/versions", OFFICER))["items"]
    assert [version["state"] for version in listed] == ["refused"]


async def test_two_who_decide_at_once_do_not_both_win(town: Town) -> None:
    body = {"holidays": BRIDGE, "make_up_days": [], "note": "街道通知"}
    version = done(await town.post("/calendar/2026/versions", ADMIN, body), 201)
    path = f"/calendar/2026/versions/{version['version']}/decide"
    answers = await asyncio.gather(*(town.post(path, SECRETARY, {"agree": agree}) for agree in (True, False)))
    assert sorted(answer.status for answer in answers) == [200, 409]


async def test_a_calendar_with_days_of_another_year_is_refused(town: Town) -> None:
    body = {"holidays": [{"day": "2027-01-01", "name": "元旦"}], "make_up_days": [], "note": "街道通知"}
    answer = await town.post("/calendar/2026/versions", ADMIN, body)
    assert (answer.status, "holidays" in answer.json()["errors"][0]["field"]) == (422, True), answer.body.decode()
    body = {"holidays": [], "make_up_days": ["2026-12-02"], "note": "街道通知"}
    refused(await town.post("/calendar/2026/versions", ADMIN, body), 422, "not-a-make-up-day")


async def rules_body(town: Town, **changes: Any) -> dict[str, Any]:
    found = done(await town.get("/clock-rules", RESIDENT))
    rules = [{key: rule[key] for key in ("code", "unit", "amount", "tier", "category")} for rule in found["rules"]]
    return {
        "rules": rules,
        "hours": [{"begin": "08:30", "end": "12:00"}, {"begin": "14:00", "end": "17:30"}],
        "effective_from": shown(town.clock.now()),
        "note": "试行",
        **changes,
    }


async def test_new_rules_count_for_what_is_reported_after_their_approval(town: Town) -> None:
    before = await town.report(RESIDENT)
    body = await rules_body(town)
    body["rules"].append({"code": "T1", "unit": "minutes", "amount": 10, "tier": None, "category": "street_light"})
    version = done(await town.post("/clock-rules", ADMIN, body), 201)
    town.clock.advance(timedelta(minutes=30))
    between = await town.report(NEIGHBOUR)
    town.clock.advance(timedelta(minutes=1))
    done(await town.post(f"/clock-rules/{version['version']}/decide", SECRETARY, {"agree": True}))
    town.clock.advance(timedelta(minutes=2))
    after = await town.report(RESIDENT)
    assert (await by_code(town, before))["T1"]["due_at"] == shown(at("2026-11-25 11:00"))
    assert (await by_code(town, between))["T1"]["rule_version"] == 0
    found = (await by_code(town, after))["T1"]
    assert (found["rule_version"], found["due_at"]) == (1, shown(at("2026-11-25 09:43")))
    assert await timer_of(town, after) == at("2026-11-25 09:43")
    assert done(await town.get("/clock-rules", RESIDENT))["version"] == 1
    assert done(await town.get("/clock-rules/0", RESIDENT))["version"] == 0


async def test_rules_that_leave_a_clock_open_are_refused(town: Town) -> None:
    body = await rules_body(town)
    body["rules"] = [rule for rule in body["rules"] if rule["code"] != "T8"]
    refused(await town.post("/clock-rules", ADMIN, body), 422, "rules-incomplete")
    body = await rules_body(town, hours=[{"begin": "14:00", "end": "12:00"}])
    refused(await town.post("/clock-rules", ADMIN, body), 422, "hours-out-of-order")
    refused(await town.get("/clock-rules/7", RESIDENT), 404, "not-found")


async def plan_of_a_sweep(town: Town) -> dict[str, Any]:
    """How PostgreSQL answers the statement with which a sweep takes what is due, without keeping what it did."""
    connection = await asyncpg.connect(town.database.plain(town.database.relay_url))
    try:
        transaction = connection.transaction()
        await transaction.start()
        settings = TimerSettings()
        found = await connection.fetchval(
            f"EXPLAIN (ANALYZE, FORMAT JSON) {LEASE}",
            town.clock.now(),
            settings.at_once,
            settings.lease_seconds,
            settings.retry_longest,
        )
        await transaction.rollback()
    finally:
        await connection.close()
    plan: dict[str, Any] = json.loads(found)[0]["Plan"]
    return plan


def nodes_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes_of(part)


async def test_a_sweep_over_100_000_open_issues_reads_only_what_is_due(town: Town) -> None:
    town.clock.at = at("2026-11-25 09:07")
    due = await town.report(RESIDENT)
    town.clock.at = at("2026-11-25 11:06")
    await town.ring()
    await town.rows(
        "INSERT INTO timers (community, kind, subject, key, due_at, set_at, try_at)"
        " SELECT $1, $2, gen_random_uuid(), '', at, at, at"
        " FROM (SELECT $3::timestamptz + n * interval '1 minute' AS at FROM generate_series(200, 100200) AS n) AS s",
        town.community,
        LOOK,
        town.clock.now(),
    )
    await town.rows("ANALYZE timers")
    town.clock.at = at("2026-11-25 11:07")
    plan = await plan_of_a_sweep(town)
    read = [node for node in nodes_of(plan) if node.get("Relation Name") == "timers"]
    assert read
    for node in read:
        assert node["Node Type"] != "Seq Scan", "100,000 open issues are not gone through"
        assert node["Actual Rows"] + node.get("Rows Removed by Filter", 0) <= 3
    connection = await asyncpg.connect(town.database.plain(town.database.relay_url))
    before = await connection.fetchrow("SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'timers'")
    try:
        assert await town.ring() == 1
        await connection.execute("SELECT pg_stat_clear_snapshot()")
        after = await connection.fetchrow("SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'timers'")
    finally:
        await connection.close()
        await town.rows("DELETE FROM timers WHERE community = $1 AND subject <> $2", town.community, due["id"])
    # Statistics come late, so what was read while the table was small may still be counted here.
    assert after["seq_tup_read"] - before["seq_tup_read"] < 1_000
    assert len(await messages(town, due, "issues.issue_clock_missed.v1")) == 1


async def test_the_filter_by_level_uses_its_index(town: Town) -> None:
    connection = await asyncpg.connect(town.database.plain(town.database.superuser_url))
    try:
        await connection.execute("SET enable_seqscan = off")
        plan = await connection.fetch(
            "EXPLAIN SELECT id FROM issues WHERE community = $1 AND overdue_level = 100 ORDER BY id DESC LIMIT 21",
            str(new_id()),
        )
    finally:
        await connection.close()
    assert "issues_by_overdue_level" in "\n".join(row[0] for row in plan)
