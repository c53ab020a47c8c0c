"""The surveys of a community in PostgreSQL. An anonymous answer is kept without household, time or an id that tells the time."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import RowMapping, func, insert, select
from sqlalchemy.dialects.postgresql import insert as pg_insert

from services.issues.domain.errors.surveys import HouseholdAnswered, SurveyNotFound
from services.issues.domain.survey import Population, Question, Survey
from services.issues.domain.words.surveys import QuestionKind, SurveyKind, SurveyState
from services.issues.ports.surveys import HouseholdAnswer
from services.issues.storage.tables.surveys import (
    survey_answers,
    survey_choices,
    survey_participations,
    survey_words,
    surveys,
)
from shared.database.unit_of_work import UnitOfWork
from shared.database.versioned import save_versioned
from shared.expected_version import check_version


class PostgresSurveyStore:
    """Satisfies `ports.SurveyStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def get(self, survey_id: UUID, *, expected_version: int | None = None) -> Survey:
        """The survey."""
        found = await self._uow.execute(
            select(surveys).where(surveys.c.community == self._uow.community, surveys.c.id == survey_id)
        )
        row = found.mappings().first()
        if row is None:
            raise SurveyNotFound
        check_version(row["version"], expected_version)
        return survey_of(row)

    async def add(self, survey: Survey) -> None:
        """Keep a new survey."""
        await self._uow.execute(
            insert(surveys),
            {
                "community": self._uow.community,
                "id": survey.id,
                "created_by": survey.created_by,
                "created_at": survey.created_at,
                "version": survey.version,
                **_columns(survey),
            },
        )

    async def save(self, survey: Survey) -> None:
        """Keep a changed survey."""
        survey.version = await save_versioned(
            self._uow, surveys, survey.id, version=survey.version, values=_columns(survey), missing=SurveyNotFound
        )

    async def answered(self, survey_id: UUID) -> int:
        """How many households have answered."""
        found = await self._uow.execute(
            select(func.count()).where(
                survey_participations.c.community == self._uow.community,
                survey_participations.c.survey_id == survey_id,
            )
        )
        count: int = found.scalar_one()
        return count

    async def keep_answer(self, answer: HouseholdAnswer, *, anonymous: bool) -> None:
        """Keep an answer. The row of the participation is what makes it the only one of its household."""
        of = {"community": self._uow.community, "survey_id": answer.survey_id}
        taken = await self._uow.execute(
            pg_insert(survey_participations)
            .values(**of, household_id=answer.household_id, entered_by=answer.entered_by, at=answer.at)
            .on_conflict_do_nothing()
            .returning(survey_participations.c.household_id)
        )
        if taken.first() is None:
            raise HouseholdAnswered
        # UUIDv7 tells when it was made, and with that who answered.
        answer_id = uuid4() if anonymous else answer.id
        named: dict[str, Any] = (
            {"household_id": None, "at": None} if anonymous else {"household_id": answer.household_id, "at": answer.at}
        )
        await self._uow.execute(insert(survey_answers), {**of, "id": answer_id, **named})
        survey = await self.get(answer.survey_id)
        choices, texts = [], []
        for position, given in answer.answers.items():
            row = {**of, "question": position, "answer_id": answer_id}
            if survey.questions[position - 1].kind is QuestionKind.WORDS:
                texts.append({**row, "text": given[0]})
            else:
                choices += [{**row, "code": code} for code in given]
        if choices:
            await self._uow.execute(insert(survey_choices), choices)
        if texts:
            await self._uow.execute(insert(survey_words), texts)


def _columns(survey: Survey) -> dict[str, Any]:
    return {
        "kind": survey.kind.value,
        "title": survey.title,
        "introduction": survey.introduction,
        "compound_id": survey.compound_id,
        "population": survey.population.households,
        "population_as_of": survey.population.as_of,
        "population_source": survey.population.source,
        "anonymous": survey.anonymous,
        "questions": [
            {"kind": one.kind.value, "text": one.text, "options": list(one.options), "required": one.required}
            for one in survey.questions
        ],
        "state": survey.state.value,
        "opened_at": survey.opened_at,
        "closes_at": survey.closes_at,
        "closed_at": survey.closed_at,
    }


def survey_of(row: RowMapping) -> Survey:
    """The survey of a row."""
    return Survey(
        id=row["id"],
        kind=SurveyKind(row["kind"]),
        title=row["title"],
        introduction=row["introduction"],
        compound_id=row["compound_id"],
        population=Population(row["population"], row["population_as_of"], row["population_source"]),
        anonymous=row["anonymous"],
        questions=tuple(
            Question(QuestionKind(one["kind"]), one["text"], tuple(one["options"]), one["required"])
            for one in row["questions"]
        ),
        created_by=row["created_by"],
        created_at=row["created_at"],
        state=SurveyState(row["state"]),
        opened_at=row["opened_at"],
        closes_at=row["closes_at"],
        closed_at=row["closed_at"],
        version=row["version"],
    )
