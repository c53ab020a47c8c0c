"""The steps beside the straight way, as the people concerned take them over HTTP, with the time that they need."""

from datetime import timedelta
from typing import Any

from services.issues.tests.builders import (
    CHAIR,
    HANDLER,
    NEIGHBOUR,
    NOW,
    OFFICER,
    OFFICER_2,
    PROPERTY,
    RESIDENT,
    SECRETARY,
    SUBDISTRICT,
    VERIFIER,
)
from services.issues.tests.integration.town import DEADLINE, Town, done, refused
from shared.ids import new_id

FOUR = {"record": "线路老化", "responsible_organisation": str(PROPERTY), "deadline": DEADLINE, "plan": "换线"}
REPLY = {"outcome": "solved", "public_reply": "已换灯头", "level": "compound"}
AWAY = {"reason_code": "other_authority", "refer_to": "供电公司 95598", "reason": "属供电公司"}


async def at_work(town: Town, **more: Any) -> str:
    """The path of an issue that the property company works on."""
    issue = await town.accepted(RESIDENT, OFFICER, **more)
    way = f"/issues/{issue['id']}"
    done(await town.post(f"{way}/assign", OFFICER, FOUR))
    done(await town.post(f"{way}/sign", HANDLER))
    return way


async def resolved(town: Town) -> str:
    way = await at_work(town)
    done(await town.post(f"{way}/resolve", HANDLER, REPLY))
    return way


async def last(town: Town, way: str) -> Any:
    """The newest entry of the history, as the office reads it."""
    return done(await town.get(f"{way}/history", OFFICER))["items"][-1]


async def test_a_dismissal_needs_a_second_person_and_an_address_and_can_be_objected_to_once(town: Town) -> None:
    way = f"/issues/{(await town.report(RESIDENT))['id']}"
    refused(await town.post(f"{way}/dismiss", OFFICER, {**AWAY, "refer_to": ""}), 422, "invalid-input")
    shown = done(await town.post(f"{way}/dismiss", OFFICER, AWAY))
    assert (shown["state"], shown["proposal"]["kind"]) == ("registered", "dismissal")
    refused(await town.post(f"{way}/approve", OFFICER), 403, "conflict-of-interest")
    shown = done(await town.post(f"{way}/approve", OFFICER_2))
    assert (shown["state"], shown["proposal"]) == ("dismissed", None)
    mine = done(await town.get(way, RESIDENT))
    assert mine["dismissal"]["refer_to"] == "供电公司 95598"
    assert mine["dismissal"]["label"]["zh"] == "属其他部门法定职责"
    assert done(await town.post(f"{way}/object", RESIDENT, {"reason": "灯在小区里"}))["state"] == "registered"
    done(await town.post(f"{way}/dismiss", OFFICER, AWAY))
    done(await town.post(f"{way}/refuse", SECRETARY, {"reason": "应当受理"}))
    done(await town.post(f"{way}/dismiss", OFFICER, AWAY))
    done(await town.post(f"{way}/approve", SECRETARY))
    answer = refused(await town.post(f"{way}/object", RESIDENT, {"reason": "还是不同意"}), 409, "transition-refused")
    assert answer.json()["detail"] == "只能提出一次异议"
    told = await town.published(way.rsplit("/", 1)[1])
    assert told[1:6] == [
        "issue_dismissal_proposed",
        "issue_dismissed",
        "issue_objected",
        "issue_dismissal_proposed",
        "issue_proposal_refused",
    ]


async def test_a_correction_of_the_tier_never_forgets_a_pause(town: Town) -> None:
    way = await at_work(town)
    done(await town.post(f"{way}/ask", HANDLER, {"question": "是哪一盏？"}))
    town.clock.advance(timedelta(days=2))
    done(await town.post(f"{way}/answer", RESIDENT, {"answer": "第二盏"}))
    body = {"tier": "complex", "category": "public_facilities"}
    shown = done(await town.post(f"{way}/change-category", OFFICER, body))
    assert (shown["tier"], shown["category"], shown["pauses"]) == ("complex", "public_facilities", 1)
    items = done(await town.get(f"{way}/clocks", OFFICER))["items"]
    (solving,) = [clock for clock in items if clock["code"] == "T3"]
    assert [pause["reason"] for pause in solving["pauses"]] == ["question"]
    assert (solving["due_at"], shown["solve_by"]) == ("2026-12-14T09:30:00Z",) * 2, "15 days and the two of the pause"
    entry = await last(town, way)
    assert entry["details"] == {
        "category": "public_facilities",
        "from_category": "street_light",
        "tier": "complex",
        "from_tier": "general",
    }
    assert [e["verb"] for e in done(await town.get(f"{way}/history", OFFICER))["items"]][-3:-1] == ["ask", "answer"]
    nothing = await town.post(f"{way}/change-category", OFFICER, {"tier": "complex"})
    refused(nothing, 422, "invalid-input")


