"""Exports: made once whatever happens to the worker, masked unless permitted, nothing a formula, gone after a day."""

import asyncio
import hashlib
import io
import json
import signal
import sys
import zipfile
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from services.issues.domain.job import LEASE, MOST_ATTEMPTS
from services.issues.domain.rates.metrics import RULES_VERSION
from services.issues.making import issue_export
from services.issues.queries import export_rows
from services.issues.queries.export_rows import rows_to_export
from services.issues.tests.builders import ADMIN, OFFICER, PROPERTY, RESIDENT, SECRETARY
from services.issues.tests.integration.test_reports import counted, handled
from services.issues.tests.integration.town import Town, done, refused
from services.issues.use_cases.claim_job import ClaimJob, claim_job
from services.issues.use_cases.count_changes import CountChanges, count_changes
from services.issues.use_cases.finish_job import FinishJob, finish_job
from services.issues.use_cases.renew_lease import RenewLease, renew_lease
from shared.ids import new_id

WORDS = '=HYPERLINK("http://x","点我") 电话13800008000'


async def export(town: Town, who: Any = OFFICER, **body: Any) -> Any:
    """A job that was worked on."""
    job = done(await town.post("/exports", who, {"kind": "issues", **body}), 202)
    await town.app.state.jobs.work()
    return done(await town.get(f"/exports/{job['id']}", who))


async def sheet_of(town: Town, job: Any, who: Any = OFFICER) -> list[list[Any]]:
    """The rows of the Excel file."""
    answer = await town.get(f"/exports/{job['id']}/file", who)
    assert answer.status == 200, answer.body
    assert hashlib.sha256(answer.body).hexdigest() == job["file"]["sha256"]
    workbook = load_workbook(io.BytesIO(answer.body))
    sheet = workbook.active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d", "inlineStr"}
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


async def test_a_list_is_masked_and_holds_no_formula(town: Town) -> None:
    await town.report(RESIDENT, WORDS)
    await handled(town)
    job = await export(town)
    assert (job["state"], job["rows_done"], job["rows_total"], job["unmasked"]) == ("done", 2, 2, False)
    head, titles, *rows = await sheet_of(town, job)
    assert "已脱敏" in head[0]
    first = dict(zip(titles, rows[1], strict=True))
    assert first["内容"] == '=HYPERLINK("http://x","点我") 电话〔电话已隐去〕'
    second = dict(zip(titles, rows[0], strict=True))
    assert (second["责任单位"], second["结果"], second["成果数量"], second["楼栋"]) == (
        "翡翠物业",
        "已解决",
        3,
        "12号楼",
    )
    assert await town.published(job["id"]) == ["job_finished"]


async def test_the_filter_of_the_list_counts(town: Town) -> None:
    await town.report(RESIDENT)
    await town.report(RESIDENT, category="noise")
    await handled(town)
    noise = await export(town, category="noise", state="registered", first_day="2026-11-01", last_day="2026-11-30")
    assert noise["result"] == {"rows": 1}
    assert (await export(town, responsible_organisation=str(PROPERTY)))["result"] == {"rows": 1}
    assert (await export(town, last_day="2026-10-31"))["result"] == {"rows": 0}
    # What else the list can be narrowed to.
    for narrowed in ({"proposal": "deferral"}, {"brought_up": True}, {"overdue_level": 100}, {"reported_by": "me"}):
        assert (await export(town, **narrowed))["result"] == {"rows": 0}, narrowed
    assert (await export(town, overdue_level=None, brought_up=False))["result"] == {"rows": 3}


@pytest.mark.parametrize("days", [{}, {"first_day": "2026-01-01", "last_day": "2026-12-31"}])
async def test_a_long_list_comes_in_pages_each_row_once(
    town: Town, monkeypatch: pytest.MonkeyPatch, days: dict[str, str]
) -> None:
    monkeypatch.setattr(export_rows, "PAGE", 2)
    told = [await town.report(RESIDENT) for _ in range(5)]
    job = await export(town, **days)
    _, _, *rows = await sheet_of(town, job)
    assert [row[0] for row in rows] == [one["number"] for one in reversed(told)]


