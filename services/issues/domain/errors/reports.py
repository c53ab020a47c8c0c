"""What reports refuse."""

from shared.errors import Forbidden, Invalid


class OnlyAggregates(Forbidden):
    """The subdistrict sees sums, not people and not single buildings."""

    slug = "only-aggregates"
    title_zh = "街道只查看汇总，不查看到个人或楼栋"
    title_en = "The subdistrict sees sums, not people and not single buildings"


class PeriodRefused(Invalid):
    """A period that runs backwards or is too long."""

    title_zh = "起止日期不正确"
    title_en = "The period is not valid"


class BaselineRefused(Invalid):
    """An imported figure that contradicts itself."""

    title_zh = "导入的基数不正确"
    title_en = "The imported figure is not valid"
