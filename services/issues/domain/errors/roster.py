"""What the standing roster refuses."""

from shared.errors import Conflict, Invalid, NotFound


class RosterEntryNotFound(NotFound):
    """No such entry in the roster of this community."""

    title_zh = "名册中没有这一席"
    title_en = "No such entry in the roster"


class SeatNotStanding(Invalid):
    """This kind of meeting has no such standing seat."""

    slug = "seat-not-standing"
    title_zh = "该类会议没有这个常驻席位"
    title_en = "This kind of meeting has no such standing seat"


class RosterDatesWrong(Invalid):
    """The last day lies before the first."""

    slug = "roster-dates-wrong"
    title_zh = "任期日期有误"
    title_en = "The term's dates are wrong"


class AlreadyOnRoster(Conflict):
    """The person sits in this seat at that time already."""

    slug = "already-on-roster"
    title_zh = "此人已在该席位上"
    title_en = "The person already has this seat"


class RosterFull(Conflict):
    """The roster of a kind has a limit."""

    slug = "roster-full"
    title_zh = "常驻名册已满"
    title_en = "The roster is full"
