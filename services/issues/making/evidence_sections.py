"""The tables of an evidence pack, each with the words that say how its numbers are counted."""

from collections.abc import Iterable, Sequence

from services.issues.documents.evidence import Cell, Section
from services.issues.domain.rates.metrics import SMALLEST_SHOWN
from services.issues.domain.words.reports import By
from services.issues.schemas.report_sums import (
    ChangesView,
    HotSpotsView,
    SumsView,
    SumView,
    TotalsRowView,
    WatchedList,
)
from services.issues.schemas.reports import FigureView, RatesRowView

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
    "上年同期分子",
    "上年同期 n",
    "上年来源",
)
COUNTED_HERE = "本平台逐件统计"


def of_rates(by: By, rows: Iterable[RatesRowView]) -> Section:
    """比率."""
    how = "各行公式见“公式”列；时限（T2、T3）未到期的不计，不计入的件数与原因另列。"
    few = f"分母不足{SMALLEST_SHOWN}件的不予显示。" if by is not By.NONE else ""
    return Section(f"比率（{by.words.zh}）", RATE_COLUMNS, list(_rate_rows(rows)), how + few)


def of_totals(by: By, rows: Iterable[TotalsRowView]) -> Section:
    """累计件数."""
    cells = [
        (row.label.zh, one.label.zh, "不予显示" if one.suppressed else one.amount, one.before)
        for row in rows
        for one in row.totals
    ]
    how = (
        "登记 = 期内登记；未办结 = 其中现在仍未办结；结案 = 期内结案；办结且已解决 = 期内结案且结果为“已解决”，"
        "未能确认的不算；成果 = 期内已核实结案的成果数量之和。按最后一轮的责任单位计，"
        f"登记不足{SMALLEST_SHOWN}件的单位不予显示。"
    )
    return Section(f"累计（{by.words.zh}）", ("项目", "指标", "本期", "上年同期"), cells, how)


def of_outcomes(outcomes: SumsView) -> Section:
    """办结成果."""
    rows = [_sum_row(one) for one in (*outcomes.items, *outcomes.not_confirmed)]
    how = "数量 = 期内结案、结果为“已解决”或“部分解决”的诉求所登记的成果数量之和；待核实的另列一行，不并入。"
    return Section("办结成果合计", ("成果", "数量", "上年同期", "来源"), rows, how)


def of_levels(levels: SumsView) -> Section:
    """解决层级."""
    rows = [(one.label.zh, one.amount, one.share, one.n, one.before) for one in levels.items]
    how = "件数 = 期内结案且结果为“已解决”的诉求，按解决层级计；占比 = 该层级件数 ÷ 各层级件数之和 n。"
    return Section("解决层级", ("层级", "件数", "占比", "n", "上年同期"), rows, how)


def of_changes(changes: ChangesView) -> Section:
    """同比变化."""
    rows = [
        (
            one.label.zh,
            one.now,
            one.before,
            one.change,
            "样本不足" if one.small_sample else None,
            one.now_source or (COUNTED_HERE if one.now is not None else None),
            one.before_source or (COUNTED_HERE if one.before is not None else None),
        )
        for one in changes.items
    ]
    columns = ("项目", "本期", "上年同期", "变化", "备注", "本期来源", "上年来源")
    how = (
        "变化 = (本期 − 上年同期) ÷ 上年同期；矛盾纠纷、登记的诉求 = 期内登记件数（上年本平台无数据的用导入基数），"
        "上访、热线投诉只能导入，来源见列。"
    )
    return Section("同比变化", columns, rows, how)


def of_hot_spots(spots: HotSpotsView) -> Section:
    """热点楼栋."""
    rows = [(one.label.zh, one.registered, one.still_open, one.repeated, one.share) for one in spots.items]
    density = spots.density
    per_1000 = "无户数" if density.per_1000_households is None else f"{density.per_1000_households:.2f}"
    how = (
        "登记 = 期内登记到该楼栋；未办结 = 其中现在仍未办结；重复 = 其中登记前90天内同楼栋同分类已有诉求的；"
        f"占比 = 该楼栋登记 ÷ 全部登记 n（{spots.n}）；每千户 = 1000 × n ÷ 户数（{density.households}，"
        f"数据日期 {density.profile_as_of}）= {per_1000}。登记不足{SMALLEST_SHOWN}件的楼栋不列。"
    )
    return Section("热点楼栋", ("楼栋", "登记", "未办结", "重复", "占比"), rows, how)


def of_watches(unanswered: WatchedList, deferred: WatchedList) -> Section:
    """有诉必应与挂账; the lists come with the oldest first."""
    rows: Sequence[Sequence[Cell]] = [
        ("仍无任何答复的诉求", unanswered.n, 0, _oldest(unanswered)),
        ("挂账中的诉求", deferred.n, None, _oldest(deferred)),
    ]
    how = (
        "数据截至时的存量，与期间无关。无任何答复 = 未结案，且未联系、未提问、未回访、未办结回复；"
        "挂账 = 现处挂账状态；最久 = 其中最早一件至今的天数。"
    )
    return Section("有诉必应与挂账", ("项目", "件数", "应为", "最久（天）"), rows, how)


def _oldest(listed: WatchedList) -> int | None:
    return listed.items[0].days if listed.items else None


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
                before.numerator,
                before.n,
                f"导入：{before.source}" if before.source else COUNTED_HERE,
            )


def _left_out(figure: FigureView) -> str | None:
    return "；".join(f"{one.reason.zh} {one.count}" for one in figure.excluded if one.count) or None


def _sum_row(one: SumView) -> tuple[Cell, ...]:
    return (one.label.zh, one.amount, one.before, COUNTED_HERE)
