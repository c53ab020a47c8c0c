"""What meetings refuse."""

from shared.errors import Conflict, NotFound


class MeetingNotFound(NotFound):
    """No such meeting here, or none that this person may see."""

    title_zh = "没有这次会议"
    title_en = "No such meeting"


class AgendaItemNotFound(NotFound):
    """The meeting has no such item."""

    title_zh = "会议没有这项议题"
    title_en = "No such agenda item"


class MeetingClosedAlready(Conflict):
    """Nothing can be changed in a meeting that was closed."""

    slug = "meeting-already-closed"
    title_zh = "会议已经闭会"
    title_en = "The meeting is already closed"


class MeetingCancelled(Conflict):
    """The meeting does not take place."""

    slug = "meeting-cancelled"
    title_zh = "会议已经取消"
    title_en = "The meeting was cancelled"


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
