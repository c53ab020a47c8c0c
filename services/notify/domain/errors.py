"""Refusals of notify, in words a person can act on."""

from shared.errors import Conflict, Invalid, NotFound, TooMany


class NotificationNotFound(NotFound):
    """No such notification in this person's inbox."""

    slug = "notification-not-found"
    title_zh = "没有找到这条通知"
    title_en = "No such notification"


class SubscriptionNotFound(NotFound):
    """No such subscription, or it belongs to another organisation."""

    slug = "subscription-not-found"
    title_zh = "没有找到这个订阅"
    title_en = "No such subscription"


class OrganisationNotClear(Invalid):
    """The caller is a partner through several organisations, or not through the one it names."""

    slug = "organisation-not-clear"
    title_zh = "请说明代表哪个单位"
    title_en = "Say for which organisation"


class FilterNotPossible(Invalid):
    """A filter names message types that partners cannot subscribe to."""

    slug = "filter-not-possible"
    title_zh = "订阅条件有误"
    title_en = "This filter is not possible"


class AddressRefused(Invalid):
    """The web hook address breaks a rule: https, a public host name, port 443 or 8443, no user name."""

    slug = "address-refused"
    title_zh = "回调地址不符合要求"
    title_en = "The web hook address is refused"


class SubscriptionStateRefuses(Conflict):
    """A paused or disabled subscription cannot do this."""

    slug = "subscription-state"
    title_zh = "订阅当前状态不允许这样操作"
    title_en = "Not possible in the current state of the subscription"


class TooManySubscriptions(TooMany):
    """The organisation has as many subscriptions as one may have."""

    slug = "too-many-subscriptions"
    title_zh = "订阅数量已达上限"
    title_en = "Too many subscriptions"
