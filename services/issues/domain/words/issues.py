"""The closed vocabularies of issues, each value with its Chinese and English name."""

from services.issues.domain.words.vocabulary import Vocabulary


class State(Vocabulary):
    """Where an issue stands. The outcome is a separate thing."""

    REGISTERED = "registered", "已登记", "registered"
    ACCEPTED = "accepted", "已受理", "accepted"
    ON_AGENDA = "on_agenda", "待议", "on the agenda"
    ASSIGNED = "assigned", "已派单", "assigned"
    IN_PROGRESS = "in_progress", "办理中", "in progress"
    WAITING = "waiting", "待补充", "waiting for the reporter's answer"
    DEFERRED = "deferred", "挂账", "deferred"
    RESOLVED = "resolved", "待核实", "waiting for confirmation"
    CLOSED = "closed", "已办结", "closed"
    DISMISSED = "dismissed", "不予受理", "dismissed"


class Verb(Vocabulary):
    """What can be done with an issue; also the last segment of the route that does it."""

    REPORT = "report", "提出诉求", "report"
    IMPORT = "import", "导入", "import"
    ACCEPT = "accept", "受理", "accept"
    CHANGE_CATEGORY = "change-category", "更正分类或级别", "correct category or tier"
    CONTACT = "contact", "记录联系", "record a contact"
    DISMISS = "dismiss", "提请不予受理", "propose to dismiss"
    OBJECT = "object", "提出异议", "object"
    MERGE = "merge", "合并", "merge"
    PLACE_ON_AGENDA = "place-on-agenda", "列入议题", "place on an agenda"
    POSTPONE = "postpone", "延至下次会议", "postpone to another meeting"
    ASSIGN = "assign", "派单", "assign"
    SIGN = "sign", "签收", "sign for it"
    RETURN = "return", "退回", "return"
    WHISTLE = "whistle", "吹哨", "blow a whistle"
    ASK = "ask", "请居民补充", "ask the reporter"
    ANSWER = "answer", "补充说明", "answer"
    RESUME = "resume", "恢复办理", "resume"
    DEFER = "defer", "提请挂账", "propose to defer"
    REVIEW = "review", "复核挂账", "review the deferral"
    EXTEND = "extend", "申请延期", "ask for more time"
    APPROVE = "approve", "同意", "approve"
    REFUSE = "refuse", "不同意", "refuse"
    RESOLVE = "resolve", "办结回复", "resolve"
    DECLINE = "decline", "不予采纳", "decline"
    VERIFY = "verify", "核实办结", "verify"
    CALL_BACK = "call-back", "回访", "record a call-back"
    CLOSE = "close", "结案（未能确认）", "close unconfirmed"
    RATE = "rate", "评价", "rate"
    REOPEN = "reopen", "重新办理", "reopen"
    WITHDRAW = "withdraw", "撤回", "withdraw"
    CONSENT = "consent", "公开意愿", "say what may be public"
    PUBLISH = "publish", "公开", "publish"
    UNPUBLISH = "unpublish", "取消公开", "unpublish"
    MARK_REPEATED = "mark-repeated", "标记为重复发生", "mark as repeated"
    NAME_CO_HANDLER = "name-co-handler", "确定协办单位", "name a co-handler"
    RELEASE_CO_HANDLER = "release-co-handler", "解除协办", "release a co-handler"
    SET_TASK = "set-task", "安排子任务", "set a child task"
    FINISH_TASK = "finish-task", "完成子任务", "finish a child task"
    CANCEL_TASK = "cancel-task", "取消子任务", "cancel a child task"
    URGE = "urge", "催办", "urge"
    BRING_UP = "bring-up", "提交街道", "bring before the subdistrict"


class IssueKind(Vocabulary):
    """What sort of matter it is."""

    COMPLAINT = "complaint", "投诉", "complaint"
    REQUEST = "request", "求助", "request"
    DISPUTE = "dispute", "纠纷", "dispute"
    HAZARD = "hazard", "隐患", "hazard"
    PROPOSAL = "proposal", "建议", "proposal"
    HARDSHIP = "hardship", "困难帮扶", "help in hardship"


PRIVATE_KINDS = frozenset({IssueKind.DISPUTE, IssueKind.HARDSHIP})
"""Quarrels between neighbours, and people in hardship (practice 42): read by those who need to know, never public, never for partners."""


class Source(Vocabulary):
    """How the matter reached the community."""

    RESIDENT = "resident", "居民", "resident"
    PROXY = "proxy", "代为提出", "filed for somebody"
    GRID_WORKER = "grid_worker", "网格员", "grid worker"
    MEETING = "meeting", "议事会", "meeting"
    PATROL = "patrol", "巡查发现", "patrol"
    VISIT = "visit", "走访", "visit"
    PARTNER = "partner", "合作单位", "partner"
    IMPORT = "import", "外部导入", "import"


PROACTIVE = frozenset({Source.GRID_WORKER, Source.MEETING, Source.PATROL, Source.VISIT})
"""Found before anybody complained (未诉先办)."""


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
    DUPLICATE = "duplicate", "重复诉求", "duplicate"
    ADOPTED = "adopted", "建议已采纳", "idea adopted"
    UNCONFIRMED = "unconfirmed", "未能确认", "unconfirmed"


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


class ProposalKind(Vocabulary):
    """What one person proposes and another approves or refuses."""

    DISMISSAL = "dismissal", "不予受理", "dismissal"
    DEFERRAL = "deferral", "挂账", "deferral"
    EXTENSION = "extension", "延期", "extension"


class DismissalReason(Vocabulary):
    """Why a matter is not taken in. Each comes with the right address to turn to."""

    OTHER_AUTHORITY = "other_authority", "属其他部门法定职责", "the duty of another authority"
    OUTSIDE_AREA = "outside_area", "不在本社区辖区", "outside this community"
    IN_PROCEEDINGS = "in_proceedings", "已进入诉讼、仲裁、复议或信访程序", "already before a court or another procedure"
    PRIVATE_CONTRACT = "private_contract", "属合同约定或市场行为", "a matter of a private contract"
    NO_MATTER = "no_matter", "没有可办理的事项", "nothing that could be handled"


class ContactWay(Vocabulary):
    """How staff reached the reporter for the first time (practice 18: 有诉必应)."""

    PHONE = "phone", "电话", "telephone"
    MESSAGE = "message", "信息", "message"
    VISIT = "visit", "上门", "visit"
    OFFICE = "office", "来访", "at the office"


class BroughtUp(Vocabulary):
    """Why a matter lies before the subdistrict (难在社区解不了的，街道来解)."""

    RETURNED_TWICE = "returned_twice", "两次退回", "returned twice"
    DEFERRAL_ASKED = "deferral_asked", "提请挂账", "a deferral is asked for"
    OVERDUE = "overdue", "严重超期", "far beyond its time"
    WHISTLE_MISSED = "whistle_missed", "吹哨未到", "a whistle was missed"
