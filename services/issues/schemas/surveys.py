"""What callers send and read about surveys."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.issues.domain.survey import LONGEST_ANSWER, Population, Question, Survey
from services.issues.domain.survey_results import QuestionResult, Share, SurveyResults
from services.issues.domain.words.surveys import QuestionKind, SurveyKind, SurveyState
from services.issues.domain.words.vocabulary import words
from services.issues.ports.surveys import HouseholdAnswer
from services.issues.schemas.labels import Label, View
from services.issues.use_cases.draft_survey import SurveyText
from shared.http.bodies import Day, LineText, LongText, Moment, ShortText, StrictBody


class QuestionBody(StrictBody):
    """题目。单选、多选须有2至20个选项。One question; choices need 2 to 20 options."""

    kind: QuestionKind
    text: LineText
    options: Annotated[list[LineText], Field(default_factory=list, max_length=20)]
    required: bool = True

    @model_validator(mode="after")
    def fits(self) -> Self:
        """Options where there is something to choose, and only there."""
        chooses = self.kind in (QuestionKind.ONE_OF, QuestionKind.SOME_OF)
        if chooses and (len(self.options) < 2 or len(set(self.options)) < len(self.options)):
            raise PydanticCustomError("options_missing", "needs at least two different options")
        if not chooses and self.options:
            raise PydanticCustomError("options_unwanted", "has no options")
        return self


class PopulationBody(StrictBody):
    """问卷对象：多少户、截至哪天、数据来自哪里。The denominator, with its date and source."""

    households: Annotated[int, Field(ge=1, le=10_000_000)] = Field(examples=[5196])
    as_of: Day
    source: LineText = Field(examples=["社区户籍台账"])


class SurveyBody(StrictBody):
    """问卷草稿。A survey as it will be asked."""

    kind: SurveyKind
    title: ShortText
    introduction: LongText | None = None
    compound_id: UUID | None = Field(None, description="只问一个小区；缺省为全社区。One compound only")
    population: PopulationBody
    anonymous: bool = Field(True, description="匿名：答案与住户不关联。Answers are kept apart from households")
    questions: Annotated[list[QuestionBody], Field(min_length=1, max_length=30)] = Field(
        examples=[[{"kind": "one_of", "text": "最需要什么", "options": ["停车位", "路灯"], "required": True}]]
    )

    def text(self) -> SurveyText:
        """In the words of the domain."""
        asked = self.population
        return SurveyText(
            self.kind,
            self.title,
            self.introduction,
            self.compound_id,
            Population(asked.households, asked.as_of, asked.source),
            self.anonymous,
            tuple(Question(one.kind, one.text, tuple(one.options), one.required) for one in self.questions),
        )


class OpenSurveyBody(StrictBody):
    """开始征集，到何时为止。Until when answers are taken."""

    closes_at: Moment


class CloseSurveyBody(StrictBody):
    """提前结束，无需填写。Nothing to fill in."""


AnswerText = Annotated[str, Field(min_length=1, max_length=LONGEST_ANSWER)]


class AnswerBody(StrictBody):
    """一道题的回答：选项序号（从1起）或文字。Positions of options from 1, steps of the scale, or words."""

    question: Annotated[int, Field(ge=1, le=30)]
    answer: Annotated[list[AnswerText], Field(min_length=1, max_length=20)]


class AnswersBody(StrictBody):
    """一户的答卷。The answers of one household."""

    household_id: UUID | None = Field(
        None, description="只属于一户的人可不填；工作人员代录纸质问卷须填。Needed when keyed in from paper"
    )
    answers: Annotated[list[AnswerBody], Field(max_length=30)]

    @model_validator(mode="after")
    def each_once(self) -> Self:
        """Each question is answered once."""
        if len({one.question for one in self.answers}) < len(self.answers):
            raise PydanticCustomError("question_twice", "a question is answered twice")
        return self


class QuestionView(View):
    """A question."""

    position: int
    kind: QuestionKind
    text: str
    options: list[str]
    required: bool


class PopulationView(View):
    """Whom the survey asks."""

    households: int
    as_of: date
    source: str


class SurveyView(View):
    """问卷。A survey with its questions."""

    id: UUID
    kind: SurveyKind
    kind_label: Label
    title: str
    introduction: str | None
    compound_id: UUID | None
    population: PopulationView
    anonymous: bool
    state: SurveyState
    state_label: Label
    opened_at: datetime | None
    closes_at: datetime | None
    closed_at: datetime | None
    questions: list[QuestionView]
    version: int

    @classmethod
    def of(cls, survey: Survey) -> "SurveyView":
        """The survey."""
        asked = survey.population
        return cls.model_construct(
            id=survey.id,
            kind=survey.kind,
            kind_label=Label.of(words(survey.kind)),
            title=survey.title,
            introduction=survey.introduction,
            compound_id=survey.compound_id,
            population=PopulationView.model_construct(
                households=asked.households, as_of=asked.as_of, source=asked.source
            ),
            anonymous=survey.anonymous,
            state=survey.state,
            state_label=Label.of(words(survey.state)),
            opened_at=survey.opened_at,
            closes_at=survey.closes_at,
            closed_at=survey.closed_at,
            questions=[
                QuestionView.model_construct(
                    position=position,
                    kind=one.kind,
                    text=one.text,
                    options=list(one.options),
                    required=one.required,
                )
                for position, one in enumerate(survey.questions, start=1)
            ],
            version=survey.version,
        )


class AnsweredView(View):
    """Receipt of an answer."""

    survey_id: UUID
    household_id: UUID
    at: datetime

    @classmethod
    def of(cls, answer: HouseholdAnswer) -> "AnsweredView":
        """Without the answers themselves."""
        return cls.model_construct(survey_id=answer.survey_id, household_id=answer.household_id, at=answer.at)


class ShareView(View):
    """A rate with what it is made of. 没有分子分母的比率不展示."""

    numerator: int
    denominator: int
    value: float | None
    too_small: bool = Field(description="样本不足（少于10）。Fewer than ten")

    @classmethod
    def of(cls, share: Share) -> "ShareView":
        """Numerator, denominator, rate."""
        value = None if share.value is None else round(share.value, 4)
        return cls.model_construct(
            numerator=share.numerator, denominator=share.denominator, value=value, too_small=share.too_small
        )


class CountView(View):
    """How many households chose an option."""

    code: str
    text: str
    count: int


class QuestionResultView(View):
    """The answers to a question; `n` households answered it."""

    position: int
    kind: QuestionKind
    text: str
    n: int
    counts: list[CountView]
    mean: float | None
    satisfied: ShareView | None = Field(
        description="满意率：选4或5的户数 / 作答户数。Chose 4 or 5, of those who answered"
    )

    @classmethod
    def of(cls, position: int, result: QuestionResult) -> "QuestionResultView":
        """Counts beside their n."""
        question, mean = result.question, result.mean
        options = question.options or question.codes()
        return cls.model_construct(
            position=position,
            kind=question.kind,
            text=question.text,
            n=result.n,
            counts=[
                CountView.model_construct(code=code, text=text, count=count)
                for (code, count), text in zip(result.counts, options, strict=True)
            ],
            mean=None if mean is None else round(mean, 2),
            satisfied=ShareView.of(result.satisfied) if result.satisfied else None,
        )


class ResultsView(View):
    """问卷结果。Response rate = households that answered / households asked."""

    survey_id: UUID
    title: str
    population: PopulationView
    final: bool
    response_rate: ShareView
    questions: list[QuestionResultView]

    @classmethod
    def of(cls, results: SurveyResults) -> "ResultsView":
        """Every figure with its n."""
        survey = results.survey
        return cls.model_construct(
            survey_id=survey.id,
            title=survey.title,
            population=PopulationView.model_construct(
                households=survey.population.households,
                as_of=survey.population.as_of,
                source=survey.population.source,
            ),
            final=survey.state is SurveyState.CLOSED,
            response_rate=ShareView.of(results.response_rate),
            questions=[QuestionResultView.of(n, one) for n, one in enumerate(results.questions, start=1)],
        )


class WordsView(View):
    """What one household wrote."""

    text: str
