"""Contacts in the database and over HTTP: sealed, masked, revealed with a trace that nobody can remove."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from services.issues.storage.phone_index import tail_indexes
from services.issues.tests.builders import (
    BUILDING,
    CENTRE_HOUSEHOLD,
    CHAIR,
    GRID_WORKER,
    HANDLER,
    NEIGHBOUR,
    OFFICER,
    RESIDENT,
)
from services.issues.tests.integration.test_the_way_of_an_issue import FOUR
from services.issues.tests.integration.town import DATA_KEY, Town, done, refused
from shared.security.sealing import seal_of

CONTACT = {"name": "张建国", "phone": "138 0000 8000"}
CALL = {"field": "contact", "purpose": "call_back"}


async def called_in(town: Town, **more: Any) -> Any:
    """A matter of an old man who has no account; the officer writes down his call."""
    body = {
        "category": "street_light",
        "place": {"building_id": str(BUILDING)},
        "text": "楼道灯不亮",
        "proxy": {"consent": "phone"},
        "contact": CONTACT,
        **more,
    }
    return done(await town.post("/issues", OFFICER, body), 201)


async def test_a_call_is_filed_with_a_contact_that_is_kept_sealed(town: Town) -> None:
    issue = await called_in(town)
    assert (issue["source"], issue["reported_by"], issue["number"]) == ("proxy", None, "FCC-2026-000001")
    for table in ("issues", "issue_history", "issue_contacts", "outbox", "idempotency_keys"):
        for row in await town.rows(f"SELECT t::text AS row FROM {table} AS t WHERE community = $1", town.community):
            assert "建国" not in row["row"]
            assert "0000800" not in row["row"]
    (row,) = await town.rows("SELECT * FROM issue_contacts WHERE community = $1", town.community)
    assert "张".encode() not in row["sealed"]
    seal = seal_of(DATA_KEY)
    assert row["tail_index"] in tail_indexes(seal, town.community, "8000")
    assert row["tail_index"] not in tail_indexes(seal, "elsewhere", "8000")


async def test_everybody_who_reads_the_issue_sees_the_contact_masked_and_nobody_else(town: Town) -> None:
    issue = await called_in(town)
    masked = {"name": "张*", "phone": "138****8000"}
    for who in (OFFICER, GRID_WORKER, CENTRE_HOUSEHOLD):
        assert done(await town.get(f"/issues/{issue['id']}/contact", who)) == masked
    refused(await town.get(f"/issues/{issue['id']}/contact", RESIDENT), 404, "not-found")
    without = await town.report(RESIDENT)
    refused(await town.get(f"/issues/{without['id']}/contact", RESIDENT), 404, "not-found")


async def test_a_look_shows_everything_and_is_read_by_those_concerned(town: Town) -> None:
    proxy = {"person_id": str(NEIGHBOUR.person), "consent": "oral"}
    issue = await called_in(town, proxy=proxy)
    path = f"/issues/{issue['id']}"
    seen = done(await town.post(f"{path}/reveal", OFFICER, CALL))
    assert (seen["name"], seen["phone"], seen["reporter"]) == ("张建国", "13800008000", None)
    done(await town.post(f"{path}/reveal", GRID_WORKER, {**CALL, "purpose": "handle"}))
    for who in (NEIGHBOUR, OFFICER):
        items = done(await town.get(f"{path}/reveals", who))["items"]
        assert [(it["person"], it["purpose"]) for it in items] == [
            (str(GRID_WORKER.person), "handle"),
            (str(OFFICER.person), "call_back"),
        ]
    refused(await town.get(f"{path}/reveals", GRID_WORKER), 403, "reveal-not-yours")
    page = done(await town.get(f"{path}/reveals", OFFICER, limit=1))
    rest = done(await town.get(f"{path}/reveals", OFFICER, limit=1, cursor=page["next_cursor"]))
    assert [it["purpose"] for it in (*page["items"], *rest["items"])] == ["handle", "call_back"]


async def test_what_was_revealed_lies_nowhere_in_clear(town: Town) -> None:
    issue = await called_in(town)
    done(await town.post(f"/issues/{issue['id']}/reveal", OFFICER, CALL))
    rows = await town.rows(
        "SELECT convert_from(body, 'UTF8') AS body FROM idempotency_keys WHERE community = $1", town.community
    )
    assert rows
    assert not any("13800008000" in row["body"] or "建国" in row["body"] for row in rows)


async def test_only_those_who_call_or_work_on_it_may_look(town: Town) -> None:
    issue = await called_in(town)
    path = f"/issues/{issue['id']}"
    refused(await town.post(f"{path}/reveal", HANDLER, CALL), 404, "not-found")
    refused(await town.post(f"{path}/reveal", CHAIR, CALL), 403, "forbidden")
    done(await town.post(f"{path}/accept", OFFICER, {"tier": "general"}))
    done(await town.post(f"{path}/assign", OFFICER, FOUR))
    assert done(await town.post(f"{path}/reveal", HANDLER, CALL))["phone"] == "13800008000"


async def test_an_anonymous_reporter_is_named_to_the_duty_officer_and_the_reporter_learns_of_it(town: Town) -> None:
    issue = await town.report(RESIDENT, anonymous=True, contact=CONTACT)
    path, ask = f"/issues/{issue['id']}", {"field": "reporter", "purpose": "verify"}
    refused(await town.post(f"{path}/reveal", GRID_WORKER, ask), 403, "reveal-not-yours")
    refused(await town.post(f"{path}/reveal", GRID_WORKER, CALL), 403, "reveal-not-yours")
    assert done(await town.post(f"{path}/reveal", OFFICER, ask))["reporter"] == str(RESIDENT.person)
    (look,) = done(await town.get(f"{path}/reveals", RESIDENT))["items"]
    assert (look["field"], look["purpose_label"]["zh"]) == ("reporter", "核实情况")


async def test_the_contact_of_an_unnamed_reporter_is_not_even_shown_masked(town: Town) -> None:
    issue = await town.report(RESIDENT, anonymous=True, contact=CONTACT)
    path = f"/issues/{issue['id']}"
    done(await town.post(f"{path}/accept", OFFICER, {"tier": "general"}))
    done(await town.post(f"{path}/assign", OFFICER, FOUR))
    for who in (OFFICER, RESIDENT):
        assert done(await town.get(f"{path}/contact", who))["phone"] == "138****8000"
    for who in (HANDLER, GRID_WORKER, CENTRE_HOUSEHOLD, CHAIR):
        done(await town.get(path, who))
        refused(await town.get(f"{path}/contact", who), 404, "not-found")


async def test_a_look_can_never_be_taken_back(town: Town) -> None:
    issue = await called_in(town)
    done(await town.post(f"/issues/{issue['id']}/reveal", OFFICER, CALL))
    connection = await asyncpg.connect(town.database.plain(town.database.app_url))
    try:
        for statement in ("DELETE FROM issue_reveals", "UPDATE issue_reveals SET person = issue_id"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()


async def test_a_contact_moved_to_another_issue_cannot_be_opened(town: Town) -> None:
    issue = await called_in(town)
    other = await town.report(RESIDENT)
    await town.rows("UPDATE issue_contacts SET issue_id = $1 WHERE issue_id = $2", UUID(other["id"]), UUID(issue["id"]))
    refused(await town.get(f"/issues/{other['id']}/contact", OFFICER), 503, "contact-unreadable")


async def test_bad_contacts_are_refused_by_name(town: Town) -> None:
    for contact, field in (({"phone": "abc"}, "contact.phone"), ({}, "contact"), ({"name": " "}, "contact.name")):
        answer = await town.post(
            "/issues", RESIDENT, {"category": "noise", "place": {"text": "北门"}, "text": "吵", "contact": contact}
        )
        assert (answer.status, list(answer.fields)) == (422, [field])


async def test_a_repeated_filing_keeps_one_issue_and_one_contact(town: Town) -> None:
    body = {"category": "noise", "place": {"text": "北门"}, "text": "吵", "contact": CONTACT}
    first = done(await town.post("/issues", RESIDENT, body, key="once"), 201)
    again = done(await town.post("/issues", RESIDENT, body, key="once"), 201)
    assert first == again
    assert len(await town.rows("SELECT 1 FROM issue_contacts WHERE community = $1", town.community)) == 1
