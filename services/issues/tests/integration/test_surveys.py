"""Surveys over HTTP: what the office writes, what households answer, what everybody reads."""

import asyncio
from datetime import timedelta
from typing import Any

from services.issues.consumers import remember_a_compound, remember_a_household, remember_who_joined_a_household
from services.issues.tests.builders import BUILDING, COMPOUND, HANDLER, NEIGHBOUR, OFFICER, RESIDENT, SECRETARY
from services.issues.tests.integration.town import Town, done, refused
from shared.contracts.gateway import CompoundAdded, HouseholdJoined, HouseholdRegistered
from shared.ids import new_id

SURVEY: dict[str, Any] = {
    "kind": "effect",
    "title": "物业服务满意度",
    "population": {"households": 5196, "as_of": "2025-12-31", "source": "社区台账"},
    "questions": [
        {"kind": "scale", "text": "对物业是否满意"},
        {"kind": "some_of", "text": "希望改进什么", "options": ["保洁", "停车"], "required": False},
        {"kind": "words", "text": "建议", "required": False},
    ],
}
FINE = [{"question": 1, "answer": ["5"]}, {"question": 2, "answer": ["2"]}, {"question": 3, "answer": ["多装灯"]}]


async def a_household(town: Town, *people: Any) -> str:
    household = new_id()
    message = HouseholdRegistered(household_id=household, building_id=BUILDING, person_ids=())
    await town.tell(remember_a_household, message)
    for who in people:
        joined = HouseholdJoined(household_id=household, building_id=BUILDING, person_id=who.person)
        await town.tell(remember_who_joined_a_household, joined)
    return str(household)


async def opened(town: Town, **more: Any) -> str:
    survey = done(await town.post("/surveys", OFFICER, {**SURVEY, **more}), 201)
    closes_at = (town.clock.now() + timedelta(days=7)).isoformat()
    done(await town.post(f"/surveys/{survey['id']}/open", OFFICER, {"closes_at": closes_at}, if_match="1"))
    return f"/surveys/{survey['id']}"


async def test_households_answer_once_and_results_come_with_their_n(town: Town) -> None:
    await a_household(town, RESIDENT)
    paper = await a_household(town)
    way = await opened(town)
    done(await town.post(f"{way}/answers", RESIDENT, {"answers": FINE}), 201)
    refused(await town.post(f"{way}/answers", RESIDENT, {"answers": FINE}), 409, "household-already-answered")
    refused(await town.post(f"{way}/answers", NEIGHBOUR, {"answers": FINE}), 422, "no-household")
    refused(
        await town.post(f"{way}/answers", RESIDENT, {"answers": FINE, "household_id": paper}), 403, "not-your-household"
    )
    keyed = {"answers": [{"question": 1, "answer": ["2"]}], "household_id": paper}
    done(await town.post(f"{way}/answers", OFFICER, keyed), 201)

    refused(await town.get(f"{way}/results", RESIDENT), 403, "results-not-out")
    results = done(await town.get(f"{way}/results", SECRETARY))
    assert results["final"] is False
    assert results["response_rate"] == {"numerator": 2, "denominator": 5196, "value": 0.0004, "too_small": False}
    satisfied = results["questions"][0]["satisfied"]
    assert satisfied == {"numerator": 1, "denominator": 2, "value": 0.5, "too_small": True}
    assert [(q["n"], [c["count"] for c in q["counts"]]) for q in results["questions"]] == [
        (2, [0, 1, 0, 0, 1]),
        (1, [0, 1]),
        (1, []),
    ]
    assert done(await town.get(f"{way}/words", OFFICER, question=3))["items"] == [{"text": "多装灯"}]
    refused(await town.get(f"{way}/words", RESIDENT, question=3), 403, "forbidden")

    done(await town.post(f"{way}/close", OFFICER))
    assert done(await town.get(f"{way}/results", RESIDENT))["final"] is True
    refused(await town.post(f"{way}/answers", OFFICER, keyed), 409, "survey-not-open")
    survey_id = way.rsplit("/", 1)[1]
    assert await town.published(survey_id) == ["survey_opened", "survey_answered", "survey_answered", "survey_closed"]


