"""What mediations refuse."""

from shared.errors import Conflict, Invalid, NotFound, Unavailable


class MediationNotFound(NotFound):
    """No such mediation here, or none that this person may see."""

    title_zh = "没有这件调解"
    title_en = "No such mediation"


class SessionNotFound(NotFound):
    """The mediation has no such session."""

    title_zh = "没有这次调解会"
    title_en = "No such session"


class MediationStepRefused(Conflict):
    """The table of steps knows no such step from where the mediation stands, or a condition does not hold."""

    slug = "mediation-step-refused"
    title_zh = "调解当前状态不允许这样操作"
    title_en = "Not possible where the mediation stands"


class MediationAlreadyOpen(Conflict):
    """One mediation at a time for an issue."""

    slug = "mediation-already-open"
    title_zh = "这条纠纷已有一件正在进行的调解"
    title_en = "A mediation of this dispute is open already"


class NotADispute(Conflict):
    """Only disputes are mediated."""

    slug = "not-a-dispute"
    title_zh = "只有邻里纠纷可以调解"
    title_en = "Only disputes are mediated"


class PartyRefused(Invalid):
    """A party is nobody, is named twice, or is the mediator."""

    title_zh = "当事人填写有误"
    title_en = "A party is not valid"


class MediatorRefused(Invalid):
    """The mediator must be a member of the community and none of the parties."""

    title_zh = "调解员须为本社区成员，且不是当事人"
    title_en = "The mediator must be a member of the community and none of the parties"

    def __init__(self) -> None:
        super().__init__(
            fields={"mediator_id": ("不是本社区成员，或是当事人", "not a member of this community, or a party")}
        )


class MediationUnreadable(Unavailable):
    """The sealed record cannot be opened: its key is not at hand, or it was altered."""

    slug = "mediation-unreadable"
    title_zh = "调解记录无法解密，请联系运维人员"
    title_en = "The sealed record cannot be opened; please tell the operators"
