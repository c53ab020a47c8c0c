"""What callers read of sums: outcomes, levels, hot spots, changes, and lists."""

from datetime import date, datetime
from uuid import UUID

from services.issues.domain.words.reports import By, OutsideCount
from services.issues.schemas.issue_views import Label, View
from services.issues.schemas.reports import ReportHead


class SumView(View):
    """一项合计与上年同期。A sum and the same a year before."""

    code: str
    label: Label
    amount: int
    before: int
    share: float | None = None
    n: int | None = None


class SumsView(ReportHead):
    """合计报表。Sums; where shares are given, n is what they are of."""

    n: int
    items: list[SumView]
    not_confirmed: list[SumView]


class TotalView(View):
    """一项总数与上年同期。A total and the same a year before; not shown where so few could point to somebody."""

    code: str
    label: Label
    amount: int | None
    before: int | None
    suppressed: bool


class TotalsRowView(View):
    """一个单位（小区、分类、责任单位……）的总数。The totals of one part of the breakdown."""

    key: str
    label: Label
    totals: list[TotalView]


class TotalsView(ReportHead):
    """件数总计。Totals by a breakdown."""

    by: By
    items: list[TotalsRowView]
    next_cursor: str | None


class DensityView(View):
    """每千户、每千人诉求数，附人口数据日期。Matters per 1000 households and residents, by the profile valid at the end of the period."""

    registered: int
    households: int | None
    residents: int | None
    profile_as_of: date | None
    per_1000_households: float | None
    per_1000_residents: float | None


class HotSpotView(View):
    """一栋楼。One building."""

    building_id: str
    label: Label
    registered: int
    still_open: int
    repeated: int
    share: float | None


class HotSpotsView(ReportHead):
    """热点楼栋。The buildings with the most matters."""

    n: int
    density: DensityView
    items: list[HotSpotView]


class ChangeView(View):
    """与上年同期相比的变化。The change to the same period a year before; imported counts say where they come from."""

    code: OutsideCount
    label: Label
    now: int | None
    before: int | None
    change: float | None
    small_sample: bool
    now_source: str | None
    before_source: str | None


class ChangesView(ReportHead):
    """同比变化。Changes to the year before."""

    items: list[ChangeView]


class WatchedView(View):
    """一件需要关注的诉求。A matter on a list, with the link to it."""

    issue_id: UUID
    number: str
    title: str
    category: str
    state: str
    building_id: UUID | None
    responsible_organisation: UUID | None
    since: datetime
    days: int
    due_at: datetime | None
    overdue: bool
    link: str


class WatchedList(ReportHead):
    """需要关注的诉求清单；`n` 是全部件数。A list of matters to look at; `n` counts all of them."""

    n: int
    items: list[WatchedView]
    next_cursor: str | None
