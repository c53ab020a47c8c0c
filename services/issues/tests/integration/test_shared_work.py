"""主办与协办 over HTTP: who reads and does what, child tasks that hold back the resolution, reminders by time."""

import asyncio
from datetime import timedelta
from typing import Any

from services.issues.domain.words.issues import IssueKind
from services.issues.tests.builders import (
    ADMIN,
    CHAIR,
    GRID_WORKER,
    HANDLER,
    NEIGHBOUR,
    OFFICER,
    OTHER_HANDLER,
    PROPERTY,
    RESIDENT,
    UNIT,
)
from services.issues.tests.integration.test_the_way_of_an_issue import FOUR, REPLY
from services.issues.tests.integration.town import Town, done, refused
from shared.ids import new_id
from shared.principal import Grant, Principal, Role

PART = {"organisation": str(UNIT), "part": "断电配合"}


def task(town: Town, organisation: object = UNIT, **more: Any) -> dict[str, Any]:
    deadline = (town.clock.now() + timedelta(days=1)).isoformat()
    return {"title": "断开北侧线路", "organisation": str(organisation), "deadline": deadline, **more}


async def passes(town: Town, time: timedelta) -> None:
    """Time goes by, and what is due happens."""
    town.clock.advance(time)
    await town.ring()


async def at_work(town: Town, **more: Any) -> str:
    """An issue that the property company works on; its path."""
    issue = await town.accepted(RESIDENT, OFFICER, **more)
    way = f"/issues/{issue['id']}"
    done(await town.post(f"{way}/assign", OFFICER, FOUR))
    done(await town.post(f"{way}/sign", HANDLER))
    return way


async def test_a_co_handler_reads_the_issue_does_its_part_and_holds_back_the_resolution(town: Town) -> None:
    way = await at_work(town)
    refused(await town.get(way, OTHER_HANDLER), 404, "not-found")
    named = done(await town.post(f"{way}/co-handlers", OFFICER, PART))
    assert [(one["organisation"], one["part"]) for one in named["co_handlers"]] == [(str(UNIT), "断电配合")]
    assert done(await town.get(way, OTHER_HANDLER))["state"] == "in_progress"
    assert [one["id"] for one in done(await town.get("/issues", OTHER_HANDLER))["items"]] == [way.split("/")[-1]]

    shared = done(await town.post(f"{way}/tasks", HANDLER, task(town), if_match=str(named["version"])))
    (child,) = shared["tasks"]
    assert (child["state"], child["overdue"], shared["open_tasks"]) == ("open", False, 1)
    answer = refused(await town.post(f"{way}/resolve", HANDLER, REPLY), 409, "transition-refused")
    assert answer.json()["detail"] == "还有子任务没有完成"
    refused(await town.post(f"{way}/resolve", OTHER_HANDLER, REPLY), 403, "not-your-step")

    listed = done(await town.get("/issues/tasks", OTHER_HANDLER))["items"]
    assert [one["id"] for one in listed] == [child["id"]]
    assert done(await town.get("/issues/tasks", HANDLER))["items"] == []
    finished = done(await town.post(f"{way}/tasks/{child['id']}/finish", OTHER_HANDLER, {"result": "已断电"}))
    assert (finished["open_tasks"], finished["tasks"][0]["result"]) == (0, "已断电")
    refused(await town.post(f"{way}/tasks/{child['id']}/finish", OTHER_HANDLER, {"result": "又断"}), 409, "task-ended")
    assert done(await town.post(f"{way}/resolve", HANDLER, REPLY))["state"] == "resolved"
    assert [name for name in await town.published(way.split("/")[-1]) if "task" in name or "co_" in name] == [
        "co_handler_named",
        "child_task_set",
        "child_task_done",
    ]
    verbs = [step["verb"] for step in done(await town.get(f"{way}/history", OFFICER))["items"]]
    assert verbs[-4:] == ["name-co-handler", "set-task", "finish-task", "resolve"]


async def test_who_works_for_a_co_handler_in_any_role_cannot_verify(town: Town) -> None:
    way = await at_work(town)
    done(await town.post(f"{way}/co-handlers", OFFICER, PART))
    done(await town.post(f"{way}/resolve", HANDLER, REPLY))
    both = Principal(new_id(), town.community, (Grant(Role.VERIFIER), Grant(Role.VOLUNTEER, UNIT)))
    refused(await town.post(f"{way}/verify", both, {"note": "亮了"}), 403, "conflict-of-interest")


