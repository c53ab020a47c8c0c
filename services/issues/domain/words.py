"""The closed vocabularies of issues and meetings, each value with its Chinese and English name."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Words(NamedTuple):
    """How people read a code."""

    zh: str
    en: str


class State(StrEnum):
    """Where an issue stands. The outcome is a separate thing."""

    REGISTERED = "registered"
    ACCEPTED = "accepted"
    ON_AGENDA = "on_agenda"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Verb(StrEnum):
    """What can be done with an issue; also the last segment of the route that does it."""

    REPORT = "report"
    IMPORT = "import"
    ACCEPT = "accept"
    PLACE_ON_AGENDA = "place-on-agenda"
    POSTPONE = "postpone"
    ASSIGN = "assign"
    SIGN = "sign"
    RESOLVE = "resolve"
    DECLINE = "decline"
    RATE = "rate"
    WITHDRAW = "withdraw"


class IssueKind(StrEnum):
    """What sort of matter it is."""

    COMPLAINT = "complaint"
    REQUEST = "request"
    DISPUTE = "dispute"
    HAZARD = "hazard"
    PROPOSAL = "proposal"


class Source(StrEnum):
    """How the matter reached the community."""

    RESIDENT = "resident"
    GRID_WORKER = "grid_worker"
    IMPORT = "import"


class Tier(StrEnum):
    """How fast an accepted issue must be solved."""

    DANGER = "danger"
    UTILITIES = "utilities"
    GENERAL = "general"
    COMPLEX = "complex"


class Outcome(StrEnum):
    """What came of it. Only `solved` counts as solved."""

    SOLVED = "solved"
    PARTLY_SOLVED = "partly_solved"
    EXPLAINED = "explained"
    NOT_OURS = "not_ours"
    WITHDRAWN = "withdrawn"


class Level(StrEnum):
    """The level at which it was solved: 小事不出小区，大事不出社区."""

    COMPOUND = "compound"
    COMMUNITY = "community"
    SUBDISTRICT = "subdistrict"
    CITY = "city"


class QuantityKind(StrEnum):
    """What an outcome adds up: dashboards sum these, not words."""

    PARKING_SPACE = "parking_space"
    GREEN_RESTORED = "green_restored"
    DISPUTE_SETTLED = "dispute_settled"
    LIGHT_REPAIRED = "light_repaired"
    FACILITY_REPAIRED = "facility_repaired"
    HAZARD_REMOVED = "hazard_removed"


class MeetingKind(StrEnum):
    """Which meeting it is."""

    ROUNDTABLE = "roundtable"
    WEDNESDAY = "wednesday"
    JOINT = "joint"


class MeetingState(StrEnum):
    """A meeting is convened for a date and closed once every item has left it."""

    CONVENED = "convened"
    CLOSED = "closed"


class Seat(StrEnum):
    """The part a participant has at the table."""

    SECRETARY = "secretary"
    PROPERTY_MANAGER = "property_manager"
    CENTRE_HOUSEHOLD = "centre_household"
    RESIDENT_REPRESENTATIVE = "resident_representative"
    PARTY_MEMBER = "party_member"
    PARTNER_UNIT = "partner_unit"
    GRID_WORKER = "grid_worker"
    MERCHANT = "merchant"
    OFFICER = "officer"


class Decision(StrEnum):
    """How an item leaves a meeting."""

    RESOLVED = "resolved"
    DECLINED = "declined"
    POSTPONED = "postponed"
    ASSIGNED = "assigned"
    WITHDRAWN = "withdrawn"


_WORDS: Mapping[type[StrEnum], Mapping[str, Words]] = {
    State: {
        State.REGISTERED: Words("已登记", "registered"),
        State.ACCEPTED: Words("已受理", "accepted"),
        State.ON_AGENDA: Words("待议", "on the agenda"),
        State.ASSIGNED: Words("已派单", "assigned"),
        State.IN_PROGRESS: Words("办理中", "in progress"),
        State.RESOLVED: Words("待核实", "waiting for confirmation"),
        State.CLOSED: Words("已办结", "closed"),
    },
    Verb: {
        Verb.REPORT: Words("提出诉求", "report"),
        Verb.IMPORT: Words("导入", "import"),
        Verb.ACCEPT: Words("受理", "accept"),
        Verb.PLACE_ON_AGENDA: Words("列入议题", "place on an agenda"),
        Verb.POSTPONE: Words("延至下次会议", "postpone to another meeting"),
        Verb.ASSIGN: Words("派单", "assign"),
        Verb.SIGN: Words("签收", "sign for it"),
        Verb.RESOLVE: Words("办结回复", "resolve"),
        Verb.DECLINE: Words("不予采纳", "decline"),
        Verb.RATE: Words("评价", "rate"),
        Verb.WITHDRAW: Words("撤回", "withdraw"),
    },
    IssueKind: {
        IssueKind.COMPLAINT: Words("投诉", "complaint"),
        IssueKind.REQUEST: Words("求助", "request"),
        IssueKind.DISPUTE: Words("纠纷", "dispute"),
        IssueKind.HAZARD: Words("隐患", "hazard"),
        IssueKind.PROPOSAL: Words("建议", "proposal"),
    },
    Source: {
        Source.RESIDENT: Words("居民", "resident"),
        Source.GRID_WORKER: Words("网格员", "grid worker"),
        Source.IMPORT: Words("外部导入", "import"),
    },
    Tier: {
        Tier.DANGER: Words("紧急险情（2小时）", "danger (2 hours)"),
        Tier.UTILITIES: Words("水电气暖（24小时）", "water, power, gas, heat (24 hours)"),
        Tier.GENERAL: Words("一般事项（7天）", "general (7 days)"),
        Tier.COMPLEX: Words("复杂事项（15天）", "complex (15 days)"),
    },
    Outcome: {
        Outcome.SOLVED: Words("已解决", "solved"),
        Outcome.PARTLY_SOLVED: Words("部分解决", "partly solved"),
        Outcome.EXPLAINED: Words("已解释说明", "explained"),
        Outcome.NOT_OURS: Words("不属本社区职责", "not ours"),
        Outcome.WITHDRAWN: Words("已撤回", "withdrawn"),
    },
    Level: {
        Level.COMPOUND: Words("小区", "compound"),
        Level.COMMUNITY: Words("社区", "community"),
        Level.SUBDISTRICT: Words("街道", "subdistrict"),
        Level.CITY: Words("市级", "city"),
    },
    QuantityKind: {
        QuantityKind.PARKING_SPACE: Words("新增停车位（个）", "parking spaces"),
        QuantityKind.GREEN_RESTORED: Words("恢复绿地（处）", "green spots restored"),
        QuantityKind.DISPUTE_SETTLED: Words("化解纠纷（件）", "disputes settled"),
        QuantityKind.LIGHT_REPAIRED: Words("修复路灯（盏）", "street lights repaired"),
        QuantityKind.FACILITY_REPAIRED: Words("修复设施（处）", "facilities repaired"),
        QuantityKind.HAZARD_REMOVED: Words("消除隐患（处）", "hazards removed"),
    },
    MeetingKind: {
        MeetingKind.ROUNDTABLE: Words("圆桌会议", "round table"),
        MeetingKind.WEDNESDAY: Words("相约星期三", "Wednesday meeting"),
        MeetingKind.JOINT: Words("联建共建会议", "joint meeting"),
    },
    MeetingState: {
        MeetingState.CONVENED: Words("已召集", "convened"),
        MeetingState.CLOSED: Words("已闭会", "closed"),
    },
    Seat: {
        Seat.SECRETARY: Words("社区党委书记", "secretary"),
        Seat.PROPERTY_MANAGER: Words("物业负责人", "property manager"),
        Seat.CENTRE_HOUSEHOLD: Words("党员中心户", "centre household"),
        Seat.RESIDENT_REPRESENTATIVE: Words("居民代表", "residents' representative"),
        Seat.PARTY_MEMBER: Words("党员", "Party member"),
        Seat.PARTNER_UNIT: Words("联建单位代表", "partner unit"),
        Seat.GRID_WORKER: Words("网格员", "grid worker"),
        Seat.MERCHANT: Words("商户", "merchant"),
        Seat.OFFICER: Words("社区工作者", "community officer"),
    },
    Decision: {
        Decision.RESOLVED: Words("当场解决", "resolved on the spot"),
        Decision.DECLINED: Words("不予采纳（已答复）", "declined with a reply"),
        Decision.POSTPONED: Words("延至下次会议", "postponed to a dated meeting"),
        Decision.ASSIGNED: Words("派单办理", "assigned"),
        Decision.WITHDRAWN: Words("居民已撤回", "withdrawn by the reporter"),
    },
}


def words(code: StrEnum) -> Words:
    """How people read a code of one of these vocabularies."""
    return _WORDS[type(code)][code]
