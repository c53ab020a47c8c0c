"""What people do with the service over HTTP, and what it tells them."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.events.tests.builders import a_draft_body
from services.events.tests.integration.running import Neighbour
from shared.ids import new_id
from shared.principal import Role
from shared.testing.client import Client
from shared.testing.databases import Database

Another = Callable[[], Neighbour]


async def test_a_draft_is_seen_by_organisers_only(organiser: Neighbour, resident: Neighbour) -> None:
    drafted = await organiser.post("", a_draft_body(title="只有办公室知道"))
    assert (drafted.status, drafted.headers["etag"]) == (201, '"1"')
    path = f"/{drafted.json()['id']}"
    assert (await organiser.get(path)).json() == drafted.json()
    hidden = await resident.get(path)
    assert (hidden.status, hidden.slug) == (404, "event-not-found")
    titles = [event["title"] for event in (await resident.get()).json()["items"]]
    assert "只有办公室知道" not in titles
    assert (await resident.registers(drafted.json()["id"])).slug == "event-not-found"


async def test_an_event_shows_what_is_planned_and_how_many_places_are_taken(
    organiser: Neighbour, resident: Neighbour
) -> None:
    event_id = await organiser.publishes(theme="东北专场", description="每户带一道菜\n自备碗筷")
    await resident.registers(event_id, 4)
    event = (await resident.get(f"/{event_id}")).json()
    assert (event["kind_label_zh"], event["state_label_zh"]) == ("邻里百家宴", "报名中")
    assert (event["programme"], event["theme"]) == ("睦邻而莱 水润万家", "东北专场")
    assert event["places"] == {
        "confirmed_persons": 4,
        "free_persons": 16,
        "waiting_households": 0,
        "registration_open": True,
    }


async def test_the_list_goes_by_start_in_pages_and_filters(organiser: Neighbour, resident: Neighbour) -> None:
    programme, day = f"项目{new_id()}", datetime.now(UTC) + timedelta(days=20)
    for number, kind in enumerate(["lecture", "clinic", "lecture"]):
        starts = day + timedelta(days=number)
        times = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=1)).isoformat()}
        await organiser.publishes(kind=kind, title=f"第{number}场", programme=programme, **times)

    first = (await resident.get(programme=programme, limit=2)).json()
    assert [event["title"] for event in first["items"]] == ["第0场", "第1场"]
    rest = (await resident.get(programme=programme, limit=2, cursor=first["next_cursor"])).json()
    assert ([event["title"] for event in rest["items"]], rest["next_cursor"]) == (["第2场"], None)
    lectures = (await resident.get(programme=programme, kind="lecture", state="published")).json()
    assert [event["title"] for event in lectures["items"]] == ["第0场", "第2场"]
    window = {
        "starts_from": (day + timedelta(hours=1)).isoformat(),
        "starts_before": (day + timedelta(days=2)).isoformat(),
    }
    assert [event["title"] for event in (await resident.get(programme=programme, **window)).json()["items"]] == [
        "第1场"
    ]
    assert (await resident.get(state="finished", programme=programme)).json()["items"] == []


async def test_filters_and_cursors_that_make_no_sense_are_refused(resident: Neighbour) -> None:
    for wrong in ({"state": "open"}, {"kind": "party"}, {"limit": 0}, {"starts_from": "soon"}, {"cursor": "abc"}):
        answer = await resident.get(**wrong)
        assert answer.status == 422, wrong
        assert set(answer.fields) == set(wrong)


async def test_a_change_needs_the_current_version(organiser: Neighbour) -> None:
    event_id = await organiser.publishes()
    stale = await organiser.patch(f"/{event_id}", {"title": "新标题"}, **{"If-Match": '"1"'})
    assert (stale.status, stale.slug) == (412, "version-mismatch")
    changed = await organiser.patch(f"/{event_id}", {"title": "新标题", "programme": None}, **{"If-Match": '"2"'})
    assert (changed.status, changed.headers["etag"]) == (200, '"3"')
    assert (changed.json()["title"], changed.json()["programme"], changed.json()["capacity"]) == ("新标题", None, 20)


async def test_what_a_change_may_not_do_is_said(organiser: Neighbour, resident: Neighbour) -> None:
    event_id = await organiser.publishes()
    await resident.registers(event_id, 5)
    assert (await organiser.patch(f"/{event_id}", {"capacity": 4})).slug == "capacity-too-small"
    assert (await organiser.patch(f"/{event_id}", {"kind": "lecture"})).slug == "event-transition-refused"
    past = await organiser.patch(f"/{event_id}", {"ends_at": "2020-01-01T00:00:00Z"})
    assert (past.status, past.slug, set(past.fields)) == (422, "event-invalid", {"ends_at"})
    cleared = await organiser.patch(f"/{event_id}", {"title": None})
    assert (cleared.status, set(cleared.fields)) == (422, {"title"})


async def test_sign_up_is_refused_in_clear_words(organiser: Neighbour, resident: Neighbour, another: Another) -> None:
    lecture = await organiser.publishes(kind="lecture", capacity=3, has_waitlist=False)
    dish = await resident.registers(lecture, 1, dish="红烧鲤鱼")
    assert (dish.status, dish.slug, set(dish.fields)) == (422, "particulars-refused", {"dish"})
    assert (await resident.registers(lecture, 4)).slug == "party-too-large"
    await resident.registers(lecture, 2)
    again = await resident.registers(lecture, 1)
    assert (again.status, again.slug) == (409, "already-registered")
    full = await another().registers(lecture, 2)
    assert (full.status, full.slug, full.json()["detail"]) == (409, "event-full", "剩余名额 1 个")
    await organiser.post(f"/{lecture}/cancel", {"reason": "老师生病了"})
    gone = await another().registers(lecture)
    assert (gone.status, gone.slug, gone.json()["detail"]) == (409, "event-cancelled", "老师生病了")


async def test_refusals_speak_english_to_who_wants_it(organiser: Neighbour, resident: Neighbour) -> None:
    event_id = await organiser.publishes(capacity=2)
    answer = await resident.post(f"/{event_id}/registrations", {"persons": 3}, **{"Accept-Language": "en"})
    assert answer.json()["detail"] == "The event has 2 places in all"


async def test_ones_own_registrations_show_the_rank_as_it_moves(
    organiser: Neighbour, resident: Neighbour, another: Another
) -> None:
    event_id = await organiser.publishes(capacity=2)
    holder, waiter = another(), another()
    held, waited = await holder.registers(event_id, 2), await waiter.registers(event_id, 2)
    mine = await resident.registers(event_id, 1)
    assert mine.json()["rank"] == 2

    left = await waiter.post(f"/{event_id}/registrations/{waited.json()['id']}/leave")
    assert (left.status, left.json()["state"], left.json()["ended_by"]) == (200, "cancelled", "household")
    (shown,) = (await resident.get("/registrations/mine")).json()["items"]
    assert (shown["state"], shown["rank"], shown["event"]["title"]) == ("waitlisted", 1, "翡翠城邻里百家宴")

    await holder.post(f"/{event_id}/registrations/{held.json()['id']}/leave")
    (shown,) = (await resident.get("/registrations/mine")).json()["items"]
    assert (shown["state"], shown["rank"]) == ("confirmed", None)
    assert shown["promoted_at"] is not None


async def test_a_registration_is_its_households_own_business(
    organiser: Neighbour, resident: Neighbour, another: Another
) -> None:
    event_id = await organiser.publishes()
    registration = (await resident.registers(event_id, dish="红烧鲤鱼", table=3)).json()
    path, stranger = f"/{event_id}/registrations/{registration['id']}", another()
    for answer in (await stranger.get(path), await stranger.post(f"{path}/leave")):
        assert (answer.status, answer.slug) == (404, "registration-not-found")
    assert (await stranger.get(f"/{event_id}/registrations")).status == 403
    for neighbour in (resident, organiser):
        seen = (await neighbour.get(path)).json()
        assert (seen["dish"], seen["table"], seen["check_ins"]) == ("红烧鲤鱼", 3, [])
    left = await organiser.post(f"{path}/leave")
    assert left.status == 200, "an organiser takes a telephone call"


async def test_the_organisers_list_is_paged_in_order(organiser: Neighbour, another: Another) -> None:
    event_id = await organiser.publishes(capacity=3)
    people = [another() for _ in range(5)]
    for person in people:
        await person.registers(event_id, 1)
    path = f"/{event_id}/registrations"
    first = (await organiser.get(path, limit=3)).json()
    rest = (await organiser.get(path, limit=3, cursor=first["next_cursor"])).json()
    listed = [*first["items"], *rest["items"]]
    assert [UUID(one["registered_by"]) for one in listed] == [person.person for person in people]
    assert [one["rank"] for one in listed] == [None, None, None, 1, 2]
    waiting = (await organiser.get(path, state="waitlisted")).json()["items"]
    assert waiting == listed[3:]
    assert (await organiser.get(f"/{new_id()}/registrations")).slug == "event-not-found"


async def test_the_door_says_who_cannot_come_in(organiser: Neighbour, resident: Neighbour, another: Another) -> None:
    event_id = await organiser.publishes_for_now(capacity=2)
    inside, waiting = await resident.registers(event_id, 2), await another().registers(event_id, 1)

    async def arrives(registration: str, **body: object) -> tuple[int, str]:
        path = f"/{event_id}/registrations/{registration}/check-ins"
        answer = await organiser.post(path, {"nonce": f"scan-{new_id()}", "persons": 1, **body})
        return answer.status, answer.slug

    assert await arrives(waiting.json()["id"]) == (409, "registration-not-confirmed")
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    assert await arrives(inside.json()["id"], occurred_at=tomorrow) == (409, "outside-check-in-time")
    assert await arrives(inside.json()["id"], persons=3) == (409, "more-than-registered")
    assert await arrives(str(new_id())) == (404, "registration-not-found")
    earlier = (datetime.now(UTC) - timedelta(minutes=20)).isoformat()
    assert await arrives(inside.json()["id"], occurred_at=earlier) == (201, "")

    far = await organiser.publishes()
    early = (await resident.registers(far)).json()["id"]
    path = f"/{far}/registrations/{early}/check-ins"
    too_early = await organiser.post(path, {"nonce": "scan-0001", "persons": 1})
    assert too_early.slug == "outside-check-in-time"


async def test_an_annulled_arrival_stays_on_record(organiser: Neighbour, resident: Neighbour) -> None:
    event_id = await organiser.publishes_for_now()
    registration = (await resident.registers(event_id, 2)).json()["id"]
    path = f"/{event_id}/registrations/{registration}"
    arrival = (await organiser.post(f"{path}/check-ins", {"nonce": "scan-0001", "persons": 2})).json()
    annulled = await organiser.post(f"{path}/check-ins/{arrival['id']}/annul", {"reason": "扫错了码"})
    assert (annulled.status, annulled.json()["present_persons"]) == (200, 0)
    again = await organiser.post(f"{path}/check-ins/{arrival['id']}/annul", {"reason": "扫错了码"})
    assert (again.status, again.slug) == (409, "check-in-already-annulled")
    (record,) = (await resident.get(path)).json()["check_ins"]
    assert (record["annul_reason"], record["nonce"]) == ("扫错了码", "scan-0001")


async def test_the_same_scan_from_many_devices_at_once_counts_once(organiser: Neighbour, resident: Neighbour) -> None:
    event_id = await organiser.publishes_for_now()
    registration = (await resident.registers(event_id, 4)).json()["id"]
    path = f"/{event_id}/registrations/{registration}/check-ins"
    answers = await asyncio.gather(*(organiser.post(path, {"nonce": "scan-0001", "persons": 2}) for _ in range(20)))
    assert {answer.status for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert (await organiser.get(f"/{event_id}/attendance")).json()["present"]["person_times"] == 2


async def test_different_scans_at_once_never_count_more_than_registered(
    organiser: Neighbour, resident: Neighbour
) -> None:
    event_id = await organiser.publishes_for_now()
    registration = (await resident.registers(event_id, 4)).json()["id"]
    path = f"/{event_id}/registrations/{registration}/check-ins"
    answers = await asyncio.gather(
        *(organiser.post(path, {"nonce": f"scan-{number:04}", "persons": 1}) for number in range(12))
    )
    assert sorted(answer.status for answer in answers) == [201] * 4 + [409] * 8
    assert (await organiser.get(f"/{event_id}/attendance")).json()["present"]["person_times"] == 4


async def test_the_same_key_gets_the_same_answer_byte_for_byte(organiser: Neighbour, resident: Neighbour) -> None:
    event_id = await organiser.publishes()
    path, key = f"/{event_id}/registrations", {"Idempotency-Key": "registration-1"}
    first = await resident.post(path, {"persons": 2}, **key)
    again = await resident.post(path, {"persons": 2}, **key)
    assert (again.status, again.body, again.headers["idempotency-replayed"]) == (201, first.body, "true")
    other = await resident.post(path, {"persons": 3}, **key)
    assert (other.status, other.slug) == (422, "idempotency-key-reused")
    refused = await resident.post(path, {"persons": 2})
    assert refused.slug == "already-registered"
    twins = await asyncio.gather(*(resident.post(path, {"persons": 2}, **key) for _ in range(50)))
    assert {(twin.status, twin.body) for twin in twins} == {(201, first.body)}


async def test_leaving_and_coming_at_once_never_oversell(organiser: Neighbour, another: Another) -> None:
    event_id = await organiser.publishes(capacity=6)
    people = [another() for _ in range(16)]
    taken = await asyncio.gather(
        *(person.registers(event_id, 1 + index % 3) for index, person in enumerate(people[:8]))
    )

    async def leaves(person: Neighbour, registration: str) -> None:
        assert (await person.post(f"/{event_id}/registrations/{registration}/leave")).status == 200

    await asyncio.gather(
        *(leaves(person, answer.json()["id"]) for person, answer in zip(people[:4], taken[:4], strict=True)),
        *(person.registers(event_id, 1 + index % 3) for index, person in enumerate(people[8:])),
    )
    listed = (await organiser.get(f"/{event_id}/registrations")).json()["items"]
    confirmed = sum(one["persons"] for one in listed if one["state"] == "confirmed")
    waiting = [one for one in listed if one["state"] == "waitlisted"]
    assert confirmed <= 6
    assert [one["rank"] for one in waiting] == list(range(1, len(waiting) + 1))
    if waiting:
        assert confirmed + waiting[0]["persons"] > 6
    places = (await organiser.get(f"/{event_id}")).json()["places"]
    assert (places["confirmed_persons"], places["waiting_households"]) == (confirmed, len(waiting))


async def test_the_service_is_ready_and_says_so(client: Client, database: Database) -> None:
    ready = await client.get("/readyz")
    assert (ready.status, ready.json()["checks"]) == (200, {"database": "ok", "migrations": "ok"})
    assert (await client.get("/healthz")).status == 200


async def test_a_partner_reads_events_but_does_not_sign_up(client: Client, organiser: Neighbour) -> None:
    event_id = await organiser.publishes()
    partner = Neighbour(client, (Role.PARTNER,), new_id())
    assert (await partner.get(f"/{event_id}")).status == 200
    assert (await partner.registers(event_id)).status == 403
