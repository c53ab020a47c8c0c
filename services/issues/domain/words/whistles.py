"""The closed vocabularies of whistles (吹哨报到)."""

from services.issues.domain.words.vocabulary import Vocabulary


class WhistleLevel(Vocabulary):
    """How fast the called units must be there."""

    RED = "red", "红哨（30分钟内到场）", "red (within 30 minutes)"
    YELLOW = "yellow", "黄哨（2小时内到场）", "yellow (within 2 hours)"
    BLUE = "blue", "蓝哨（下一工作日内到场）", "blue (by the end of the next working day)"


class WhistleState(Vocabulary):
    """A whistle sounds until every unit is done or released, or the office takes it back."""

    SOUNDING = "sounding", "吹哨中", "sounding"
    CLOSED = "closed", "已结哨", "closed"
    CANCELLED = "cancelled", "已撤哨", "cancelled"


class UnitState(Vocabulary):
    """Where a called unit stands. A missed arrival is noted beside it: a unit that is late can still come."""

    CALLED = "called", "待响应", "called"
    ACKNOWLEDGED = "acknowledged", "已响应", "acknowledged"
    ARRIVED = "arrived", "已到场", "arrived"
    DONE = "done", "已办毕", "done"
    REFUSED = "refused", "已拒绝", "refused"
    RELEASED = "released", "已解除", "released"


class WhistleVerb(Vocabulary):
    """What can happen to a whistle; most are also the last segment of the route that does it."""

    BLOW = "blow", "吹哨", "blow"
    ACKNOWLEDGE = "acknowledge", "响应", "acknowledge"
    REFUSE = "refuse", "拒绝", "refuse"
    REPORT_IN = "report-in", "报到", "report in"
    CONFIRM = "confirm", "确认到场", "confirm the arrival"
    REJECT = "reject", "否认到场", "reject the arrival"
    NOTE = "note", "记录办理情况", "note the work"
    DONE = "done", "办毕", "say that it is done"
    RELEASE = "release", "解除", "release"
    RATE = "rate", "互评", "rate"
    MISS = "miss", "超时未到", "miss the arrival"
    CANCEL = "cancel", "撤哨", "cancel"
    CLOSE = "close", "结哨", "close"


class ArrivalProof(Vocabulary):
    """How it is known that somebody of the unit was there."""

    CODE = "code", "现场扫码", "code at the place"
    DECLARED = "declared", "自报，待确认", "declared, to be confirmed"
    CONFIRMED = "confirmed", "社区已确认", "confirmed by the office"


class Side(Vocabulary):
    """Who rates whom."""

    COMMUNITY = "community", "社区评价单位", "the community rates the unit"
    UNIT = "unit", "单位评价社区", "the unit rates the community"
