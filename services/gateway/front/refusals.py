"""Refusals of the way to a service, as problem documents like any other."""

from shared.errors import Unavailable
from shared.http.refusals import HttpRefusal


class ServiceUnreachable(Unavailable):
    """The service behind this address does not take connections just now; the others work."""

    slug = "service-unreachable"
    title_zh = "该服务暂时不可用，其他服务不受影响，请稍后再试"
    title_en = "This service is not available just now, others are; please try again"


class BadAnswer(HttpRefusal):
    """The service broke off or answered nonsense. A command may have taken effect: repeat it with the same key."""

    status = 502
    slug = "bad-answer"
    title_zh = "服务未能完成回答，请用同一个 Idempotency-Key 重试"
    title_en = "The service did not finish its answer; try again with the same Idempotency-Key"


class TooSlow(HttpRefusal):
    """The service did not answer in time. A command may still take effect: repeat it with the same key."""

    status = 504
    slug = "too-slow"
    title_zh = "服务响应超时，请用同一个 Idempotency-Key 重试"
    title_en = "The service took too long; try again with the same Idempotency-Key"