async def test_nobody_answers_and_the_work_goes_on_by_itself_after_five_days(town: Town) -> None:
    way = await at_work(town)
    shown = done(await town.post(f"{way}/ask", HANDLER, {"question": "是哪一盏？"}))
    assert (shown["state"], shown["waiting"]["question"]) == ("waiting", "是哪一盏？")
    town.clock.advance(timedelta(days=4, hours=23))
    await town.ring()
    assert done(await town.get(way, RESIDENT))["state"] == "waiting"
    town.clock.advance(timedelta(hours=1))
    await town.ring()
    await town.ring()
    assert done(await town.get(way, RESIDENT))["state"] == "in_progress"
    assert (await town.published(way.rsplit("/", 1)[1])).count("issue_resumed") == 1
    done(await town.post(f"{way}/ask", HANDLER, {"question": "还在吗？"}))
    done(await town.post(f"{way}/answer", RESIDENT, {"answer": "在"}))
    answer = refused(await town.post(f"{way}/ask", HANDLER, {"question": "真的？"}), 409, "transition-refused")
    assert answer.json()["detail"] == "每轮最多请居民补充两次"


async def test_two_returns_bring_it_before_the_subdistrict_which_decides_for_good(town: Town) -> None:
    issue = await town.accepted(RESIDENT, OFFICER)
    way, why = f"/issues/{issue['id']}", {"reason": "不属我单位"}
    refused(await town.get(way, SUBDISTRICT), 404, "not-found")
    for _ in range(2):
        done(await town.post(f"{way}/assign", OFFICER, FOUR))
        done(await town.post(f"{way}/return", HANDLER, why))
    refused(await town.get(way, HANDLER), 404, "not-found")
    refused(await town.post(f"{way}/assign", OFFICER, FOUR), 409, "transition-refused")
    shown = done(await town.get(way, SUBDISTRICT))
    assert shown["brought_up"] == {
        "why": "returned_twice",
        "label": {"zh": "两次退回", "en": "returned twice"},
        "awaits_decision": True,
    }
    assert [it["id"] for it in done(await town.get("/issues", SUBDISTRICT))["items"]] == [issue["id"]]
    done(await town.post(f"{way}/assign", SUBDISTRICT, FOUR))
    answer = refused(await town.post(f"{way}/return", HANDLER, why), 409, "transition-refused")
    assert "最多退回两次" in answer.json()["detail"]
    assert (await town.published(issue["id"]))[-3:] == ["issue_returned", "issue_brought_up", "issue_assigned"]


async def test_it_can_be_returned_only_within_the_time_to_sign(town: Town) -> None:
    issue = await town.accepted(RESIDENT, OFFICER)
    way = f"/issues/{issue['id']}"
    done(await town.post(f"{way}/assign", OFFICER, FOUR))
    town.clock.advance(timedelta(days=4))
    refused(await town.post(f"{way}/return", HANDLER, {"reason": "不属我单位"}), 409, "transition-refused")
    done(await town.post(f"{way}/sign", HANDLER))


async def test_a_deferral_is_for_the_subdistrict_and_has_a_date(town: Town) -> None:
    way = await at_work(town)
    body: dict[str, Any] = {"reason": "等待老旧小区改造", "review_at": (NOW + timedelta(days=200)).isoformat()}
    answer = refused(await town.post(f"{way}/defer", HANDLER, body), 422, "invalid-input")
    assert list(answer.fields) == ["review_at"]
    shown = done(await town.post(f"{way}/defer", HANDLER, {**body, "historical": True}))
    assert (shown["proposal"]["historical"], shown["brought_up"]["why"]) == (True, "deferral_asked")
    refused(await town.post(f"{way}/approve", OFFICER), 409, "transition-refused")
    shown = done(await town.post(f"{way}/approve", SUBDISTRICT))
    assert (shown["state"], shown["deferral"]["historical"]) == ("deferred", True)
    later = (NOW + timedelta(days=300)).isoformat()
    refused(await town.post(f"{way}/review", HANDLER, {"review_at": later}), 403, "not-your-step")
    shown = done(await town.post(f"{way}/review", SUBDISTRICT, {"review_at": later}))
    assert shown["deferral"]["review_at"].startswith("2027-09-21")
    town.clock.advance(timedelta(days=10))
    shown = done(await town.post(f"{way}/review", SUBDISTRICT, {"note": "已立项"}))
    assert (shown["state"], shown["deferral"]) == ("in_progress", None)
    assert (await last(town, way))["details"] == {"continued": False}


