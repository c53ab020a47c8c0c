"""What a survey says: counts beside their n, the response rate beside its population (practice 43: 满意率高达98% of how many?)."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.issues.domain.survey import Question, Survey
from services.issues.domain.words.surveys import QuestionKind

SMALLEST_SAMPLE = 10
"""Fewer answers say nothing about the rest; the result is marked as too small a sample."""
SATISFIED = ("4", "5")
"""The steps of a scale that count as satisfied."""


@dataclass(frozen=True, slots=True)
class Share:
    """A rate that cannot be told without what it was made of. `value` is None while nobody was asked."""

    numerator: int
    denominator: int

    @property
    def value(self) -> float | None:
        """The rate, 0 to 1."""
        return self.numerator / self.denominator if self.denominator else None

    @property
    def too_small(self) -> bool:
        """Whether the sample is too small to speak for anybody else (样本不足)."""
        return self.denominator < SMALLEST_SAMPLE


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """The answers to one question: `n` households answered it; counts by code in the order of the options."""

    question: Question
    n: int
    counts: tuple[tuple[str, int], ...]

    @property
    def mean(self) -> float | None:
        """The mean of a scale."""
        if self.question.kind is not QuestionKind.SCALE or not self.n:
            return None
        return sum(int(code) * count for code, count in self.counts) / self.n

    @property
    def satisfied(self) -> Share | None:
        """满意率: those who chose 4 or 5, of those who answered this question."""
        if self.question.kind is not QuestionKind.SCALE:
            return None
        return Share(sum(count for code, count in self.counts if code in SATISFIED), self.n)


@dataclass(frozen=True, slots=True)
class SurveyResults:
    """How many answered, of how many, and what."""

    survey: Survey
    answered: int
    questions: tuple[QuestionResult, ...]

    @property
    def response_rate(self) -> Share:
        """Households that answered, of those that were asked."""
        return Share(self.answered, self.survey.population.households)


def results_of(
    survey: Survey, answered: int, answers: Mapping[int, int], counts: Mapping[tuple[int, str], int]
) -> SurveyResults:
    """The results from plain counts: households that answered, that answered each question, that chose each option."""
    return SurveyResults(
        survey,
        answered,
        tuple(
            QuestionResult(
                question,
                answers.get(position, 0),
                tuple((code, counts.get((position, code), 0)) for code in question.codes()),
            )
            for position, question in enumerate(survey.questions, start=1)
        ),
    )
