"""What is refused about moments."""

from shared.errors import Invalid


class DateNotInFuture(Invalid):
    """A deadline or a meeting lies in the past."""

    title_zh = "时间必须晚于现在"
    title_en = "The time must lie in the future"
