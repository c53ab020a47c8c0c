"""What issues and meetings refuse, in words that name the rule."""

from shared.errors import AppError, Conflict, Forbidden, Invalid, NotFound


class IssueNotFound(NotFound):
    """No such issue here, or none that this person may see."""

    title_zh = "没有这条诉求"
    title_en = "No such issue"


class MeetingNotFound(NotFound):
    """No such meeting here, or none that this person may see."""

    title_zh = "没有这次会议"
    title_en = "No such meeting"


class AgendaItemNotFound(NotFound):
    """The meeting has no such item."""

    title_zh = "会议没有这项议题"
    title_en = "No such agenda item"


class TransitionRefused(Conflict):
    """The transition table knows no such step from the present state."""

    slug = "transition-refused"
    title_zh = "诉求当前状态不允许这样操作"
    title_en = "The issue cannot do this in its present state"


class NotTheirStep(Forbidden):
    """The step exists, but belongs to somebody else."""

    slug = "not-your-step"
    title_zh = "这一步不由您办理"
    title_en = "This step belongs to somebody else"


class ConflictOfInterest(Forbidden):
    """Nobody confirms their own work."""

    slug = "conflict-of-interest"
    title_zh = "不能评价自己办理的诉求"
    title_en = "Nobody confirms their own work"


class UnknownCategory(Invalid):
    """The category does not exist in this community."""

    title_zh = "没有这个分类"
    title_en = "No such category"


class UnknownBuilding(Invalid):
    """The building does not exist in this community."""

    title_zh = "没有这栋楼"
    title_en = "No such building"


class UnknownOrganisation(Invalid):
    """The organisation does not take part in this community."""

    title_zh = "本社区没有这个单位"
    title_en = "No such organisation in this community"


class UnknownParticipant(Invalid):
    """The person holds no role in this community."""

    title_zh = "参会人不是本社区成员"
    title_en = "A participant is not a member of this community"


class IncompleteAssignment(Invalid):
    """An assignment needs all four: record, responsible party, deadline, plan."""

    slug = "incomplete-assignment"
    title_zh = "派单四要素不齐：记录、责任单位、时限、计划"
    title_en = "An assignment needs record, responsible party, deadline and plan"


class PlaceMissing(Invalid):
    """A place is a known building, words, or both."""

    title_zh = "请填写地点"
    title_en = "A place is needed"


class DateNotInFuture(Invalid):
    """A deadline or a meeting lies in the past."""

    title_zh = "时间必须晚于现在"
    title_en = "The time must lie in the future"


class MeetingClosedAlready(Conflict):
    """Nothing can be changed in a meeting that was closed."""

    slug = "meeting-already-closed"
    title_zh = "会议已经闭会"
    title_en = "The meeting is already closed"


class MeetingHasOpenItems(Conflict):
    """A meeting cannot be closed while an item has not left it properly."""

    slug = "meeting-has-open-items"
    title_zh = "还有议题没有议定，不能闭会"
    title_en = "The meeting cannot be closed while items are open"


class ItemAlreadyDecided(Conflict):
    """A decision that took effect is not taken twice."""

    slug = "item-already-decided"
    title_zh = "该议题已有结论"
    title_en = "The item was already decided"


class CommunityNotReady(AppError):
    """The community's master data has not arrived here yet."""

    kind = Conflict.kind
    slug = "community-not-ready"
    title_zh = "社区资料尚未就绪，请稍后再试"
    title_en = "This community is not ready yet; please try again"


ISSUE_ERRORS = (IssueNotFound, TransitionRefused, NotTheirStep)
"""What every step of an issue may answer."""
