"""Everything that events refuses, in words a person can act on."""

from shared.errors import Conflict, Invalid, NotFound


class EventNotFound(NotFound):
    """No such neighbourhood event in this community, or it is a draft that this person may not see."""

    slug = "event-not-found"
    title_zh = "没有找到这个活动"
    title_en = "No such neighbourhood event"


class RegistrationNotFound(NotFound):
    """No such registration for this event, or it is somebody else's."""

    slug = "registration-not-found"
    title_zh = "没有找到这条报名"
    title_en = "No such registration"


class CheckInNotFound(NotFound):
    """No such check-in for this registration."""

    slug = "check-in-not-found"
    title_zh = "没有找到这条签到"
    title_en = "No such check-in"


class EventTransitionRefused(Conflict):
    """The event is not in a state in which this can be done."""

    slug = "event-transition-refused"
    title_zh = "活动当前状态不允许这样操作"
    title_en = "Not possible in the current state of the event"


class EventInvalid(Invalid):
    """The particulars of an event contradict each other; the fields say where."""

    slug = "event-invalid"
    title_zh = "活动信息有误"
    title_en = "The particulars of the event contradict each other"


class EventHasStarted(Conflict):
    """The event has begun; what was possible before is not any more."""

    slug = "event-has-started"
    title_zh = "活动已经开始"
    title_en = "The event has started"


class EventIsCancelled(Conflict):
    """The event will not take place."""

    slug = "event-cancelled"
    title_zh = "活动已取消"
    title_en = "The event was cancelled"


class EventIsFinished(Conflict):
    """The event is over."""

    slug = "event-finished"
    title_zh = "活动已结束"
    title_en = "The event is over"


class RegistrationIsClosed(Conflict):
    """The time for signing up is over."""

    slug = "registration-closed"
    title_zh = "报名已截止"
    title_en = "Registration is closed"


class EventIsFull(Conflict):
    """No places are left, and this event keeps no waitlist."""

    slug = "event-full"
    title_zh = "名额已满，且本活动不设候补"
    title_en = "The event is full and keeps no waitlist"


class PartyIsTooLarge(Conflict):
    """The household brings more persons than the event has places at all: it could never come in."""

    slug = "party-too-large"
    title_zh = "报名人数超过活动总名额"
    title_en = "More persons than the event has places"


class AlreadyRegistered(Conflict):
    """This person already has places or a rank for this event."""

    slug = "already-registered"
    title_zh = "您已报名或正在候补"
    title_en = "You are registered or on the waitlist already"


class CapacityTooSmall(Conflict):
    """The capacity would fall below the persons who have their places, or shut out a waiting household for good."""

    slug = "capacity-too-small"
    title_zh = "名额不能少于已确认人数"
    title_en = "The capacity cannot fall below the confirmed persons"


class ParticularsRefused(Invalid):
    """A particular that only another kind of event has; the field says which."""

    slug = "particulars-refused"
    title_zh = "这类活动没有该项信息"
    title_en = "This kind of event has no such particular"


class RegistrationTransitionRefused(Conflict):
    """The registration is not in a state in which this can be done."""

    slug = "registration-transition-refused"
    title_zh = "报名当前状态不允许这样操作"
    title_en = "Not possible in the current state of the registration"


class NotConfirmed(Conflict):
    """Only a household with confirmed places can be checked in."""

    slug = "registration-not-confirmed"
    title_zh = "该报名没有确认名额，不能签到"
    title_en = "This registration has no confirmed places"


class MoreThanRegistered(Conflict):
    """More persons would be present than the household registered."""

    slug = "more-than-registered"
    title_zh = "到场人数超过报名人数"
    title_en = "More persons than registered"


class OutsideCheckInTime(Conflict):
    """The moment of arrival lies outside of the time in which this event takes check-ins."""

    slug = "outside-check-in-time"
    title_zh = "不在签到时间内"
    title_en = "Outside of the check-in time"


class NonceReused(Conflict):
    """The nonce already stands for another check-in of this event."""

    slug = "nonce-reused"
    title_zh = "该签到编号已用于另一次签到"
    title_en = "This nonce was used for another check-in"


class AlreadyAnnulled(Conflict):
    """The check-in was taken back before."""

    slug = "check-in-already-annulled"
    title_zh = "该签到已撤销"
    title_en = "This check-in was annulled before"
