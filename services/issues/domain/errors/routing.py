"""What is refused about routing rules."""

from shared.errors import Invalid, NotFound


class RoutingVersionNotFound(NotFound):
    """No such version of the rules here."""

    title_zh = "没有这一版派单规则"
    title_en = "No such version of the routing rules"


class RulesRefused(Invalid):
    """A rule names something that is not there, or two rules say the same."""

    slug = "routing-rules-refused"
    title_zh = "派单规则有误"
    title_en = "The routing rules are not right"


class ReasonNeeded(Invalid):
    """The rules suggest another organisation; choosing differently needs a reason."""

    slug = "reason-needed"
    title_zh = "派给规则建议以外的单位，请说明理由"
    title_en = "Assigning to another organisation than the rules suggest needs a reason"