async def test_two_of_one_household_at_once_make_one_answer(town: Town) -> None:
    await a_household(town, RESIDENT, NEIGHBOUR)
    way = await opened(town)
    answers = await asyncio.gather(
        *(town.post(f"{way}/answers", who, {"answers": FINE}) for who in (RESIDENT, NEIGHBOUR) * 4)
    )
    assert sorted(answer.status for answer in answers) == [201] + [409] * 7
    assert done(await town.get(f"{way}/results", OFFICER))["response_rate"]["numerator"] == 1


async def test_a_survey_of_one_compound_is_answered_by_its_households_only(town: Town) -> None:
    household = await a_household(town, RESIDENT)
    elsewhere = new_id()
    await town.tell(remember_a_compound, CompoundAdded(compound_id=elsewhere, name="翡翠城二期"))
    here, there = await opened(town, compound_id=str(COMPOUND)), await opened(town, compound_id=str(elsewhere))
    refused(await town.post(f"{there}/answers", RESIDENT, {"answers": FINE}), 403, "household-not-asked")
    keyed = {"answers": FINE, "household_id": household}
    refused(await town.post(f"{there}/answers", OFFICER, keyed), 403, "household-not-asked")
    done(await town.post(f"{here}/answers", RESIDENT, {"answers": FINE}), 201)
    assert done(await town.get(f"{there}/results", OFFICER))["response_rate"]["numerator"] == 0


async def test_an_anonymous_answer_leads_to_no_household_and_no_time(town: Town) -> None:
    await a_household(town, RESIDENT)
    anonymous, named = await opened(town), await opened(town, anonymous=False)
    for way in (anonymous, named):
        done(await town.post(f"{way}/answers", RESIDENT, {"answers": FINE}), 201)
    rows = await town.rows(
        "SELECT household_id, at, uuid_extract_version(id) AS v FROM survey_answers WHERE community = $1 ORDER BY at",
        town.community,
    )
    assert [(row["household_id"] is None, row["at"] is None, row["v"]) for row in rows] == [
        (False, False, 7),
        (True, True, 4),
    ]


async def test_a_draft_is_seen_by_the_office_only(town: Town) -> None:
    survey = done(await town.post("/surveys", OFFICER, SURVEY), 201)
    refused(await town.get(f"/surveys/{survey['id']}", RESIDENT), 404, "not-found")
    assert done(await town.get("/surveys", HANDLER))["items"] == []
    assert [
        one["id"] for one in done(await town.get("/surveys", SECRETARY, state="draft", kind="effect"))["items"]
    ] == [survey["id"]]
    refused(await town.post("/surveys", RESIDENT, SURVEY), 403, "forbidden")
    revised = {**SURVEY, "title": "新标题"}
    done(await town.post(f"/surveys/{survey['id']}/revise", SECRETARY, revised, if_match="1"))
    refused(await town.post(f"/surveys/{survey['id']}/revise", OFFICER, SURVEY, if_match="1"), 412, "version-mismatch")


async def test_questions_that_make_no_sense_are_refused(town: Town) -> None:
    for question in ({"kind": "one_of", "text": "?"}, {"kind": "scale", "text": "?", "options": ["a", "b"]}):
        answer = refused(
            await town.post("/surveys", OFFICER, {**SURVEY, "questions": [question]}), 422, "invalid-input"
        )
        assert list(answer.fields) == ["questions.0"]
    elsewhere = {**SURVEY, "compound_id": str(new_id())}
    assert list(refused(await town.post("/surveys", OFFICER, elsewhere), 422, "invalid-input").fields) == [
        "compound_id"
    ]


async def test_a_survey_closes_by_itself_once_its_time_is_over(town: Town) -> None:
    await a_household(town, RESIDENT)
    way = await opened(town)
    town.clock.advance(timedelta(days=7))
    refused(await town.post(f"{way}/answers", RESIDENT, {"answers": FINE}), 409, "survey-not-open")
    await town.ring()
    await town.ring()
    assert done(await town.get(way, RESIDENT))["state"] == "closed"
    assert await town.published(way.rsplit("/", 1)[1]) == ["survey_opened", "survey_closed"]