async def test_more_time_is_granted_by_another_person_and_stands_beside_the_old_end(town: Town) -> None:
    way = await at_work(town)
    before = done(await town.get(way, OFFICER))["solve_by"]
    soon, later = ((NOW + timedelta(days=days)).isoformat() for days in (1, 60))
    refused(await town.post(f"{way}/extend", HANDLER, {"reason": "等配件", "until": soon}), 422, "invalid-input")
    done(await town.post(f"{way}/extend", HANDLER, {"reason": "等配件", "until": later}))
    refused(await town.post(f"{way}/defer", HANDLER, {"reason": "x", "review_at": later}), 409, "transition-refused")
    shown = done(await town.post(f"{way}/approve", SECRETARY, {"note": "同意"}))
    assert (shown["solve_by"], shown["extended_to"]) == (before, "2027-01-24T10:00:00Z")
    answer = await town.post(f"{way}/extend", HANDLER, {"reason": "还等", "until": later})
    assert refused(answer, 409, "transition-refused").json()["detail"] == "每轮只能申请一次延期"


async def test_a_verifier_outside_the_unit_closes_and_the_reporter_may_still_say_otherwise(town: Town) -> None:
    way = await resolved(town)
    shown = done(await town.post(f"{way}/verify", VERIFIER, {"note": "现场已亮"}))
    assert (shown["state"], shown["outcome"]) == ("closed", "solved")
    town.clock.advance(timedelta(days=14))
    shown = done(await town.post(f"{way}/rate", RESIDENT, {"solved": False, "satisfaction": 1}))
    assert (shown["state"], shown["round"], shown["closed_at"]) == ("in_progress", 2, None)
    told = await town.published(way.rsplit("/", 1)[1])
    assert told[-4:] == ["issue_verified", "issue_closed", "issue_rated", "issue_reopened"]


async def test_after_fourteen_days_the_reporter_reports_anew_but_a_verifier_still_reopens(town: Town) -> None:
    way = await resolved(town)
    done(await town.post(f"{way}/rate", RESIDENT, {"solved": True, "satisfaction": 5}))
    town.clock.advance(timedelta(days=14, seconds=1))
    again = {"note": "又不亮了"}
    answer = refused(await town.post(f"{way}/reopen", RESIDENT, again), 409, "transition-refused")
    assert answer.json()["detail"] == "重新办理期限（14天）已过，请重新登记"
    assert done(await town.post(f"{way}/reopen", VERIFIER, again))["round"] == 2


async def test_three_unanswered_call_backs_and_the_end_of_t8_close_it_unconfirmed(town: Town) -> None:
    way = await resolved(town)
    for _ in range(3):
        done(await town.post(f"{way}/call-back", OFFICER, {"reached": False, "note": "无人接听"}))
    await town.ring()
    assert done(await town.get(way, OFFICER))["state"] == "resolved"
    town.clock.advance(timedelta(days=7))
    await town.ring()
    await town.ring()
    shown = done(await town.get(way, OFFICER))
    assert (shown["state"], shown["outcome"], shown["unanswered_call_backs"]) == ("closed", "unconfirmed", 3)
    assert (await last(town, way))["details"] == {"outcome": "unconfirmed", "claimed": "solved"}
    shown = done(await town.post(f"{way}/rate", RESIDENT, {"solved": True, "satisfaction": 4}))
    assert (shown["state"], shown["outcome"]) == ("closed", "solved")
    assert (await town.published(way.rsplit("/", 1)[1])).count("issue_closed") == 1


async def test_what_the_reporter_says_on_the_telephone_counts(town: Town) -> None:
    way = await resolved(town)
    answer = await town.post(f"{way}/call-back", SECRETARY, {"reached": False, "solved": True})
    assert list(refused(answer, 422, "invalid-input").fields) == ["solved"]
    shown = done(await town.post(f"{way}/call-back", SECRETARY, {"reached": True, "solved": False}))
    assert (shown["state"], shown["round"]) == ("in_progress", 2)
    done(await town.post(f"{way}/resolve", HANDLER, REPLY))
    shown = done(await town.post(f"{way}/call-back", SECRETARY, {"reached": True, "solved": True}))
    assert (shown["state"], shown["outcome"]) == ("closed", "solved")


