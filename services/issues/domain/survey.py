"""The survey (问卷): what residents need, what they propose, what came of it. One answer per household, and no rate without its n."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.issues.domain.assignment import check_in_future
from services.issues.domain.errors.surveys import AnswerDoesNotFit, SurveyNotDraft, SurveyNotFound, SurveyNotOpen
from services.issues.domain.words.surveys import QuestionKind, SurveyKind, SurveyState
from services.issues.domain.words.vocabulary import Words
from shared.principal import Principal, Role

STAFF = frozenset({Role.DUTY_OFFICER, Role.SECRETARY, Role.COMMUNITY_ADMIN})
"""Who writes surveys, sees them before they open and reads results while answers still come in."""
SCALE = ("1", "2", "3", "4", "5")
"""The answers to a scale, worst first."""
LONGEST_ANSWER = 1_000
"""Characters of an answer in words."""

Answers = Mapping[int, tuple[str, ...]]
"""Position of a question (from 1) -> the options chosen (their positions from 1, as text), or the words."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `options` are what one can choose, in order; a scale and words have none."""

    kind: QuestionKind
    text: str
    options: tuple[str, ...] = ()
    required: bool = True

    def codes(self) -> tuple[str, ...]:
        """The answers that can be counted: positions of the options from 1, or the steps of the scale."""
        if self.kind is QuestionKind.SCALE:
            return SCALE
        return tuple(str(position) for position in range(1, len(self.options) + 1))

    def lacks(self, given: tuple[str, ...]) -> Words | None:
        """What is wrong with an answer; None when it fits."""
        if not given:
            return Words("请作答", "please answer") if self.required else None
        if self.kind is QuestionKind.WORDS:
            too_long = len(given) != 1 or not 0 < len(given[0]) <= LONGEST_ANSWER
            return Words("请填写1至1000字", "write 1 to 1000 characters") if too_long else None
        if self.kind is not QuestionKind.SOME_OF and len(given) > 1:
            return Words("只能选一项", "choose one only")
        if len(set(given)) < len(given):
            return Words("同一项不能选两次", "the same option is chosen twice")
        if not set(given) <= set(self.codes()):
            return Words("没有这个选项", "no such option")
        return None


@dataclass(frozen=True, slots=True)
class Population:
    """Whom the survey asks: how many households, as of when, and where the number comes from. The denominator of its rate."""

    households: int
    as_of: date
    source: str


@dataclass(slots=True, kw_only=True)
class Survey:
    """A set of questions to the households of a community or of one compound."""

    id: UUID
    kind: SurveyKind
    title: str
    introduction: str | None
    compound_id: UUID | None
    population: Population
    anonymous: bool
    questions: tuple[Question, ...]
    created_by: UUID
    created_at: datetime
    state: SurveyState = SurveyState.DRAFT
    opened_at: datetime | None = None
    closes_at: datetime | None = None
    closed_at: datetime | None = None
    version: int = 1

    def check_visible_to(self, by: Principal) -> None:
        """Raise SurveyNotFound for people who must not know yet that it is being written."""
        if self.state is SurveyState.DRAFT and not by.roles & STAFF:
            raise SurveyNotFound

    def check_draft(self) -> None:
        """Raise SurveyNotDraft once people have been asked."""
        if self.state is not SurveyState.DRAFT:
            raise SurveyNotDraft

    def open(self, *, closes_at: datetime, at: datetime) -> None:
        """Begin to take answers, until a moment ahead."""
        self.check_draft()
        check_in_future(closes_at, at, "closes_at")
        self.state, self.opened_at, self.closes_at = SurveyState.OPEN, at, closes_at

    def close(self, *, at: datetime) -> None:
        """Take no more answers; the results are out. Closing happens at the announced time, or earlier by hand."""
        if self.state is not SurveyState.OPEN:
            raise SurveyNotOpen
        self.state, self.closed_at = SurveyState.CLOSED, at

    def takes_answers(self, at: datetime) -> bool:
        """Whether an answer given now counts: also before the clockwork has closed a survey whose time is over."""
        return self.state is SurveyState.OPEN and self.closes_at is not None and at < self.closes_at

    def check(self, answers: Answers, at: datetime) -> None:
        """Raise SurveyNotOpen, or AnswerDoesNotFit with every question that is not answered properly."""
        if not self.takes_answers(at):
            raise SurveyNotOpen
        wrong = {
            f"answers[question={position}]": (lack.zh, lack.en)
            for position, question in enumerate(self.questions, start=1)
            if (lack := question.lacks(answers.get(position, ()))) is not None
        }
        wrong |= {
            f"answers[question={position}]": ("没有这道题", "no such question")
            for position in answers
            if not 1 <= position <= len(self.questions)
        }
        if wrong:
            raise AnswerDoesNotFit(fields=wrong)
