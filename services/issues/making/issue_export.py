"""Makes the list of issues as an Excel file."""

import asyncio

from services.issues.documents.issue_list import IssueList
from services.issues.domain.job import MOST_ROWS
from services.issues.domain.rates.periods import local_day
from services.issues.domain.words.jobs import JobFailure
from services.issues.making.desk import Desk, Made, Refused
from services.issues.queries.export_rows import ExportFilter, count_to_export, rows_to_export
from shared.principal import Principal

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def make_issue_export(desk: Desk) -> Made:
    """Read page by page and write as it comes; computing happens beside the event loop."""
    wanted, by = ExportFilter.of(desk.job.wanted), Principal(desk.job.asked_by, desk.community)
    async with desk.reading() as connection:
        total = await count_to_export(connection, desk.community, wanted, by, MOST_ROWS)
    if total > MOST_ROWS:
        raise Refused(JobFailure.TOO_MANY)
    await desk.progress(0, total)
    day = local_day(desk.job.asked_at)
    content = await asyncio.to_thread(IssueList, _head(desk), unmasked=desk.job.unmasked)
    done, more, cursor = 0, True, None
    while more:
        async with desk.reading() as connection:
            rows, cursor = await rows_to_export(connection, desk.community, wanted, by, cursor)
        await asyncio.to_thread(content.add, rows)
        done, more = done + len(rows), cursor is not None
        await desk.progress(done, max(total, done))
    name = f"issues-{desk.community}-{day:%Y%m%d}.xlsx"
    return Made(await asyncio.to_thread(content.content), name, XLSX, {"rows": done})


def _head(desk: Desk) -> str:
    """Who took it out, when and what for: a list that goes astray says where it came from."""
    job = desk.job
    masked = f"未脱敏，用途：{job.purpose}" if job.unmasked else "已脱敏"
    return f"{desk.community} 诉求台账 · 导出编号 {job.id} · 导出人 {job.asked_by} · {job.asked_at:%Y-%m-%d %H:%M} UTC · {masked}"
