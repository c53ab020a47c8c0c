"""The closed vocabularies of issues, each value with its Chinese and English name."""

from services.issues.domain.words.vocabulary import Vocabulary


class State(Vocabulary):
    """Where an issue stands. The outcome is a separate thing."""

    REGISTERED = "registered", "已登记", "registered"
    ACCEPTED = "accepted", "已受理", "accepted"
    ON_AGENDA = "on_agenda", "待议", "on the agenda"
    ASSIGNED = "assigned", "已派单", "assigned"
    IN_PROGRESS = "in_progress", "办理中", "in progress"
    RESOLVED = "resolved", "待核实", "waiting for confirmation"
    CLOSED = "closed", "已办结", "closed"


class Verb(Vocabulary):
    """What can be done with an issue; also the last segment of the route that does it."""

    REPORT = "report", "提出诉求", "report"
    IMPORT = "import", "导入", "import"
    ACCEPT = "accept", "受理", "accept"
    PLACE_ON_AGENDA = "place-on-agenda", "列入议题", "place on an agenda"
    POSTPONE = "postpone", "延至下次会议", "postpone to another meeting"
    ASSIGN = "assign", "派单", "assign"
    SIGN = "sign", "签收", "sign for it"
    RESOLVE = "resolve", "办结回复", "resolve"
    DECLINE = "decline", "不予采纳", "decline"
    RATE = "rate", "评价", "rate"
    WITHDRAW = "withdraw", "撤回", "withdraw"
    CONSENT = "consent", "公开意愿", "say what may be public"
    PUBLISH = "publish", "公开", "publish"
    UNPUBLISH = "unpublish", "取消公开", "unpublish"


class IssueKind(Vocabulary):
    """What sort of matter it is."""

    COMPLAINT = "complaint", "投诉", "complaint"
    REQUEST = "request", "求助", "request"
    DISPUTE = "dispute", "纠纷", "dispute"
    HAZARD = "hazard", "隐患", "hazard"
    PROPOSAL = "proposal", "建议", "proposal"


class Source(Vocabulary):
    """How the matter reached the community."""

    RESIDENT = "resident", "居民", "resident"
    GRID_WORKER = "grid_worker", "网格员", "grid worker"
    IMPORT = "import", "外部导入", "import"


class Tier(Vocabulary):
    """How fast an accepted issue must be solved."""

    DANGER = "danger", "紧急险情（2小时）", "danger (2 hours)"
    UTILITIES = "utilities", "水电气暖（24小时）", "water, power, gas, heat (24 hours)"
    GENERAL = "general", "一般事项（7天）", "general (7 days)"
    COMPLEX = "complex", "复杂事项（15天）", "complex (15 days)"


class Outcome(Vocabulary):
    """What came of it. Only `solved` counts as solved."""

    SOLVED = "solved", "已解决", "solved"
    PARTLY_SOLVED = "partly_solved", "部分解决", "partly solved"
    EXPLAINED = "explained", "已解释说明", "explained"
    NOT_OURS = "not_ours", "不属本社区职责", "not ours"
    WITHDRAWN = "withdrawn", "已撤回", "withdrawn"


class Level(Vocabulary):
    """The level at which it was solved: 小事不出小区，大事不出社区."""

    COMPOUND = "compound", "小区", "compound"
    COMMUNITY = "community", "社区", "community"
    SUBDISTRICT = "subdistrict", "街道", "subdistrict"
    CITY = "city", "市级", "city"


class QuantityKind(Vocabulary):
    """What an outcome adds up: dashboards sum these, not words."""

    PARKING_SPACE = "parking_space", "新增停车位（个）", "parking spaces"
    GREEN_RESTORED = "green_restored", "恢复绿地（处）", "green spots restored"
    DISPUTE_SETTLED = "dispute_settled", "化解纠纷（件）", "disputes settled"
    LIGHT_REPAIRED = "light_repaired", "修复路灯（盏）", "street lights repaired"
    FACILITY_REPAIRED = "facility_repaired", "修复设施（处）", "facilities repaired"
    HAZARD_REMOVED = "hazard_removed", "消除隐患（处）", "hazards removed"
