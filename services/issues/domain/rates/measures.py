"""What is counted. A measure is one whole number per day and dimension; rates divide sums of them.

Every count stands on the day of the event that the rate divides by (the acceptance, the deadline, the resolution, the closing), so that
a numerator is always part of its denominator, and a week, a month or a year is a plain sum.
"""

from services.issues.domain.words.issues import IssueKind, Level, Outcome, QuantityKind
from services.issues.domain.words.vocabulary import Vocabulary, Words, words


class Measure(Vocabulary):
    """The fixed measures. Others are a family and a code: `outcome.solved`, `level.compound`, `quantity.parking_space`, `kind.dispute`."""

    REGISTERED = "registered", "登记的诉求", "matters registered"
    PROACTIVE = "proactive", "居民反映之前主动发现的诉求", "matters found before anybody complained"
    PLACED = "placed", "登记到楼栋的诉求", "matters registered at a building"
    REPEATED = "repeated", "90天内同楼栋同分类的再次诉求", "matters of the same building and category within 90 days"
    OPEN = "open", "现在仍未办结的诉求", "matters that are still open"
    UNANSWERED = "unanswered", "现在仍无任何答复的诉求", "open matters that nobody has answered"
    CONTACT_DUE = (
        "contact_due",
        "首次联系时限（T2）到期的已受理诉求",
        "accepted matters whose time for the first contact (T2) has ended",
    )
    CONTACTED = "contacted", "时限内首次联系的诉求", "matters contacted in time"
    CONTACT_NOBODY = "contact_nobody", "没有可联系的诉求人", "nobody to contact"
    DUE = "due", "办理时限（T3）到期的诉求", "matters whose time to be solved (T3) has ended"
    IN_TIME = "in_time", "时限内办理的诉求", "matters resolved in time"
    DUE_WITHDRAWN = "due_withdrawn", "到期前撤回", "withdrawn before it was due"
    DUE_DISMISSED = "due_dismissed", "到期前不予受理", "dismissed before it was due"
    DUE_MERGED = "due_merged", "到期前合并", "merged before it was due"
    DUE_DEFERRED = (
        "due_deferred",
        "到期前挂账（改按复核日）",
        "deferred before it was due (the review date counts instead)",
    )
    RESOLVED = "resolved", "办结回复", "resolutions"
    RETURNED = "returned", "被退回重新办理的办结", "resolutions that were opened again"
    ON_THE_SPOT = "on_the_spot", "当场解决", "resolved on the spot"
    FIRST_RESOLVED = "first_resolved", "首轮办结回复的诉求", "matters resolved in the first round"
    FIRST_FOR_GOOD = "first_for_good", "首轮即办结且未返单", "closed after the first round, for good"
    FIRST_UNSETTLED = "first_unsettled", "首轮办结后仍待核实", "first resolution still waiting for confirmation"
    ASKED = "asked", "发出的回访", "call-backs sent"
    ASKED_NOBODY = "asked_nobody", "没有可回访的诉求人", "nobody to call back"
    ANSWERED = "answered", "回访已答复", "call-backs answered"
    SAID_SOLVED = "said_solved", "答复“已解决”", "answers “solved”"
    RATED = "rated", "给出满意度评分", "answers with a rating"
    SAID_SATISFIED = "said_satisfied", "答复“满意”（4–5分）", "answers “satisfied” (4–5)"
    CLOSED = "closed", "办结的诉求", "matters closed"
    CLOSED_SOLVED = "closed_solved", "办结且已解决的诉求", "matters closed as solved"
    CLOSED_WITH_LEVEL = (
        "closed_with_level",
        "记录了解决层级、办结且已解决的诉求",
        "matters closed as solved with a level",
    )
    DEFERRED = "deferred", "现在挂账的诉求", "matters deferred now"
    DEFERRALS = "deferrals", "新增挂账", "new deferrals"
    DISMISSED = "dismissed", "不予受理的诉求", "matters dismissed"


OUTCOME, LEVEL, QUANTITY, PENDING, KIND = "outcome", "level", "quantity", "pending", "kind"
"""The families: how it ended, where it was solved, what it added up to (confirmed; not yet confirmed), what sort of matter it was."""

STOCKS = frozenset({Measure.OPEN, Measure.UNANSWERED, Measure.DEFERRED})
"""Measures of the present: they stand on the day on which the matter came into this condition, and leave with it."""

_FAMILIES: dict[str, type[Vocabulary]] = {
    OUTCOME: Outcome,
    LEVEL: Level,
    QUANTITY: QuantityKind,
    PENDING: QuantityKind,
    KIND: IssueKind,
}


def of_family(family: str, code: str) -> str:
    """The measure of a family for one code."""
    return f"{family}.{code}"


def words_of(measure: str) -> Words:
    """How people read a measure."""
    family, _, code = measure.partition(".")
    if not code:
        return words(Measure(measure))
    known = words(_FAMILIES[family](code))
    return Words(f"{known.zh}（待核实）", f"{known.en} (not confirmed yet)") if family == PENDING else known
