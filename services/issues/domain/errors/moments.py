"""What is refused about moments."""

from shared.errors import Invalid


class DateNotInFuture(Invalid):
    """A deadline or a meeting lies in the past."""

    title_zh = "时间必须晚于现在"
    title_en = "The time must lie in the future"


class ReportedInFuture(Invalid):
    """An imported matter says that it was reported at a time that has not come yet."""

    slug = "reported-in-future"
    title_zh = "提出时间不能晚于现在"
    title_en = "Nothing was reported in the future"


class PeriodTooLong(Invalid):
    """A period ends before it begins, or is longer than figures are computed for."""

    slug = "period-too-long"
    title_zh = "时间段有误或过长"
    title_en = "The period is wrong or too long"
