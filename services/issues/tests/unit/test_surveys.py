"""Surveys: one answer per household, questions that stand still, and no rate without its n."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from services.issues.domain.errors.moments import DateNotInFuture
from services.issues.domain.errors.surveys import (
    AnswerDoesNotFit,
    HouseholdAnswered,
    NoHousehold,
    NotTheirHousehold,
    SurveyNotDraft,
    SurveyNotFound,
    SurveyNotOpen,
)
from services.issues.domain.survey import Answers, Population, Question, Survey
from services.issues.domain.survey_results import Share, results_of
from services.issues.domain.words.surveys import QuestionKind, SurveyKind, SurveyState
from services.issues.tests.builders import NEIGHBOUR, NOW, OFFICER, RESIDENT
from services.issues.tests.memory.unit_of_work import MemoryUnitOfWork
from services.issues.use_cases.answer_survey import AnswerSurvey, answer_survey
from services.issues.use_cases.close_survey import CloseSurvey, close_survey
from services.issues.use_cases.draft_survey import DraftSurvey, SurveyText, draft_survey
from services.issues.use_cases.open_survey import OpenSurvey, open_survey
from services.issues.use_cases.revise_survey import ReviseSurvey, revise_survey
from shared.contracts.issues import SurveyAnswered, SurveyClosed, SurveyOpened
from shared.ids import new_id
from shared.principal import Principal

TEXT = SurveyText(
    SurveyKind.EFFECT,
    "物业服务满意度",
    None,
    None,
    Population(5196, date(2025, 12, 31), "社区台账"),
    anonymous=True,
    questions=(
        Question(QuestionKind.SCALE, "对物业是否满意"),
        Question(QuestionKind.SOME_OF, "希望改进什么", ("保洁", "停车", "绿化"), required=False),
        Question(QuestionKind.WORDS, "还有什么建议", required=False),
    ),
)
FINE: Answers = {1: ("5",), 2: ("1", "3"), 3: ("多装几盏灯",)}
HOME, OTHER_HOME = new_id(), new_id()


async def opened(uow: MemoryUnitOfWork) -> Survey:
    survey = await draft_survey(DraftSurvey(TEXT, OFFICER), uow)
    return await open_survey(OpenSurvey(survey.id, NOW + timedelta(days=7)), uow)


@pytest.fixture
async def uow() -> MemoryUnitOfWork:
    uow = MemoryUnitOfWork()
    await uow.households.keep(HOME, new_id(), (RESIDENT.person,))
    await uow.households.keep(OTHER_HOME, new_id(), (NEIGHBOUR.person,))
    return uow


def answer(
    survey: Survey, by: Principal = RESIDENT, household: UUID | None = None, given: Answers = FINE
) -> AnswerSurvey:
    return AnswerSurvey(survey.id, given, by, household)


async def test_a_survey_is_written_opened_answered_and_closed(uow: MemoryUnitOfWork) -> None:
    survey = await opened(uow)
    await answer_survey(answer(survey), uow)
    await answer_survey(answer(survey, NEIGHBOUR), uow)
    closed = await close_survey(CloseSurvey(survey.id), uow)
    assert closed.state is SurveyState.CLOSED
    assert uow.published == [
        SurveyOpened(survey_id=survey.id, kind="effect", closes_at=NOW + timedelta(days=7), population=5196),
        SurveyAnswered(survey_id=survey.id, kind="effect", household_id=HOME),
        SurveyAnswered(survey_id=survey.id, kind="effect", household_id=OTHER_HOME),
        SurveyClosed(survey_id=survey.id, kind="effect", population=5196, answered=2),
    ]


async def test_a_household_answers_once_whoever_of_it_answers(uow: MemoryUnitOfWork) -> None:
    survey = await opened(uow)
    await answer_survey(answer(survey), uow)
    with pytest.raises(HouseholdAnswered):
        await answer_survey(answer(survey, OFFICER, HOME), uow)


async def test_people_answer_for_their_own_household_and_the_office_for_any(uow: MemoryUnitOfWork) -> None:
    survey = await opened(uow)
    with pytest.raises(NotTheirHousehold):
        await answer_survey(answer(survey, RESIDENT, OTHER_HOME), uow)
    with pytest.raises(NoHousehold):
        await answer_survey(answer(survey, OFFICER), uow)
    with pytest.raises(NoHousehold):
        await answer_survey(answer(survey, OFFICER, new_id()), uow)
    kept = await answer_survey(answer(survey, OFFICER, OTHER_HOME), uow)
    assert (kept.household_id, kept.entered_by) == (OTHER_HOME, OFFICER.person)


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({}, ["answers[question=1]"]),
        ({1: ("6",)}, ["answers[question=1]"]),
        ({1: ("4", "5")}, ["answers[question=1]"]),
        ({1: ("5",), 2: ("1", "1")}, ["answers[question=2]"]),
        ({1: ("5",), 2: ("4",)}, ["answers[question=2]"]),
        ({1: ("5",), 3: ("x" * 1001,)}, ["answers[question=3]"]),
        ({1: ("5",), 4: ("1",)}, ["answers[question=4]"]),
        ({2: ("9",)}, ["answers[question=1]", "answers[question=2]"]),
    ],
)
async def test_every_answer_that_does_not_fit_is_named(uow: MemoryUnitOfWork, given: Answers, wrong: list[str]) -> None:
    survey = await opened(uow)
    with pytest.raises(AnswerDoesNotFit) as refused:
        await answer_survey(answer(survey, given=given), uow)
    assert list(refused.value.fields) == wrong
    assert await uow.surveys.answered(survey.id) == 0


async def test_answers_count_only_while_the_survey_is_open(uow: MemoryUnitOfWork) -> None:
    draft = await draft_survey(DraftSurvey(TEXT, OFFICER), uow)
    with pytest.raises(SurveyNotFound):
        await answer_survey(answer(draft), uow)
    with pytest.raises(SurveyNotOpen):
        await answer_survey(answer(draft, OFFICER, HOME), uow)
    with pytest.raises(DateNotInFuture):
        await open_survey(OpenSurvey(draft.id, NOW), uow)
    survey = await open_survey(OpenSurvey(draft.id, NOW + timedelta(hours=1)), uow)
    uow.clock.advance(timedelta(hours=1))
    with pytest.raises(SurveyNotOpen):
        await answer_survey(answer(survey), uow)


async def test_questions_stand_still_once_people_were_asked(uow: MemoryUnitOfWork) -> None:
    draft = await draft_survey(DraftSurvey(TEXT, OFFICER), uow)
    revised = await revise_survey(ReviseSurvey(draft.id, replace(TEXT, title="物业满意度（二季度）")), uow)
    assert revised.title == "物业满意度（二季度）"
    await open_survey(OpenSurvey(draft.id, NOW + timedelta(days=1)), uow)
    with pytest.raises(SurveyNotDraft):
        await revise_survey(ReviseSurvey(draft.id, TEXT), uow)
    with pytest.raises(SurveyNotDraft):
        await open_survey(OpenSurvey(draft.id, NOW + timedelta(days=2)), uow)


async def test_a_rate_is_never_without_its_n(uow: MemoryUnitOfWork) -> None:
    survey = await opened(uow)
    results = results_of(survey, 50, {1: 50, 2: 20, 3: 4}, {(1, "5"): 40, (1, "4"): 9, (1, "1"): 1, (2, "2"): 20})
    first, second, third = results.questions
    assert results.response_rate == Share(50, 5196)
    assert (first.satisfied, first.mean) == (Share(49, 50), (40 * 5 + 9 * 4 + 1) / 50)
    assert (second.counts, second.satisfied, second.mean) == ((("1", 0), ("2", 20), ("3", 0)), None, None)
    assert (third.n, third.counts) == (4, ())
    assert Share(9, 9).too_small
    assert not Share(9, 10).too_small
    assert Share(0, 0).value is None
