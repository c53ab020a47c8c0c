"""The closed vocabularies of meetings."""

from services.issues.domain.words.vocabulary import Vocabulary


class MeetingKind(Vocabulary):
    """Which meeting it is."""

    ROUNDTABLE = "roundtable", "圆桌会议", "round table"
    WEDNESDAY = "wednesday", "相约星期三", "Wednesday meeting"
    JOINT = "joint", "联建共建会议", "joint meeting"


class MeetingState(Vocabulary):
    """A meeting is convened for a date and closed once every item has left it, or it is cancelled."""

    CONVENED = "convened", "已召集", "convened"
    CLOSED = "closed", "已闭会", "closed"
    CANCELLED = "cancelled", "已取消", "cancelled"


class Seat(Vocabulary):
    """The part a participant has at the table."""

    SECRETARY = "secretary", "社区党委书记", "secretary"
    PROPERTY_MANAGER = "property_manager", "物业负责人", "property manager"
    CENTRE_HOUSEHOLD = "centre_household", "党员中心户", "centre household"
    RESIDENT_REPRESENTATIVE = "resident_representative", "居民代表", "residents' representative"
    PARTY_MEMBER = "party_member", "党员", "Party member"
    PARTNER_UNIT = "partner_unit", "联建单位代表", "partner unit"
    GRID_WORKER = "grid_worker", "网格员", "grid worker"
    MERCHANT = "merchant", "商户", "merchant"
    OFFICER = "officer", "社区工作者", "community officer"
    GUEST = "guest", "列席人员", "guest"


class Presence(Vocabulary):
    """Whether an invited person came."""

    PRESENT = "present", "出席", "present"
    LATE = "late", "迟到", "late"
    EXCUSED = "excused", "请假", "excused"


class AttendedBy(Vocabulary):
    """How it is known that somebody came."""

    CODE = "code", "扫码签到", "scanned the code"
    HAND = "hand", "人工登记", "noted by the chair"


class OnHoliday(Vocabulary):
    """What becomes of a meeting whose day is a public holiday."""

    LATER = "later", "顺延到节后第一个工作日", "the next working day"
    EARLIER = "earlier", "提前到节前最后一个工作日", "the working day before"
    SKIP = "skip", "当次不开", "it does not take place"
    KEEP = "keep", "照常召开", "it takes place all the same"


class Scope(Vocabulary):
    """How much of a series a change concerns."""

    FOLLOWING = "following", "本次及以后", "this and the following"
    ALL = "all", "所有尚未召开的", "all that have not begun"


class Decision(Vocabulary):
    """How an item leaves a meeting."""

    RESOLVED = "resolved", "当场解决", "resolved on the spot"
    DECLINED = "declined", "不予采纳（已答复）", "declined with a reply"
    POSTPONED = "postponed", "延至下次会议", "postponed to a dated meeting"
    ASSIGNED = "assigned", "派单办理", "assigned"
    ADOPTED = "adopted", "采纳建议", "adopted"
    WITHDRAWN = "withdrawn", "居民已撤回", "withdrawn by the reporter"


class ProposalState(Vocabulary):
    """What became of a topic that somebody proposed."""

    PROPOSED = "proposed", "待定", "proposed"
    ACCEPTED = "accepted", "已列入议题", "on the agenda"
    DECLINED = "declined", "未列入", "declined"


class MinutesState(Vocabulary):
    """How far the minutes of a meeting are."""

    OPEN = "open", "记录中", "being written"
    SIGNED = "signed", "已签字", "signed"
    PUBLISHED = "published", "已公布", "published"


class Red(Vocabulary):
    """How late unpublished minutes are."""

    NO = "no", "未逾期", "in time"
    DUE = "due", "满3天未公布", "due for three days"
    OVERDUE = "overdue", "满7天未公布", "overdue for seven days"


class LinkKind(Vocabulary):
    """What an adopted idea leads to."""

    ISSUE = "issue", "诉求", "issue"
    EVENT = "event", "活动", "event"


class Why(Vocabulary):
    """Why an issue is suggested for the agenda."""

    OVERDUE = "overdue", "已超期", "overdue"
    REPEATED = "repeated", "90天内同地点同类重复", "repeated at the same place within 90 days"
    UNRESOLVED = "unresolved", "尚未解决", "unresolved"
