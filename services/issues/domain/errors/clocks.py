"""What is refused about clocks, their rules and the calendar."""

from shared.errors import Conflict, Forbidden, Invalid, NotFound


class RuleVersionNotFound(NotFound):
    """No such version of the rules."""

    title_zh = "没有这个版本的时限规则"
    title_en = "No such version of the rules"


class CalendarVersionNotFound(NotFound):
    """No such version of the calendar."""

    title_zh = "没有这个版本的工作日历"
    title_en = "No such version of the calendar"


class VersionDecided(Conflict):
    """Somebody decided on this version before."""

    slug = "version-decided"
    title_zh = "这个版本已有决定"
    title_en = "This version has been decided on"


class SecondPersonNeeded(Forbidden):
    """Nobody approves what they proposed themselves."""

    slug = "another-person-decides"
    title_zh = "须由另一人审定"
    title_en = "Another person must decide"


class RulesIncomplete(Invalid):
    """A clock would have no end for some issues."""

    slug = "rules-incomplete"
    title_zh = "时限规则不完整"
    title_en = "The rules are incomplete"


class HoursOutOfOrder(Invalid):
    """Office hours overlap or end before they begin."""

    slug = "hours-out-of-order"
    title_zh = "办公时间有误"
    title_en = "The office hours make no sense"


class DayOfAnotherYear(Invalid):
    """A calendar of one year names days of another."""

    slug = "day-of-another-year"
    title_zh = "日期不属于这一年"
    title_en = "A day does not belong to this year"


class NotAMakeUpDay(Invalid):
    """Only a day of a weekend that is no holiday makes up for another day."""

    slug = "not-a-make-up-day"
    title_zh = "调休上班日有误"
    title_en = "This is no make-up day"
