"""What is refused because this community has no such thing."""

from shared.errors import AppError, Conflict, Invalid


class UnknownCategory(Invalid):
    """The category does not exist in this community."""

    title_zh = "没有这个分类"
    title_en = "No such category"


class UnknownBuilding(Invalid):
    """The building does not exist in this community."""

    title_zh = "没有这栋楼"
    title_en = "No such building"


class UnknownCompound(Invalid):
    """The compound does not exist in this community."""

    title_zh = "没有这个小区"
    title_en = "No such compound"


class UnknownGrid(Invalid):
    """A grid does not exist in this community."""

    title_zh = "没有这个网格"
    title_en = "No such grid"


class UnknownPerson(Invalid):
    """The person for whom somebody files holds no role in this community."""

    title_zh = "当事人不是本社区成员"
    title_en = "The person concerned is not a member of this community"


class UnknownOrganisation(Invalid):
    """The organisation does not take part in this community."""

    title_zh = "本社区没有这个单位"
    title_en = "No such organisation in this community"


class UnknownParticipant(Invalid):
    """The person holds no role in this community."""

    title_zh = "参会人不是本社区成员"
    title_en = "A participant is not a member of this community"


class CommunityNotReady(AppError):
    """The community's master data has not arrived here yet."""

    kind = Conflict.kind
    slug = "community-not-ready"
    title_zh = "社区资料尚未就绪，请稍后再试"
    title_en = "This community is not ready yet; please try again"