async def test_unmasked_needs_the_right_person_and_a_purpose(town: Town) -> None:
    await town.report(RESIDENT, WORDS)
    body = {"kind": "issues", "unmasked": True, "purpose": "纪委调阅"}
    refused(await town.post("/exports", OFFICER, body), 403, "not-unmasked")
    answer = await town.post("/exports", SECRETARY, {"kind": "issues", "unmasked": True})
    assert (answer.status, list(answer.fields)) == (422, ["purpose"])
    job = await export(town, SECRETARY, unmasked=True, purpose="纪委调阅")
    head, _, row = await sheet_of(town, job, SECRETARY)
    assert "纪委调阅" in head[0]
    assert WORDS in row
    (kept,) = await town.rows("SELECT unmasked, purpose, asked_by FROM jobs WHERE community = $1", town.community)
    assert tuple(kept) == (True, "纪委调阅", SECRETARY.person)
    # Whoever did not ask for it finds nothing.
    refused(await town.get(f"/exports/{job['id']}/file", OFFICER), 404, "not-found")
    assert done(await town.get("/exports", OFFICER))["items"] == []
    assert [one["id"] for one in done(await town.get("/exports", ADMIN))["items"]] == [job["id"]]
    # The administrator sees that it was made and what for, not what is in it.
    refused(await town.get(f"/exports/{job['id']}/file", ADMIN), 404, "not-found")
    masked = await export(town, OFFICER)
    assert (await town.get(f"/exports/{masked['id']}/file", ADMIN)).status == 200


async def test_files_are_gone_after_a_day(town: Town) -> None:
    job = await export(town)
    town.clock.advance(timedelta(hours=24))
    refused(await town.get(f"/exports/{job['id']}/file", OFFICER), 404, "file-gone")
    await town.app.state.jobs.work()
    assert done(await town.get(f"/exports/{job['id']}", OFFICER))["state"] == "expired"
    assert await town.rows("SELECT 1 FROM job_file_parts WHERE community = $1", town.community) == []


async def test_a_worker_that_died_is_replaced_and_keeps_nothing(town: Town) -> None:
    await town.report(RESIDENT)
    job = done(await town.post("/exports", OFFICER, {"kind": "issues"}), 202)
    dead, uow = new_id(), town.app.state.unit_of_work(town.community, correlation_id="test")
    assert await claim_job(ClaimJob(job["id"], dead), uow) is not None
    assert await town.app.state.jobs.work() == 0  # somebody has it
    town.clock.advance(LEASE + timedelta(seconds=1))
    assert await town.app.state.jobs.work() == 1
    # The dead one was only slow: what it brings now is too late.
    assert not await renew_lease(RenewLease(job["id"], dead, 1, 1), uow)
    assert not await finish_job(FinishJob(job["id"], dead, parts=(b"other",)), uow)
    assert done(await town.get(f"/exports/{job['id']}", OFFICER))["state"] == "done"
    assert await town.published(job["id"]) == ["job_finished"]


WORKER = """
import asyncio, json, sys
from services.issues.making import issue_export
from services.issues.tests.builders import NOW
from services.issues.tests.integration.town import app_on
from shared.clock import FrozenClock
from shared.testing.databases import Database

read = issue_export.rows_to_export

async def one_page(*arguments):
    page = await read(*arguments)
    if page[1] is None:
        print("all is read", flush=True)
        await asyncio.sleep(600)
    return page

issue_export.rows_to_export = one_page
asyncio.run(app_on(Database(**json.loads(sys.argv[1])), FrozenClock(NOW)).state.jobs.work())
"""


