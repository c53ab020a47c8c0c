"""Revise a survey that is still a draft."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.survey import Survey
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.draft_survey import SurveyText
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ReviseSurvey:
    """Which survey, and its whole new text."""

    survey_id: UUID
    text: SurveyText
    expected_version: int | None = None


@one_transaction
async def revise_survey(command: ReviseSurvey, uow: IssuesUnitOfWork) -> Survey:
    """Replace the text of a draft."""
    survey = await uow.surveys.get(command.survey_id, expected_version=command.expected_version)
    survey.check_draft()
    text = command.text
    if text.compound_id is not None:
        await uow.directory.check_compound(text.compound_id)
    survey.kind, survey.title, survey.introduction = text.kind, text.title, text.introduction
    survey.compound_id, survey.population = text.compound_id, text.population
    survey.anonymous, survey.questions = text.anonymous, text.questions
    await uow.surveys.save(survey)
    return survey
