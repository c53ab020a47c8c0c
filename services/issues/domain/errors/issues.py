"""What issues refuse, in words that name the rule."""

from shared.errors import Conflict, Forbidden, Invalid, NotFound


class IssueNotFound(NotFound):
    """No such issue here, or none that this person may see."""

    title_zh = "没有这条诉求"
    title_en = "No such issue"


class TransitionRefused(Conflict):
    """The transition table knows no such step from the present state."""

    slug = "transition-refused"
    title_zh = "诉求当前状态不允许这样操作"
    title_en = "The issue cannot do this in its present state"


class NotTheirStep(Forbidden):
    """The step exists, but belongs to somebody else."""

    slug = "not-your-step"
    title_zh = "这一步不由您办理"
    title_en = "This step belongs to somebody else"


class ConflictOfInterest(Forbidden):
    """Nobody confirms their own work."""

    slug = "conflict-of-interest"
    title_zh = "不能评价自己办理的诉求"
    title_en = "Nobody confirms their own work"


class NothingToChange(Invalid):
    """A correction that corrects nothing."""

    title_zh = "没有可更正的内容"
    title_en = "Nothing would change"


class NotReached(Invalid):
    """Nobody answers who was not reached."""

    title_zh = "没有联系上，就没有答复"
    title_en = "Nobody answered who was not reached"


class CannotMerge(Invalid):
    """An issue is merged only into another open issue of the same community."""

    slug = "cannot-merge"
    title_zh = "不能合并到这条诉求"
    title_en = "It cannot be merged into that issue"


class ProofMissing(Invalid):
    """The office closes nothing on a bare word."""

    title_zh = "请填写撤回依据"
    title_en = "Proof is needed"


class IncompleteAssignment(Invalid):
    """An assignment needs all four: record, responsible party, deadline, plan."""

    slug = "incomplete-assignment"
    title_zh = "派单四要素不齐：记录、责任单位、时限、计划"
    title_en = "An assignment needs record, responsible party, deadline and plan"


class PlaceMissing(Invalid):
    """A place is a known building, words, or both."""

    title_zh = "请填写地点"
    title_en = "A place is needed"


ISSUE_ERRORS = (IssueNotFound, TransitionRefused, NotTheirStep)

"""What every step of an issue may answer."""
