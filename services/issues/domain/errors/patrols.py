"""What patrols refuse."""

from shared.errors import Conflict, Forbidden, Invalid, NotFound


class PatrolNotFound(NotFound):
    """No such patrol here, or none that this person may see."""

    title_zh = "没有这次巡查"
    title_en = "No such patrol"


class FindingNotFound(NotFound):
    """The patrol has no such finding."""

    title_zh = "没有这条发现"
    title_en = "No such finding"


class PatrolStepRefused(Conflict):
    """The patrol is in a state in which this cannot be done."""

    slug = "patrol-step-refused"
    title_zh = "巡查当前状态不允许这样操作"
    title_en = "The patrol cannot do this in its present state"


class NotOnPatrol(Forbidden):
    """Only those who take part walk it and write down what they find."""

    slug = "not-on-patrol"
    title_zh = "您不是这次巡查的参加人"
    title_en = "You do not take part in this patrol"


class NotOnRoute(Invalid):
    """The grid is no part of the route."""

    slug = "not-on-route"
    title_zh = "该网格不在巡查路线上"
    title_en = "This grid is not on the route"


class StopsLeftOut(Invalid):
    """Whoever leaves out part of the route says why."""

    slug = "stops-left-out"
    title_zh = "路线没有走完，请说明原因"
    title_en = "Part of the route was left out; say why"


class NothingToWalk(Invalid):
    """A patrol needs a route, and a grid worker without a grid has none by default."""

    slug = "nothing-to-walk"
    title_zh = "请选择要巡查的网格"
    title_en = "Choose the grids to walk"


class TooManyFindings(Conflict):
    """A patrol holds a bounded number of findings."""

    slug = "too-many-findings"
    title_zh = "一次巡查最多记录500条，请另开一次巡查"
    title_en = "A patrol holds 500 findings; begin another one"


class FindingRaisedAlready(Conflict):
    """A finding becomes one issue, not two."""

    slug = "finding-already-raised"
    title_zh = "这条发现已经转为诉求"
    title_en = "This finding already became an issue"