async def test_who_may_share_out_work_and_to_whom(town: Town) -> None:
    way = await at_work(town)
    for who in (HANDLER, ADMIN, RESIDENT):
        refused(await town.post(f"{way}/co-handlers", who, PART), 403, "forbidden")
    stranger = {**PART, "organisation": str(new_id())}
    answer = refused(await town.post(f"{way}/co-handlers", CHAIR, stranger), 422, "invalid-input")
    assert list(answer.fields) == ["organisation"]
    lead = {**PART, "organisation": str(PROPERTY)}
    assert list(refused(await town.post(f"{way}/co-handlers", CHAIR, lead), 409, "cannot-share-work").fields) == [
        "organisation"
    ]
    refused(await town.post(f"{way}/tasks", HANDLER, task(town)), 409, "cannot-share-work")
    done(await town.post(f"{way}/co-handlers", CHAIR, PART))
    refused(await town.post(f"{way}/tasks", OTHER_HANDLER, task(town)), 403, "not-your-step")
    past = task(town, deadline=town.clock.now().isoformat())
    assert list(refused(await town.post(f"{way}/tasks", HANDLER, past), 422, "invalid-input").fields) == ["deadline"]
    own = done(await town.post(f"{way}/tasks", HANDLER, task(town, PROPERTY)))["tasks"][0]["id"]
    refused(await town.post(f"{way}/tasks/{own}/finish", OTHER_HANDLER, {"result": "x"}), 403, "not-your-step")
    refused(await town.post(f"{way}/tasks/{new_id()}/finish", HANDLER, {"result": "x"}), 404, "not-found")
    waiting = await town.accepted(RESIDENT, OFFICER)
    refused(await town.post(f"/issues/{waiting['id']}/co-handlers", OFFICER, PART), 409, "cannot-share-work")


async def test_a_co_handler_is_released_when_nothing_of_its_part_is_open(town: Town) -> None:
    way = await at_work(town)
    done(await town.post(f"{way}/co-handlers", OFFICER, PART))
    child = done(await town.post(f"{way}/tasks", OFFICER, task(town)))["tasks"][0]["id"]
    release, why = f"{way}/co-handlers/{UNIT}/release", {"reason": "不需要了"}
    refused(await town.post(release, OFFICER, why), 409, "cannot-share-work")
    cancelled = done(await town.post(f"{way}/tasks/{child}/cancel", HANDLER, why))
    assert (cancelled["tasks"][0]["state"], cancelled["open_tasks"]) == ("cancelled", 0)
    assert done(await town.post(release, OFFICER, why))["co_handlers"] == []
    refused(await town.post(release, OFFICER, why), 404, "not-found")
    refused(await town.get(way, OTHER_HANDLER), 404, "not-found")
    assert done(await town.get("/issues", OTHER_HANDLER))["items"] == []


async def test_an_overdue_child_task_reminds_by_time_until_it_is_ended(town: Town) -> None:
    way = await at_work(town)
    done(await town.post(f"{way}/co-handlers", OFFICER, PART))
    child = done(await town.post(f"{way}/tasks", OFFICER, task(town)))["tasks"][0]["id"]

    async def reminded() -> int:
        return (await town.published(way.split("/")[-1])).count("child_task_overdue")

    await passes(town, timedelta(hours=23))
    assert await reminded() == 0
    for days, expected in ((1, 1), (1, 2), (1, 2), (1, 3)):
        await passes(town, timedelta(days=days))
        assert await reminded() == expected
    assert done(await town.get("/issues/tasks", OFFICER))["items"][0]["overdue"] is True
    done(await town.post(f"{way}/tasks/{child}/finish", HANDLER, {"result": "好了"}))
    await passes(town, timedelta(days=30))
    assert await reminded() == 3


async def test_a_child_task_lapses_when_its_issue_ends_without_it(town: Town) -> None:
    way = await at_work(town)
    done(await town.post(f"{way}/tasks", OFFICER, task(town, PROPERTY)))
    done(await town.post(f"{way}/withdraw", RESIDENT, {}))
    await passes(town, timedelta(days=2))
    work = done(await town.get(f"{way}/work", OFFICER))
    assert (work["tasks"][0]["state"], work["open_tasks"]) == ("cancelled", 0)
    assert (await town.published(way.split("/")[-1]))[-1] == "child_task_cancelled"