async def test_what_a_killed_process_had_in_hand_is_made_by_another(town: Town) -> None:
    for _ in range(3):
        await town.report(RESIDENT)
    job = done(await town.post("/exports", OFFICER, {"kind": "issues"}), 202)
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WORKER, json.dumps(asdict(town.database)), stdout=asyncio.subprocess.PIPE
    )
    assert worker.stdout is not None
    assert await worker.stdout.readline() == b"all is read\n"
    worker.kill()
    assert await worker.wait() == -signal.SIGKILL
    half = done(await town.get(f"/exports/{job['id']}", OFFICER))
    assert (half["state"], half["rows_total"], half["file"]) == ("running", 3, None)
    assert await town.app.state.jobs.work() == 0  # the lease has not run out
    town.clock.advance(LEASE + timedelta(seconds=1))
    assert await town.app.state.jobs.work() == 1
    whole = done(await town.get(f"/exports/{job['id']}", OFFICER))
    assert (whole["state"], whole["rows_done"], whole["result"]) == ("done", 3, {"rows": 3})
    assert len(await sheet_of(town, whole)) == 2 + 3
    assert await town.published(job["id"]) == ["job_finished"]


async def test_a_job_that_always_fails_is_given_up(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: Any) -> Any:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(issue_export, "rows_to_export", broken)
    job = done(await town.post("/exports", OFFICER, {"kind": "issues"}), 202)
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(RuntimeError):
            await town.app.state.jobs.work()
        town.clock.advance(LEASE + timedelta(seconds=1))
    assert await town.app.state.jobs.work() == 0
    found = done(await town.get(f"/exports/{job['id']}", OFFICER))
    assert (found["state"], found["failure"]) == ("failed", "gave_up")


async def test_a_cancelled_job_stops_and_keeps_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    await town.report(RESIDENT)
    job = done(await town.post("/exports", OFFICER, {"kind": "issues"}), 202)
    read = rows_to_export

    async def cancelled_meanwhile(*arguments: Any) -> Any:
        answer = await town.post(f"/exports/{job['id']}/cancel", OFFICER)
        assert answer.status in (200, 409)
        return await read(*arguments)

    monkeypatch.setattr(issue_export, "rows_to_export", cancelled_meanwhile)
    await town.app.state.jobs.work()
    found = done(await town.get(f"/exports/{job['id']}", OFFICER))
    assert (found["state"], found["file"]) == ("cancelled", None)
    refused(await town.get(f"/exports/{job['id']}/file", OFFICER), 409, "job-not-done")
    refused(await town.post(f"/exports/{job['id']}/cancel", OFFICER), 409, "job-over")
    assert await town.published(job["id"]) == []


async def test_two_workers_make_it_once(town: Town) -> None:
    await town.report(RESIDENT)
    for _ in range(3):
        done(await town.post("/exports", OFFICER, {"kind": "issues"}), 202)
    await asyncio.gather(town.app.state.jobs.work(), town.app.state.jobs.work())
    (row,) = await town.rows(
        "SELECT count(*) AS finished FROM outbox WHERE community = $1 AND type = 'issues.job_finished.v1'",
        town.community,
    )
    assert row["finished"] == 3


