"""What whistles refuse."""

from shared.errors import Conflict, Invalid, NotFound


class WhistleNotFound(NotFound):
    """No such whistle here, or none that this person may see."""

    title_zh = "没有这次吹哨"
    title_en = "No such whistle"


class WhistleStepRefused(Conflict):
    """The table of steps knows no such step from where the unit or the whistle stands."""

    slug = "whistle-step-refused"
    title_zh = "当前状态不允许这样操作"
    title_en = "Not possible where the whistle stands"


class UnitAlreadyCalled(Conflict):
    """The unit has been called for the same issue and has not finished."""

    slug = "unit-already-called"
    title_zh = "该单位已被同一诉求的哨声呼叫，尚未办毕"
    title_en = "The unit has been called for this issue already and is not done"


class RatedAlready(Conflict):
    """Each side rates once."""

    slug = "rated-already"
    title_zh = "已经评价过"
    title_en = "Rated already"


class UnitNotCalled(Invalid):
    """The named organisation is none of the units that were called."""

    title_zh = "该单位不在被呼叫之列"
    title_en = "The unit was not called"

    def __init__(self) -> None:
        super().__init__(fields={"organisation": ("不在被呼叫之列", "was not called")})


class UnitNotNamed(Invalid):
    """The person may answer for several called units and must say for which."""

    title_zh = "请指明是哪个单位"
    title_en = "Say which unit is meant"

    def __init__(self) -> None:
        super().__init__(fields={"organisation": ("请指明单位", "name the unit")})


class UnitNamedTwice(Invalid):
    """A whistle calls each unit once."""

    title_zh = "同一单位重复"
    title_en = "A unit is named twice"


class PlaceCodeRefused(Invalid):
    """The code was not given out for this whistle, or its time is over."""

    slug = "place-code-refused"
    title_zh = "现场码无效或已过期"
    title_en = "The code of the place is not valid, or no longer"

    def __init__(self) -> None:
        super().__init__(fields={"place_code": ("无效或已过期", "not valid, or no longer")})
