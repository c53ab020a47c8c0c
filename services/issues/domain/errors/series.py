"""What series of meetings refuse."""

from shared.errors import Conflict, Invalid, NotFound


class SeriesNotFound(NotFound):
    """No such series in this community."""

    title_zh = "没有这个系列会议"
    title_en = "No such series of meetings"


class SeriesDatesWrong(Invalid):
    """First and last day do not fit each other or the rule."""

    slug = "series-dates-wrong"
    title_zh = "系列会议的日期有误"
    title_en = "The days of the series are wrong"


class SeriesOver(Conflict):
    """A series that has ended cannot be changed."""

    slug = "series-over"
    title_zh = "该系列会议已经结束"
    title_en = "The series has ended"


class TooManySeries(Conflict):
    """A community has a limited number of running series."""

    slug = "too-many-series"
    title_zh = "系列会议过多"
    title_en = "There are too many series"


class ItemsHaveNowhereToGo(Conflict):
    """A meeting that does not take place leaves its agenda to the next one; here is none."""

    slug = "items-have-nowhere-to-go"
    title_zh = "会议还有议题，而后面没有同类会议可以接续，请先召集一次"
    title_en = "The agenda is not empty and no later meeting of the kind can take it over; convene one first"


class CalendarLinkNotFound(NotFound):
    """No such calendar link, or it was revoked."""

    title_zh = "没有这个日历链接"
    title_en = "No such calendar link"


class TooManyCalendarLinks(Conflict):
    """A person has a limited number of calendar links."""

    slug = "too-many-calendar-links"
    title_zh = "日历链接过多，请先停用不用的"
    title_en = "There are too many calendar links; revoke one first"
