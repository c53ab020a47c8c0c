"""Reading surveys: the list, the results, and the answers in words."""

from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.errors.surveys import SurveyNotFound
from services.issues.domain.survey import STAFF, Survey
from services.issues.domain.survey_results import SurveyResults, results_of
from services.issues.domain.words.surveys import SurveyKind, SurveyState
from services.issues.schemas.surveys import SurveyView, WordsView
from services.issues.storage.surveys import survey_of
from services.issues.storage.tables.surveys import survey_choices, survey_participations, survey_words, surveys
from shared.database.keyset import Keyset
from shared.http.paging import Page, PageAsked
from shared.principal import Principal

NEWEST_FIRST = Keyset((surveys.c.id,), descending=True)
BY_ANSWER = Keyset((survey_words.c.answer_id,))


async def survey_seen_by(connection: AsyncConnection, community: str, survey_id: UUID, by: Principal) -> Survey:
    """One survey. Raises SurveyNotFound for a draft that this person must not see."""
    found = await connection.execute(select(surveys).where(surveys.c.community == community, surveys.c.id == survey_id))
    row = found.mappings().first()
    if row is None:
        raise SurveyNotFound
    survey = survey_of(row)
    survey.check_visible_to(by)
    return survey


async def surveys_seen_by(
    connection: AsyncConnection,
    community: str,
    by: Principal,
    page: PageAsked,
    *,
    kind: SurveyKind | None = None,
    state: SurveyState | None = None,
) -> Page[SurveyView]:
    """The newest surveys; drafts are shown to the office only."""
    conditions: list[ColumnElement[bool]] = [surveys.c.community == community]
    if kind is not None:
        conditions.append(surveys.c.kind == kind.value)
    if state is not None:
        conditions.append(surveys.c.state == state.value)
    if not by.roles & STAFF:
        conditions.append(surveys.c.state.in_([SurveyState.OPEN.value, SurveyState.CLOSED.value]))
    statement = NEWEST_FIRST.page(select(surveys).where(*conditions), limit=page.limit, cursor=page.cursor)
    kept, cursor = NEWEST_FIRST.cut((await connection.execute(statement)).all(), limit=page.limit)
    return Page[SurveyView].model_construct(
        items=[SurveyView.of(survey_of(row._mapping)) for row in kept], next_cursor=cursor
    )


async def results_of_survey(connection: AsyncConnection, community: str, survey: Survey) -> SurveyResults:
    """Counts of a survey, read from the indexes of its answers."""
    answered = await connection.execute(
        select(func.count()).where(
            survey_participations.c.community == community, survey_participations.c.survey_id == survey.id
        )
    )
    of = (survey_choices.c.community == community, survey_choices.c.survey_id == survey.id)
    counts = await connection.execute(
        select(survey_choices.c.question, survey_choices.c.code, func.count())
        .where(*of)
        .group_by(survey_choices.c.question, survey_choices.c.code)
    )
    answers = await connection.execute(
        select(survey_choices.c.question, func.count(survey_choices.c.answer_id.distinct()))
        .where(*of)
        .group_by(survey_choices.c.question)
    )
    words = await connection.execute(
        select(survey_words.c.question, func.count())
        .where(survey_words.c.community == community, survey_words.c.survey_id == survey.id)
        .group_by(survey_words.c.question)
    )
    n = {row[0]: row[1] for row in [*answers, *words]}
    return results_of(survey, answered.scalar_one(), n, {(question, code): count for question, code, count in counts})


async def words_of_survey(
    connection: AsyncConnection, community: str, survey_id: UUID, question: int, page: PageAsked
) -> Page[WordsView]:
    """What households wrote to one question, in no order that tells who wrote when."""
    statement = BY_ANSWER.page(
        select(survey_words.c.answer_id, survey_words.c.text).where(
            survey_words.c.community == community,
            survey_words.c.survey_id == survey_id,
            survey_words.c.question == question,
        ),
        limit=page.limit,
        cursor=page.cursor,
    )
    kept, cursor = BY_ANSWER.cut((await connection.execute(statement)).all(), limit=page.limit)
    return Page[WordsView].model_construct(
        items=[WordsView.model_construct(text=row.text) for row in kept], next_cursor=cursor
    )