async def test_a_duplicate_is_merged_and_its_people_follow_the_other_one(town: Town) -> None:
    target = await town.accepted(RESIDENT, OFFICER)
    double = await town.report(NEIGHBOUR, "路灯还是不亮")
    way = f"/issues/{double['id']}"
    for wrong in (double["id"], str(new_id())):
        answer = refused(await town.post(f"{way}/merge", OFFICER, {"target_id": wrong}), 422, "cannot-merge")
        assert list(answer.fields) == ["target_id"]
    shown = done(await town.post(f"{way}/merge", OFFICER, {"target_id": target["id"]}))
    assert (shown["state"], shown["outcome"], shown["merged_into"]) == ("closed", "duplicate", target["id"])
    assert done(await town.get(f"/issues/{target['id']}", OFFICER))["joined"] == 1
    refused(await town.post(f"{way}/reopen", NEIGHBOUR, {"note": "不是一回事"}), 409, "transition-refused")
    done(await town.post(f"/issues/{target['id']}/assign", CHAIR, FOUR))
    rows = await town.rows(
        "SELECT data FROM outbox WHERE community = $1 AND type = 'issues.followed_issue_moved.v1'", town.community
    )
    assert [str(NEIGHBOUR.person) in row["data"] for row in rows] == [True]
    third = await town.report(RESIDENT, "还有一盏")
    answer = await town.post(f"/issues/{third['id']}/merge", OFFICER, {"target_id": double["id"]})
    refused(answer, 422, "cannot-merge")


async def test_confidential_matters_are_never_merged(town: Town) -> None:
    target = await town.report(RESIDENT)
    quarrel = await town.report(RESIDENT, category="neighbour_quarrel")
    for one, other in ((quarrel, target), (target, quarrel)):
        answer = await town.post(f"/issues/{one['id']}/merge", OFFICER, {"target_id": other["id"]})
        assert answer.status in (409, 422)
    assert done(await town.get(f"/issues/{target['id']}", OFFICER))["state"] == "registered"


async def test_the_office_withdraws_only_with_proof(town: Town) -> None:
    way = await at_work(town)
    answer = refused(await town.post(f"{way}/withdraw", OFFICER, {}), 422, "invalid-input")
    assert list(answer.fields) == ["reason"]
    shown = done(await town.post(f"{way}/withdraw", OFFICER, {"reason": "居民来电撤回，通话记录 1125-03"}))
    assert (shown["state"], shown["outcome"]) == ("closed", "withdrawn")
    assert (await last(town, way))["details"] == {"by_office": True}


async def test_the_first_contact_counts_and_the_others_are_kept(town: Town) -> None:
    way = f"/issues/{(await town.report(RESIDENT))['id']}"
    for first in (True, False):
        done(await town.post(f"{way}/contact", OFFICER, {"way": "phone", "note": "已了解情况"}))
        assert (await last(town, way))["details"] == {"way": "phone", "first": first}


async def test_what_comes_again_is_discussed_at_the_next_meeting_unless_somebody_has_it_in_hand(town: Town) -> None:
    ways = []
    for _ in range(3):
        town.clock.advance(timedelta(minutes=1))
        ways.append(f"/issues/{(await town.accepted(RESIDENT, OFFICER))['id']}")
    done(await town.post(f"{ways[2]}/assign", OFFICER, FOUR))
    await town.accepted(RESIDENT, OFFICER, category="neighbour_quarrel")
    town.clock.advance(timedelta(minutes=1))
    quarrel = await town.accepted(RESIDENT, OFFICER, category="neighbour_quarrel")
    later, next_one = await town.meeting(CHAIR, days=9), await town.meeting(CHAIR, days=2, kind="wednesday")
    town.clock.advance(timedelta(days=1))
    await town.ring()
    await town.ring()
    shown = [done(await town.get(way, OFFICER)) for way in (*ways, f"/issues/{quarrel['id']}")]
    assert [it["state"] for it in shown] == ["accepted", "on_agenda", "assigned", "accepted"]
    assert shown[1]["meeting_id"] == next_one["id"] != later["id"]
    entry = await last(town, ways[1])
    assert (entry["verb"], entry["details"]["automatic"]) == ("place-on-agenda", True)
    agenda = done(await town.get(f"/meetings/{next_one['id']}", CHAIR))["items"]
    assert [item["issue_id"] for item in agenda] == [shown[1]["id"]]


async def test_lists_show_what_waits_for_a_decision_and_what_lies_before_the_subdistrict(town: Town) -> None:
    await town.report(RESIDENT)
    dismissed, deferred = (await town.report(RESIDENT))["id"], (await at_work(town)).rsplit("/", 1)[1]
    done(await town.post(f"/issues/{dismissed}/dismiss", OFFICER, AWAY))
    review_at = (NOW + timedelta(days=90)).isoformat()
    done(await town.post(f"/issues/{deferred}/defer", HANDLER, {"reason": "等立项", "review_at": review_at}))

    async def listed(who: Any, **wanted: str) -> list[str]:
        return [item["id"] for item in done(await town.get("/issues", who, **wanted))["items"]]

    assert await listed(SECRETARY, proposal="dismissal") == [dismissed]
    assert await listed(SECRETARY, proposal="deferral") == [deferred] == await listed(SUBDISTRICT)
    assert await listed(SECRETARY, proposal="extension") == []
    assert await listed(SECRETARY, brought_up="true") == [deferred]
    assert len(await listed(SECRETARY)) == 3