async def test_the_list_of_child_tasks_tells_nothing_of_what_one_may_not_read(town: Town) -> None:
    await at_work(town)
    dispute = await at_work(town, kind=IssueKind.DISPUTE)
    done(await town.post(f"{dispute}/co-handlers", OFFICER, PART))
    child = done(await town.post(f"{dispute}/tasks", OFFICER, task(town)))["tasks"][0]["id"]
    assert [one["id"] for one in done(await town.get("/issues/tasks", OFFICER))["items"]] == [child]
    refused(await town.get(dispute, GRID_WORKER), 404, "not-found")
    assert done(await town.get("/issues/tasks", GRID_WORKER))["items"] == []
    both = Principal(GRID_WORKER.person, town.community, (*GRID_WORKER.grants, *OTHER_HANDLER.grants))
    assert [one["id"] for one in done(await town.get("/issues/tasks", both))["items"]] == [child]


async def test_the_reporter_reads_public_notes_only_and_no_child_tasks(town: Town) -> None:
    way = await at_work(town)
    done(await town.post(f"{way}/co-handlers", OFFICER, PART))
    done(await town.post(f"{way}/tasks", OFFICER, task(town)))
    done(await town.post(f"{way}/progress", OTHER_HANDLER, {"text": "配件已到", "public": True}), 201)
    done(await town.post(f"{way}/progress", HANDLER, {"text": "该户上月欠费"}), 201)
    refused(await town.post(f"{way}/progress", RESIDENT, {"text": "x"}), 403, "forbidden")
    (seen,) = done(await town.get(f"{way}/progress", RESIDENT))["items"]
    assert (seen["text"], seen["organisation"], seen["by"]) == ("配件已到", str(UNIT), None)
    page = done(await town.get(f"{way}/progress", HANDLER, limit=1))
    rest = done(await town.get(f"{way}/progress", HANDLER, limit=1, cursor=page["next_cursor"]))
    assert [note["text"] for note in page["items"] + rest["items"]] == ["该户上月欠费", "配件已到"]
    work = done(await town.get(f"{way}/work", RESIDENT))
    assert (work["tasks"], work["open_tasks"], len(work["co_handlers"])) == ([], 1, 1)
    refused(await town.get(f"{way}/work", NEIGHBOUR), 404, "not-found")
    refused(await town.get(f"{way}/progress", NEIGHBOUR), 404, "not-found")
    (told,) = [n for n in await town.published(way.split("/")[-1]) if n == "progress_noted"][:1]
    assert told


async def test_the_history_tells_a_reporter_that_work_was_shared_but_not_its_words(town: Town) -> None:
    way = await at_work(town)
    done(await town.post(f"{way}/co-handlers", OFFICER, PART))
    shared = done(await town.post(f"{way}/tasks", HANDLER, task(town)))
    finish = f"{way}/tasks/{shared['tasks'][0]['id']}/finish"
    done(await town.post(finish, OTHER_HANDLER, {"result": "已断电，需换表"}))
    for who, told in ((RESIDENT, False), (OFFICER, True)):
        answer = await town.get(f"{way}/history", who)
        verbs = [step["verb"] for step in done(answer)["items"]]
        assert verbs[-3:] == ["name-co-handler", "set-task", "finish-task"]
        words = answer.body.decode()
        assert all((one in words) is told for one in ("断开北侧线路", "断电配合", "已断电，需换表"))


async def test_nobody_resolves_while_a_child_task_is_being_set(town: Town) -> None:
    """Whoever is second of the two is refused: never a resolved issue with an open child task."""
    for _ in range(5):
        way = await at_work(town)
        answers = await asyncio.gather(
            town.post(f"{way}/tasks", OFFICER, task(town, PROPERTY)), town.post(f"{way}/resolve", HANDLER, REPLY)
        )
        assert sorted(answer.status for answer in answers) == [200, 409]
        issue = done(await town.get(way, OFFICER))
        work = done(await town.get(f"{way}/work", OFFICER))
        assert (issue["state"] == "resolved") == (work["open_tasks"] == 0)
        assert work["open_tasks"] == len(work["tasks"])


async def test_two_who_share_out_work_at_once_lose_nothing(town: Town) -> None:
    way = await at_work(town)
    version = str(done(await town.get(way, OFFICER))["version"])
    answers = await asyncio.gather(
        *(town.post(f"{way}/tasks", who, task(town, PROPERTY), if_match=version) for who in (OFFICER, CHAIR, HANDLER))
    )
    assert sorted(answer.status for answer in answers)[0] == 200
    assert {answer.status for answer in answers} <= {200, 409, 412}
    assert [answer.status for answer in answers].count(200) == 1
    work = done(await town.get(f"{way}/work", OFFICER))
    assert work["open_tasks"] == len(work["tasks"]) == 1
