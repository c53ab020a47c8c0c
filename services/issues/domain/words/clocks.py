"""The closed vocabularies of clocks and the working calendar."""

from services.issues.domain.words.vocabulary import Vocabulary


class ClockCode(Vocabulary):
    """The nine clocks of an issue."""

    ACCEPT = "T1", "受理", "accept"
    CONTACT = "T2", "首次联系", "first contact"
    SOLVE = "T3", "办结", "solve"
    DISCUSS = "T4", "上会", "discuss"
    SIGN = "T5", "签收", "sign for it"
    ARRIVE = "T6", "吹哨到场", "arrive after a whistle"
    REVIEW = "T7", "挂账复核", "review a deferral"
    VERIFY = "T8", "核实回访", "verify"
    RATE = "T9", "居民评价", "rate"


class Unit(Vocabulary):
    """In what a time limit is counted."""

    MINUTES = "minutes", "分钟", "minutes"
    HOURS = "hours", "小时", "hours"
    DAYS = "days", "日", "days"
    WORKING_MINUTES = "working_minutes", "工作分钟", "working minutes"
    WORKING_DAYS = "working_days", "工作日", "working days"


class PauseReason(Vocabulary):
    """Why a clock stands still."""

    QUESTION = "question", "待居民补充", "waiting for the reporter's answer"
    DEFERRAL = "deferral", "挂账", "deferred"


class ClockResult(Vocabulary):
    """How a clock that has stopped ended."""

    MET = "met", "按时", "in time"
    MISSED = "missed", "超时", "late"
    VOID = "void", "不再适用", "no longer needed"
    LAPSED = "lapsed", "到期未评价", "ended without a rating"


class Publication(Vocabulary):
    """Where a version of the rules or of the calendar stands."""

    PROPOSED = "proposed", "待审定", "waits for a second person"
    PUBLISHED = "published", "已发布", "published"
    REFUSED = "refused", "未采纳", "refused"
