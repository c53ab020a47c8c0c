"""What Open311 refuses beyond the rules of issues."""

from shared.errors import Invalid, NotFound


class SpanTooLong(Invalid):
    """The specification allows 90 days in one question."""

    slug = "span-refused"
    title_zh = "起止时间不正确"
    title_en = "These dates cannot be asked for"


class TooFarBack(Invalid):
    """Pages end somewhere; dates go on."""

    slug = "too-far-back"
    title_zh = "翻页太深，请缩小时间范围"
    title_en = "This page lies too far back; narrow the dates down"

    def __init__(self) -> None:
        super().__init__(fields={"page": ("最多 1000 条", "at most 1000 requests")})


class ServiceNotFound(NotFound):
    """There is no such category here."""

    slug = "service-not-found"
    title_zh = "没有这个 service_code（诉求分类）"
    title_en = "service_code was not found"
