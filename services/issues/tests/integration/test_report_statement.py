"""The one statement of the hot path writes what the plain store writes, and nothing of it survives a refusal."""

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

from services.issues.domain.place import Place
from services.issues.tests.builders import BUILDING, GRID_WORKER, RESIDENT
from services.issues.tests.integration.town import Town, done
from services.issues.use_cases.report_issue import ReportIssue, report_issue
from shared.database.unit_of_work import UnitOfWork
from shared.ids import new_id
from shared.principal import Role
from shared.testing.principals import a_principal

TEXT = 'it\'s "dark"\\n\n　　北侧 number-0 $1 %s {}'
DIFFERENT = {"id", "number", "position", "correlation_id"}
WRITTEN = {
    "issues": "id",
    "issue_history": "issue_id",
    "report_queue": "issue_id",
    "outbox": "aggregate_id",
    "outbox_aggregates": "aggregate_id",
}


async def written(town: Town, issue_id: UUID) -> dict[str, dict[str, Any]]:
    """All rows of an issue, without what differs from issue to issue."""
    rows = {}
    for table, key in WRITTEN.items():
        (row,) = await town.rows(f"SELECT to_jsonb(t) AS row FROM {table} AS t WHERE {key} = $1", issue_id)
        found = json.loads(row["row"])
        if "data" in found:
            found["data"] = {k: v for k, v in found["data"].items() if k not in ("issue_id", "number")}
        rows[table] = {name: value for name, value in found.items() if name not in DIFFERENT and name != key}
    return rows


async def test_both_ways_write_the_same_rows(town: Town) -> None:
    for who in (RESIDENT, GRID_WORKER):
        by = replace(who, community=town.community)
        hot = await town.report(by, TEXT, title="太暗", place={"building_id": str(BUILDING), "text": "北侧"})
        uow = town.app.state.unit_of_work(town.community, correlation_id="test")
        plain = await report_issue(ReportIssue("street_light", Place(BUILDING, "北侧"), TEXT, by, "太暗"), uow)
        assert await written(town, UUID(hot["id"])) == await written(town, plain.id)
        assert hot["text"] == TEXT


async def test_a_report_takes_one_round_trip(town: Town, monkeypatch: Any) -> None:
    await town.report(RESIDENT)
    statements = 0
    whole = UnitOfWork.in_one_statement

    async def counted(self: UnitOfWork, sql: str, *arguments: object) -> Any:
        nonlocal statements
        statements += 1
        return await whole(self, sql, *arguments)

    async def refused(*_: object) -> Any:
        raise AssertionError("a report must not begin a transaction")

    monkeypatch.setattr(UnitOfWork, "in_one_statement", counted)
    monkeypatch.setattr(UnitOfWork, "connection", refused)
    await town.report(RESIDENT)
    assert statements == 1


async def test_the_answer_of_the_statement_is_the_issue_as_it_is_read(town: Town) -> None:
    reported = await town.report(RESIDENT, TEXT)
    assert reported == done(await town.get(f"/issues/{reported['id']}", RESIDENT))


async def test_a_placeholder_in_a_text_stays_what_it_is(town: Town) -> None:
    stranger = a_principal(Role.RESIDENT, person=new_id())
    text = "number-00000000000000000000000000000000"
    assert (await town.report(stranger, text))["text"] == text
