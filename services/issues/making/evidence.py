"""Makes the evidence pack of a period: every number with n, formula and source."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any, TypeVar

from services.issues.documents.evidence import Evidence, Section, pack
from services.issues.domain.rates.metrics import SMALL_SAMPLE, SMALLEST_SHOWN
from services.issues.domain.rates.periods import Period
from services.issues.domain.words.reports import By, Watch
from services.issues.making import evidence_sections as section
from services.issues.making.desk import Desk, Made
from services.issues.queries.report_counts import Shelf, names_of, shelf_of
from services.issues.queries.report_lists import watched_list
from services.issues.queries.report_sums import changes_in, hot_spots_in, levels_in, outcomes_in
from services.issues.queries.report_totals import totals_by
from services.issues.queries.reports import rates_by
from services.issues.schemas.report_sums import TotalsRowView
from services.issues.schemas.reports import RatesRowView, label_of
from shared.http.paging import PageAsked

BREAKDOWNS = (By.NONE, By.COMPOUND, By.CATEGORY, By.ORGANISATION, By.ORGANISATION_KIND)
"""No handlers, and nothing that rests on so few matters that it points to somebody: the pack leaves the house."""
Row = TypeVar("Row")


async def make_evidence(desk: Desk) -> Made:
    """Gather everything in one reading of the database, so that all numbers are of one moment."""
    wanted = desk.job.wanted
    period = Period(date.fromisoformat(wanted["first_day"]), date.fromisoformat(wanted["last_day"]))
    steps = len(BREAKDOWNS) + 1
    async with desk.reading(one_moment=True) as connection:
        shelf = await shelf_of(connection, desk.community, desk.clock.now())
        sections: list[Section] = []
        data: dict[str, Any] = {}
        for done, by in enumerate(BREAKDOWNS):
            await desk.progress(done, steps)
            rates = await _rates(desk, connection, shelf, by, period)
            sections.append(section.of_rates(by, rates))
            data[f"rates_by_{by.value}"] = [row.model_dump(mode="json") for row in rates]
        await desk.progress(len(BREAKDOWNS), steps)
        more, numbers = await _sums(desk, connection, shelf, period)
        sections += more
        data |= numbers
    data |= {
        "as_of": shelf.as_of.isoformat(),
        "period": [period.first.isoformat(), period.last.isoformat()],
        "community": desk.community,
    }
    evidence = Evidence(
        f"{desk.community} 佐证材料 {period.first} 至 {period.last}",
        (
            f"数据截至 {shelf.as_of:%Y-%m-%d %H:%M:%S} UTC，导出编号 {desk.job.id}",
            f"样本少于{SMALL_SAMPLE}件的比率注明“样本不足”；比率一律附 n。",
        ),
        sections,
        data,
    )
    content, seal = await asyncio.to_thread(pack, evidence)
    await desk.progress(steps, steps)
    name = f"evidence-{desk.community}-{period.first:%Y%m%d}-{period.last:%Y%m%d}.zip"
    return Made(content, name, "application/zip", {"seal": seal})


async def _sums(desk: Desk, connection: Any, shelf: Shelf, period: Period) -> tuple[list[Section], dict[str, Any]]:
    sections: list[Section] = []
    data: dict[str, Any] = {}
    now, oldest = desk.job.asked_at, PageAsked.model_construct(limit=1, cursor=None)
    for by in (By.NONE, By.ORGANISATION):
        totals = await _totals(connection, shelf, by, period)
        sections.append(section.of_totals(by, totals))
        data[f"totals_by_{by.value}"] = [row.model_dump(mode="json") for row in totals]
    outcomes, levels = await outcomes_in(connection, shelf, period), await levels_in(connection, shelf, period)
    changes, hot_spots = await changes_in(connection, shelf, period), await hot_spots_in(connection, shelf, period, 20)
    enough = [one for one in hot_spots.items if one.registered >= SMALLEST_SHOWN]
    hot_spots = hot_spots.model_copy(update={"items": enough})
    unanswered = await watched_list(connection, shelf, Watch.UNANSWERED, oldest, now=now)
    deferred = await watched_list(connection, shelf, Watch.DEFERRED, oldest, now=now)
    sections += [
        section.of_outcomes(outcomes),
        section.of_levels(levels),
        section.of_changes(changes),
        section.of_hot_spots(hot_spots),
        section.of_watches(unanswered, deferred),
    ]
    views = {"outcomes": outcomes, "levels": levels, "changes": changes, "hot_spots": hot_spots}
    data |= {name: view.model_dump(mode="json") for name, view in views.items()}
    return sections, {**data, "unanswered": unanswered.n, "deferred": deferred.n}


async def _rates(desk: Desk, connection: Any, shelf: Shelf, by: By, period: Period) -> list[RatesRowView]:
    async def page_of(page: PageAsked) -> tuple[list[RatesRowView], str | None]:
        found, cursor = await rates_by(
            connection, shelf, by, period, today=desk.job.asked_at, page=page, person_near=by is not By.NONE
        )
        names = await names_of(connection, desk.community, by, [row.key for row in found])
        return [RatesRowView.of(row, period, label_of(by, row.key, names)) for row in found], cursor

    return await _all_pages(page_of)


async def _totals(connection: Any, shelf: Shelf, by: By, period: Period) -> list[TotalsRowView]:
    async def page_of(page: PageAsked) -> tuple[list[TotalsRowView], str | None]:
        found = await totals_by(connection, shelf, by, period, page=page, person_near=by is not By.NONE)
        return found.items, found.next_cursor

    return await _all_pages(page_of)


async def _all_pages(page_of: Callable[[PageAsked], Awaitable[tuple[list[Row], str | None]]]) -> list[Row]:
    rows, cursor = await page_of(PageAsked.model_construct(limit=100, cursor=None))
    while cursor is not None:
        more, cursor = await page_of(PageAsked.model_construct(limit=100, cursor=cursor))
        rows += more
    return rows
