"""The rates, each defined once: what is divided by what, who was asked, who is left out and why, and the formula in words."""

from dataclasses import dataclass

from services.issues.domain.rates.measures import Measure
from services.issues.domain.words.vocabulary import Words

RULES_VERSION = 3
"""Counts that were made under another version are made anew by a rebuild."""
SMALL_SAMPLE = 10
"""Below this many cases a rate is shown with the remark 样本不足."""
SMALLEST_SHOWN = 5
"""Below this many cases a figure that could point to a person is not shown to the subdistrict at all."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One rate. `ended_only`: what falls due today or later is not counted yet, so that nobody is late before time."""

    code: str
    name: Words
    numerator: Measure
    denominator: Measure
    formula: Words
    asked: Measure | None = None
    answered: Measure | None = None
    excluded: tuple[Measure, ...] = ()
    ended_only: bool = False

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Everything this rate reads."""
        read = (self.numerator, self.denominator, self.asked, self.answered, *self.excluded)
        return tuple(dict.fromkeys(measure for measure in read if measure is not None))


METRICS: tuple[Metric, ...] = (
    Metric(
        "response",
        Words("响应率", "response rate"),
        Measure.CONTACTED,
        Measure.CONTACT_DUE,
        Words(
            "时限内（T2）首次联系诉求人的诉求 ÷ T2 在期内到期的已受理诉求",
            "matters whose reporter was first contacted within T2 ÷ accepted matters whose T2 ended in the period",
        ),
        excluded=(Measure.CONTACT_NOBODY,),
        ended_only=True,
    ),
    Metric(
        "solved",
        Words("解决率", "solution rate"),
        Measure.SAID_SOLVED,
        Measure.ANSWERED,
        Words(
            "回访答“已解决” ÷ 已答复的回访；期内办结回复的各轮分别计，未答复的另列",
            "call-backs answered “solved” ÷ call-backs answered; each round resolved in the period counts, the unanswered stand apart",
        ),
        asked=Measure.ASKED,
        answered=Measure.ANSWERED,
        excluded=(Measure.ASKED_NOBODY,),
    ),
    Metric(
        "satisfaction",
        Words("满意率", "satisfaction rate"),
        Measure.SAID_SATISFIED,
        Measure.RATED,
        Words(
            "评4–5分 ÷ 给出评分的回访；期内办结回复的各轮分别计，未评分的另列",
            "rated 4 or 5 ÷ call-backs answered with a rating; each round resolved in the period counts, the others stand apart",
        ),
        asked=Measure.ASKED,
        answered=Measure.RATED,
        excluded=(Measure.ASKED_NOBODY,),
    ),
    Metric(
        "in_time",
        Words("按时办结率", "rate of matters resolved in time"),
        Measure.IN_TIME,
        Measure.DUE,
        Words(
            "时限内（T3）办结回复的各轮 ÷ T3 在期内到期的各轮；返单另起一轮，首轮仍计",
            "rounds resolved within T3 ÷ rounds whose T3 ended in the period; a matter opened again is another round, the first still counts",
        ),
        excluded=(Measure.DUE_WITHDRAWN, Measure.DUE_DISMISSED, Measure.DUE_MERGED, Measure.DUE_DEFERRED),
        ended_only=True,
    ),
    Metric(
        "first_time",
        Words("一次办结率", "rate of matters solved in the first round"),
        Measure.FIRST_FOR_GOOD,
        Measure.FIRST_RESOLVED,
        Words(
            "首轮办结后未返单而结案的诉求 ÷ 期内首轮办结回复且已有结论的诉求",
            "matters closed after round 1 without being opened again ÷ matters first resolved in the period that are settled either way",
        ),
        excluded=(Measure.FIRST_UNSETTLED,),
    ),
    Metric(
        "returned",
        Words("返单率", "rate of matters opened again"),
        Measure.RETURNED,
        Measure.RESOLVED,
        Words(
            "期内办结回复中后来被重新办理的 ÷ 期内办结回复（各轮分别计）",
            "resolutions of the period that were opened again later ÷ resolutions of the period (each round counts)",
        ),
    ),
    Metric(
        "proactive",
        Words("未诉先办率", "rate of matters found before a complaint"),
        Measure.PROACTIVE,
        Measure.REGISTERED,
        Words(
            "网格、巡查、走访、会议主动发现的诉求 ÷ 期内登记的全部诉求",
            "matters found on rounds, patrols, visits and at meetings ÷ all matters registered in the period",
        ),
    ),
    Metric(
        "on_the_spot",
        Words("当场办结率", "rate of matters resolved on the spot"),
        Measure.ON_THE_SPOT,
        Measure.RESOLVED,
        Words(
            "未派单而由会议或社区当场解决的 ÷ 期内办结回复（各轮分别计）",
            "resolved by the meeting or the office without being assigned ÷ resolutions of the period (each round counts)",
        ),
    ),
    Metric(
        "repeated",
        Words("重复诉求率", "rate of repeated matters"),
        Measure.REPEATED,
        Measure.PLACED,
        Words(
            "登记前90天内同楼栋同分类已有诉求的 ÷ 期内登记到楼栋的诉求",
            "matters with another of the same building and category within the 90 days before ÷ matters registered at a building",
        ),
    ),
)

METRIC_OF = {metric.code: metric for metric in METRICS}
"""A rate by its code."""
MEASURES_OF_RATES = frozenset(measure for metric in METRICS for measure in metric.measures)
"""Everything that any rate reads."""
