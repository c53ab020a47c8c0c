"""Makes the counts of a community anew and then shows the new ones."""

import asyncio

from services.issues.domain.rates.measures import Measure
from services.issues.domain.words.reports import By
from services.issues.making.desk import Desk, Lost, Made
from services.issues.queries.report_counts import EVER, counts_by, shelf_of
from services.issues.use_cases.count_changes import CountChanges, count_changes
from services.issues.use_cases.drop_former_counts import DropFormerCounts, drop_former_counts
from services.issues.use_cases.rebuild_counts import RebuildCounts, rebuild_counts


async def make_rebuild(desk: Desk) -> Made:
    """Step by step; the result says how many sums had been different."""
    async with desk.reading() as connection:
        shelf = await shelf_of(connection, desk.community, desk.clock.now())
        known = await counts_by(connection, shelf, By.NONE, EVER, [Measure.REGISTERED])
    await desk.progress(0, known.get("", {}).get(Measure.REGISTERED, 0))
    issues = 0
    while True:
        step = await rebuild_counts(RebuildCounts(desk.job.id, desk.lease), desk.unit_of_work())
        if step.lost:
            raise Lost
        issues += step.issues
        if step.over:
            break
        if not step.issues and not await count_changes(CountChanges(), desk.unit_of_work()):
            await asyncio.sleep(0.05)  # somebody else counts just now
    while await drop_former_counts(DropFormerCounts(), desk.unit_of_work()):
        await desk.progress(issues, issues)
    return Made(result={"issues": issues, "differing": step.differing})
