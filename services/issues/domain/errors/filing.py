"""What is refused while a matter is put on record."""

from shared.errors import Invalid


class SourceRefused(Invalid):
    """Whoever files may not name this source."""

    title_zh = "您不能以这种来源登记诉求"
    title_en = "You cannot file from this source"


class ProxyIncomplete(Invalid):
    """A matter of somebody else needs the person concerned and their consent."""

    title_zh = "代为提出须写明当事人及其同意"
    title_en = "Filing for somebody else needs the person concerned and their consent"


class PlaceMismatch(Invalid):
    """The parts of a place do not belong together."""

    title_zh = "地点的各部分不一致"
    title_en = "The parts of the place do not belong together"
