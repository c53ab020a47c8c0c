"""Everything that volunteers refuses, in words a person can act on."""

from shared.errors import AppError, Conflict, Forbidden, Invalid, Kind, NotFound, Unavailable


class WishNotFound(NotFound):
    """No such wish in this community, or it is not for this person to see."""

    slug = "wish-not-found"
    title_zh = "没有找到这个微心愿"
    title_en = "No such wish"


class WishTransitionRefused(Conflict):
    """The wish is not in a state in which this can be done."""

    slug = "wish-transition-refused"
    title_zh = "微心愿当前状态不允许这样操作"
    title_en = "Not possible in the current state of the wish"


class WishAlreadyClaimed(Conflict):
    """Somebody else was faster."""

    slug = "wish-already-claimed"
    title_zh = "这个微心愿已被认领"
    title_en = "Somebody has already claimed this wish"


class OwnWish(Conflict):
    """One does not claim the wish one made, or made for somebody else."""

    slug = "own-wish"
    title_zh = "不能认领自己或自己代提的微心愿"
    title_en = "You cannot claim a wish that you made"


class TooManyOpenClaims(Conflict):
    """The person promised as many wishes as one person may hold open at a time."""

    slug = "too-many-open-claims"
    title_zh = "您手上的微心愿已达上限，请先完成或退回"
    title_en = "You hold as many open wishes as one person may; deliver or give back one first"


class NotTheClaimant(Forbidden):
    """Only the person who claimed the wish may do this."""

    slug = "not-the-claimant"
    title_zh = "只有认领人可以这样操作"
    title_en = "Only the person who claimed the wish may do this"


class NotTheWisher(Forbidden):
    """Only the wisher says whether a wish came true."""

    slug = "not-the-wisher"
    title_zh = "只有许愿人可以确认"
    title_en = "Only the wisher may do this"


class ProxyNotAllowed(Forbidden):
    """Wishing for somebody else needs a role that may act as a proxy."""

    slug = "proxy-not-allowed"
    title_zh = "您不能代他人提交微心愿"
    title_en = "You may not submit a wish for somebody else"


class ConsentMissing(Invalid):
    """Acting for somebody else needs a record of that person's consent."""

    slug = "consent-missing"
    title_zh = "代提需要登记本人同意的方式"
    title_en = "Say how the person agreed"

    def __init__(self) -> None:
        super().__init__(fields={"consent": ("代他人提出时必填", "required when wished_by is another person")})


class BeneficiaryNotFound(NotFound):
    """No beneficiary record for this wish, or it is none of this person's business: both answer the same."""

    slug = "beneficiary-not-found"
    title_zh = "没有可查看的受益人信息"
    title_en = "No beneficiary record that you may see"


class SealUnreadable(Unavailable):
    """The key that sealed a record is not at hand, or the record was altered."""

    slug = "seal-unreadable"
    title_zh = "受益人信息暂时无法解密"
    title_en = "The beneficiary record cannot be opened at present"


class PersonNotFound(NotFound):
    """Nobody by that id in this community, or not for this person to see."""

    slug = "person-not-found"
    title_zh = "本社区没有这个人"
    title_en = "No such person in this community"


class LedgerNotOpen(Unavailable):
    """The community's ledger has not been opened yet: its creation is still on the way."""

    slug = "ledger-not-open"
    title_zh = "本社区的积分账本尚未开通"
    title_en = "The points ledger of this community is not open yet"


class InsufficientPoints(Conflict):
    """The account does not hold as many free points."""

    slug = "insufficient-points"
    title_zh = "可用积分不足"
    title_en = "Not enough free points"


class RuleNotInForce(Invalid):
    """No approved version of this points rule is in force now."""

    slug = "points-rule-not-in-force"
    title_zh = "没有生效的积分规则"
    title_en = "No such points rule in force"

    def __init__(self, code: str) -> None:
        super().__init__(
            f"积分规则 {code} 未生效",
            f"the points rule {code} is not in force",
            fields={"rule": ("未生效", "not in force")},
        )


class PointsCapReached(Conflict):
    """The rule's daily or weekly cap for this person is used up."""

    slug = "points-cap-reached"
    title_zh = "已达到该规则的积分上限"
    title_en = "The cap of this rule is reached"


class AlreadyAwarded(Conflict):
    """This very deed has already earned points under this rule."""

    slug = "already-awarded"
    title_zh = "这件事已经计过积分"
    title_en = "This deed has already earned its points"


class TransferNotFound(NotFound):
    """No such transfer in this community."""

    slug = "transfer-not-found"
    title_zh = "没有找到这笔积分记录"
    title_en = "No such transfer"


class AlreadyReversed(Conflict):
    """A transfer is taken back once."""

    slug = "already-reversed"
    title_zh = "这笔积分已经撤销过"
    title_en = "This transfer has already been reversed"


class NotReversible(Conflict):
    """A reversal is not reversed; post the right transfer instead."""

    slug = "not-reversible"
    title_zh = "撤销记录不能再次撤销"
    title_en = "A reversal cannot be reversed"


class HoldNotFound(NotFound):
    """No such hold in this community."""

    slug = "hold-not-found"
    title_zh = "没有找到这笔冻结"
    title_en = "No such hold"


class HoldNotOpen(Conflict):
    """The hold was captured, released or has expired."""

    slug = "hold-not-open"
    title_zh = "这笔冻结已经结束"
    title_en = "This hold is no longer open"


class AdjustmentNotFound(NotFound):
    """No such adjustment in this community."""

    slug = "adjustment-not-found"
    title_zh = "没有找到这笔调整"
    title_en = "No such adjustment"


class AdjustmentAlreadyDecided(Conflict):
    """An adjustment is decided once."""

    slug = "adjustment-already-decided"
    title_zh = "这笔调整已经审定"
    title_en = "This adjustment has already been decided"


class SecondPersonNeeded(AppError):
    """Who proposed something does not approve it; nor does the person it benefits."""

    kind = Kind.FORBIDDEN
    slug = "second-person-needed"
    title_zh = "需要由另一个人审批"
    title_en = "Another person has to approve this"


class RuleVersionNotFound(NotFound):
    """No such version of a points rule."""

    slug = "points-rule-not-found"
    title_zh = "没有找到这个规则版本"
    title_en = "No such version of a points rule"


class RuleAlreadyApproved(Conflict):
    """A version of a rule is approved once."""

    slug = "points-rule-already-approved"
    title_zh = "这个规则版本已经审批"
    title_en = "This version has already been approved"


class RuleDatesOutOfOrder(Invalid):
    """A version that ends before it begins."""

    slug = "points-rule-dates"
    title_zh = "失效时间必须晚于生效时间"
    title_en = "A rule must end after it begins"

    def __init__(self) -> None:
        super().__init__(fields={"effective_until": ("必须晚于 effective_from", "must lie after effective_from")})
