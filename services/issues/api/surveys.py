"""Surveys: writing, opening, answering, results."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.issues.api.parts import PREFIX, Community, Uow
from services.issues.domain.errors.master_data import UnknownCompound
from services.issues.domain.errors.moments import DateNotInFuture
from services.issues.domain.errors.surveys import (
    AnswerDoesNotFit,
    HouseholdAnswered,
    HouseholdNotAsked,
    NoHousehold,
    NotTheirHousehold,
    ResultsNotOut,
    SurveyNotDraft,
    SurveyNotFound,
    SurveyNotOpen,
)
from services.issues.domain.survey import STAFF
from services.issues.domain.words.surveys import SurveyKind, SurveyState
from services.issues.permissions import Action
from services.issues.queries.surveys import results_of_survey, survey_seen_by, surveys_seen_by, words_of_survey
from services.issues.schemas.surveys import (
    AnsweredView,
    AnswersBody,
    CloseSurveyBody,
    OpenSurveyBody,
    ResultsView,
    SurveyBody,
    SurveyView,
    WordsView,
)
from services.issues.use_cases.answer_survey import AnswerSurvey, answer_survey
from services.issues.use_cases.close_survey import CloseSurvey, close_survey
from services.issues.use_cases.draft_survey import DraftSurvey, draft_survey
from services.issues.use_cases.open_survey import OpenSurvey, open_survey
from services.issues.use_cases.revise_survey import ReviseSurvey, revise_survey
from shared.errors import ConcurrentChange
from shared.http.commands import Reading, answered, shown
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.http.versions import IfMatch
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=PREFIX, tags=["surveys"])
Writer = Annotated[Principal, allow(Action.RUN_SURVEY)]
Reader = Annotated[Principal, allow(Action.READ_SURVEYS)]
NOTHING = CloseSurveyBody()


@router.post("/surveys", status_code=201, response_model=SurveyView, responses=problems(UnknownCompound))
async def write_survey(community: Community, body: SurveyBody, who: Writer, uow: Uow) -> Response:
    """起草问卷：问需、问计、问效。Write a survey; nobody but the office sees a draft."""
    base = f"/api/v1/communities/{community}/surveys"
    return await answered(
        draft_survey(DraftSurvey(body.text(), who), uow),
        uow,
        view=SurveyView.of,
        status=201,
        location=lambda survey: f"{base}/{survey.id}",
    )


@router.get("/surveys", response_model=Page[SurveyView])
async def list_surveys(
    *,
    community: Community,
    who: Reader,
    reading: Reading,
    page: PageQuery,
    kind: SurveyKind | None = None,
    state: SurveyState | None = None,
) -> Response:
    """问卷列表，新的在前。Newest first."""
    async with reading as connection:
        return shown(await surveys_seen_by(connection, community, who, page, kind=kind, state=state))


@router.get("/surveys/{survey_id}", response_model=SurveyView, responses=problems(SurveyNotFound))
async def read_survey(community: Community, survey_id: UUID, who: Reader, reading: Reading) -> Response:
    """一份问卷。A survey with its questions."""
    async with reading as connection:
        return shown(SurveyView.of(await survey_seen_by(connection, community, survey_id, who)))


@router.post(
    "/surveys/{survey_id}/revise",
    response_model=SurveyView,
    responses=problems(SurveyNotFound, SurveyNotDraft, UnknownCompound, ConcurrentChange),
)
async def revise_draft(survey_id: UUID, body: SurveyBody, _who: Writer, uow: Uow, if_match: IfMatch) -> Response:
    """修改草稿。Replace the text of a draft."""
    return await answered(revise_survey(ReviseSurvey(survey_id, body.text(), if_match), uow), uow, view=SurveyView.of)


@router.post(
    "/surveys/{survey_id}/open",
    response_model=SurveyView,
    responses=problems(SurveyNotFound, SurveyNotDraft, DateNotInFuture, ConcurrentChange),
)
async def open_for_answers(
    survey_id: UUID, body: OpenSurveyBody, _who: Writer, uow: Uow, if_match: IfMatch
) -> Response:
    """开始征集；此后题目不可再改。Open for answers; questions stand still from now on."""
    return await answered(open_survey(OpenSurvey(survey_id, body.closes_at, if_match), uow), uow, view=SurveyView.of)


@router.post(
    "/surveys/{survey_id}/close",
    response_model=SurveyView,
    responses=problems(SurveyNotFound, SurveyNotOpen, ConcurrentChange),
)
async def close_early(
    survey_id: UUID, _who: Writer, uow: Uow, if_match: IfMatch, _body: CloseSurveyBody = NOTHING
) -> Response:
    """提前结束征集并公布结果。Close before its time; the results are out."""
    return await answered(close_survey(CloseSurvey(survey_id, if_match), uow), uow, view=SurveyView.of)


@router.post(
    "/surveys/{survey_id}/answers",
    status_code=201,
    response_model=AnsweredView,
    responses=problems(
        SurveyNotFound,
        SurveyNotOpen,
        HouseholdAnswered,
        NoHousehold,
        HouseholdNotAsked,
        NotTheirHousehold,
        AnswerDoesNotFit,
    ),
)
async def answer_for_household(
    survey_id: UUID, body: AnswersBody, who: Annotated[Principal, allow(Action.ANSWER_SURVEY)], uow: Uow
) -> Response:
    """答卷，一户一份；工作人员可代录纸质问卷。Answer for a household, once; the office keys in paper answers."""
    given = {one.question: tuple(one.answer) for one in body.answers}
    command = AnswerSurvey(survey_id, given, who, body.household_id)
    return await answered(answer_survey(command, uow), uow, view=AnsweredView.of, status=201)


@router.get(
    "/surveys/{survey_id}/results", response_model=ResultsView, responses=problems(SurveyNotFound, ResultsNotOut)
)
async def survey_results(community: Community, survey_id: UUID, who: Reader, reading: Reading) -> Response:
    """结果：每个比率都带分子、分母。Results, every rate with its n; for residents once the survey is closed."""
    async with reading as connection:
        survey = await survey_seen_by(connection, community, survey_id, who)
        if survey.state is not SurveyState.CLOSED and not who.roles & STAFF:
            raise ResultsNotOut
        return shown(ResultsView.of(await results_of_survey(connection, community, survey)))


@router.get("/surveys/{survey_id}/words", response_model=Page[WordsView], responses=problems(SurveyNotFound))
async def read_words(
    *,
    community: Community,
    survey_id: UUID,
    who: Writer,
    reading: Reading,
    page: PageQuery,
    question: Annotated[int, Query(ge=1, le=30, description="题号。Position of the question")] = 1,
) -> Response:
    """填写题的回答（仅工作人员）。Answers in words, for the office only."""
    async with reading as connection:
        survey = await survey_seen_by(connection, community, survey_id, who)
        return shown(await words_of_survey(connection, community, survey.id, question, page))
