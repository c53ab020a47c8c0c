"""What attendance refuses."""

from shared.errors import Conflict, Invalid


class AttendanceCodeRefused(Invalid):
    """The code was not made for this meeting, or was altered."""

    slug = "attendance-code-refused"
    title_zh = "签到码无效"
    title_en = "The attendance code is not valid here"


class AttendanceCodeExpired(Invalid):
    """The code was shown too long ago: a photograph sent to somebody at home does not attend."""

    slug = "attendance-code-expired"
    title_zh = "签到码已过期，请扫描屏幕上的新码"
    title_en = "The attendance code has expired; scan the one on the screen"


class AttendanceNotOpen(Conflict):
    """It is too early to attend."""

    slug = "attendance-not-open"
    title_zh = "尚未开始签到"
    title_en = "Attendance has not begun yet"


class NotInvited(Invalid):
    """Somebody who is not invited can come, but not be excused."""

    slug = "not-invited"
    title_zh = "此人不在参会名单上，不能登记为请假"
    title_en = "The person is not invited and so cannot be excused"


class MeetingWithoutQuorum(Conflict):
    """Too few of the invited are there; whoever closes the meeting says why it is closed all the same."""

    slug = "meeting-without-quorum"
    title_zh = "到会人数不足，须说明理由才能闭会"
    title_en = "There is no quorum; the meeting can only be closed with a reason"