async def test_an_evidence_pack_holds_every_number_with_n_and_formula_under_a_seal(town: Town) -> None:
    await handled(town)
    await counted(town)
    job = await export(town, SECRETARY, kind="evidence", first_day="2026-11-01", last_day="2026-11-30")
    answer = await town.get(f"/exports/{job['id']}/file", SECRETARY)
    archive = zipfile.ZipFile(io.BytesIO(answer.body))
    sums = archive.read("SHA256SUMS.txt").decode()
    assert hashlib.sha256(sums.encode()).hexdigest() == job["result"]["seal"]
    for line in sums.splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(archive.read(name)).hexdigest() == digest
    data = json.loads(archive.read("data.json"))
    report = done(await town.get("/reports/rates", SECRETARY, **{"from": "2026-11-01", "to": "2026-11-30"}))
    assert data["rates_by_none"][0]["rates"] == report["items"][0]["rates"]
    page = archive.read("report.html").decode()
    for rate in report["items"][0]["rates"]:
        assert rate["name"]["zh"] in page
        assert rate["formula"]["zh"] in page
    workbook = load_workbook(io.BytesIO(archive.read("report.xlsx")))
    for sheet in workbook:
        assert "=" in str(sheet["A4"].value) or "公式" in str(sheet["A4"].value), sheet.title
    # It leaves the house: one matter of a unit or a building points to people.
    assert {rate["now"]["n"] for rate in data["rates_by_organisation"][0]["rates"]} <= {None, 0}
    assert data["totals_by_organisation"][0]["totals"][0] == {
        "code": "registered",
        "label": {"zh": "登记的诉求", "en": "matters registered"},
        "amount": None,
        "before": None,
        "suppressed": True,
    }
    assert data["hot_spots"]["items"] == []
    assert data["totals_by_none"][0]["totals"][0]["amount"] == 1
    assert "1.比率（社区合计）" in workbook.sheetnames
    assert (await town.post("/exports", SECRETARY, {"kind": "evidence"})).status == 422


async def test_counts_of_other_rules_are_made_anew_by_themselves_and_asked_for_once_a_day(town: Town) -> None:
    await handled(town)
    await counted(town)
    await town.rows("UPDATE report_generations SET rules_version = 1 WHERE community = $1", town.community)
    await town.rows("UPDATE report_rollups SET value = value + 3 WHERE community = $1", town.community)
    for _ in range(2):
        await town.report(RESIDENT, category="noise")
        await counted(town)
    (job,) = done(await town.get("/exports", ADMIN))["items"]
    assert (job["kind"], job["state"]) == ("rebuild", "queued")
    await town.app.state.jobs.work()
    await counted(town)
    assert len(done(await town.get("/exports", ADMIN))["items"]) == 1
    (kept,) = await town.rows(
        "SELECT current, rules_version FROM report_generations WHERE community = $1", town.community
    )
    assert tuple(kept) == (2, RULES_VERSION)
    (total,) = await town.rows(
        "SELECT sum(value) AS value FROM report_rollups WHERE community = $1 AND measure = 'registered'"
        " AND dimension = 'all' AND grain = 'quarter'",
        town.community,
    )
    assert total["value"] == 3


async def test_a_rebuild_while_things_go_on_gives_the_same_numbers(town: Town) -> None:
    await handled(town)
    await handled(town, solved=False)
    await counted(town)
    before = done(await town.get("/reports/rates", OFFICER))["items"]
    await town.report(RESIDENT, category="noise")
    done(await town.post("/reports/rebuilds", ADMIN), 202)
    uow = town.app.state.unit_of_work(town.community, correlation_id="test")
    await asyncio.gather(town.app.state.jobs.work(), count_changes(CountChanges(10), uow))
    await counted(town)
    (job,) = done(await town.get("/exports", ADMIN))["items"]
    assert (job["state"], job["result"]["differing"]) == ("done", 0)
    after = done(await town.get("/reports/rates", OFFICER))["items"]
    assert after != before  # one more was registered
    for table in ("report_rollups", "report_contributions", "report_watch"):
        rows = await town.rows(f"SELECT DISTINCT generation FROM {table} WHERE community = $1", town.community)
        assert [row["generation"] for row in rows] == [2], table
    # What a broken sum looks like to the next rebuild.
    await town.rows(
        "UPDATE report_rollups SET value = value + 1 WHERE community = $1 AND grain = 'month' AND measure = 'resolved'"
        " AND dimension = 'all'",
        town.community,
    )
    done(await town.post("/reports/rebuilds", ADMIN), 202)
    await town.app.state.jobs.work()
    job = done(await town.get("/exports", ADMIN))["items"][0]
    assert job["result"]["differing"] == 1
    assert done(await town.get("/reports/rates", OFFICER))["items"] == after
