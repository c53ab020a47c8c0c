"""Makes the evidence pack of a period: every number with n, formula and source."""

import asyncio
from collections.abc import Iterable
from datetime import date
from typing import Any

from services.issues.documents.evidence import Cell, Evidence, Section, pack
from services.issues.domain.rates.periods import Period
from services.issues.domain.words.reports import By, Watch
from services.issues.making.desk import Desk, Made
from services.issues.queries.report_counts import names_of, shelf_of
from services.issues.queries.report_lists import watched_list
from services.issues.queries.report_sums import changes_in, hot_spots_in, levels_in, outcomes_in
from services.issues.queries.reports import rates_by
from services.issues.schemas.report_sums import SumView
from services.issues.schemas.reports import FigureView, RatesRowView, label_of
from shared.http.paging import PageAsked

BREAKDOWNS = (By.NONE, By.COMPOUND, By.CATEGORY, By.ORGANISATION, By.ORGANISATION_KIND)
"""No handlers: the pack leaves the house."""
RATE_COLUMNS = (
    "项目",
    "指标",
    "公式",
    "数值",
    "分子",
    "n（分母）",
    "回访数",
    "已答复",
    "不计入",
    "备注",
    "上年同期",
    "上年同期 n",
    "上年来源",
)
COUNTED_HERE = "本平台逐件统计"


async def make_evidence(desk: Desk) -> Made:
    """Gather everything in one reading of the database, so that all numbers are of one moment."""
    wanted = desk.job.wanted
    period = Period(date.fromisoformat(wanted["first_day"]), date.fromisoformat(wanted["last_day"]))
    now = desk.job.asked_at
    steps = len(BREAKDOWNS) + 1
    await desk.progress(0, steps)
    sections: list[Section] = []
    data: dict[str, Any] = {}
    async with desk.reading() as connection:
        shelf = await shelf_of(connection, desk.community, desk.clock.now())
        for by in BREAKDOWNS:
            rows = []
            cursor: str | None = None
            while True:
                page = PageAsked.model_construct(limit=100, cursor=cursor)
                found, cursor = await rates_by(connection, shelf, by, period, today=now, page=page, person_near=False)
                names = await names_of(connection, desk.community, by, [row.key for row in found])
                rows += [RatesRowView.of(row, period, label_of(by, row.key, names)) for row in found]
                if cursor is None:
                    break
            sections.append(Section(f"比率（{by.words.zh}）", RATE_COLUMNS, list(_rate_rows(rows))))
            data[f"rates_by_{by.value}"] = [row.model_dump(mode="json") for row in rows]
        outcomes, levels = await outcomes_in(connection, shelf, period), await levels_in(connection, shelf, period)
        changes = await changes_in(connection, shelf, period)
        hot_spots = await hot_spots_in(connection, shelf, period, 20)
        first = PageAsked.model_construct(limit=1, cursor=None)
        unanswered = await watched_list(connection, shelf, Watch.UNANSWERED, first, now=now)
        deferred = await watched_list(connection, shelf, Watch.DEFERRED, first, now=now)
    sections += [
        Section(
            "办结成果合计",
            ("成果", "数量", "上年同期", "来源"),
            [_sum_row(one) for one in outcomes.items],
            "只计已核实办结的",
        ),
        Section(
            "解决层级",
            ("层级", "件数", "占比", "n", "上年同期"),
            [(one.label.zh, one.amount, one.share, one.n, one.before) for one in levels.items],
            "占比 = 该层级解决件数 ÷ 记录了层级的已解决办结件数",
        ),
        Section(
            "同比变化",
            ("项目", "本期", "上年同期", "变化", "本期来源", "上年来源"),
            [
                (
                    one.label.zh,
                    one.now,
                    one.before,
                    one.change,
                    one.now_source or COUNTED_HERE,
                    one.before_source or COUNTED_HERE,
                )
                for one in changes.items
            ],
            "变化 = (本期 − 上年同期) ÷ 上年同期",
        ),
        Section(
            "热点楼栋",
            ("楼栋", "登记", "未办结", "重复", "占比"),
            [(one.label.zh, one.registered, one.still_open, one.repeated, one.share) for one in hot_spots.items],
            f"每千户 {hot_spots.density.per_1000_households}，户数 {hot_spots.density.households}"
            f"（数据日期 {hot_spots.density.profile_as_of}），n = {hot_spots.n}",
        ),
        Section(
            "有诉必应与挂账",
            ("项目", "件数", "应为"),
            [("仍无任何答复的诉求", unanswered.n, 0), ("挂账中的诉求", deferred.n, None)],
        ),
    ]
    data |= {
        "outcomes": outcomes.model_dump(mode="json"),
        "levels": levels.model_dump(mode="json"),
        "changes": changes.model_dump(mode="json"),
        "hot_spots": hot_spots.model_dump(mode="json"),
        "unanswered": unanswered.n,
        "deferred": deferred.n,
        "as_of": shelf.as_of.isoformat(),
        "period": [period.first.isoformat(), period.last.isoformat()],
        "community": desk.community,
    }
    evidence = Evidence(
        f"{desk.community} 佐证材料 {period.first} 至 {period.last}",
        (
            f"数据截至 {shelf.as_of:%Y-%m-%d %H:%M:%S} UTC，导出编号 {desk.job.id}",
            "样本少于10件的比率注明“样本不足”；比率一律附 n。",
        ),
        sections,
        data,
    )
    content, seal = await asyncio.to_thread(pack, evidence)
    await desk.progress(steps, steps)
    name = f"evidence-{desk.community}-{period.first:%Y%m%d}-{period.last:%Y%m%d}.zip"
    return Made(content, name, "application/zip", {"seal": seal})


def _rate_rows(rows: Iterable[RatesRowView]) -> Iterable[tuple[Cell, ...]]:
    for row in rows:
        for rate in row.rates:
            now, before = rate.now, rate.before
            yield (
                row.label.zh,
                rate.name.zh,
                rate.formula.zh,
                now.value,
                now.numerator,
                now.n,
                now.asked,
                now.answered,
                _left_out(now),
                now.remark.zh if now.remark else None,
                before.value,
                before.n,
                before.source or COUNTED_HERE,
            )


def _left_out(figure: FigureView) -> str | None:
    return "；".join(f"{one.reason.zh} {one.count}" for one in figure.excluded if one.count) or None


def _sum_row(one: SumView) -> tuple[Cell, ...]:
    return (one.label.zh, one.amount, one.before, COUNTED_HERE)
