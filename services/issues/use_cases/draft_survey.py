"""Write a survey: questions, whom it asks and how many those are. Nobody sees it before it opens."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.survey import Population, Question, Survey
from services.issues.domain.words.surveys import SurveyKind
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.ids import new_id
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class SurveyText:
    """What can be changed as long as it is a draft."""

    kind: SurveyKind
    title: str
    introduction: str | None
    compound_id: UUID | None
    population: Population
    anonymous: bool
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class DraftSurvey:
    """The survey to be."""

    text: SurveyText
    by: Principal


@one_transaction
async def draft_survey(command: DraftSurvey, uow: IssuesUnitOfWork) -> Survey:
    """Keep a draft."""
    text = command.text
    if text.compound_id is not None:
        await uow.directory.check_compound(text.compound_id)
    survey = Survey(
        id=new_id(),
        kind=text.kind,
        title=text.title,
        introduction=text.introduction,
        compound_id=text.compound_id,
        population=text.population,
        anonymous=text.anonymous,
        questions=text.questions,
        created_by=command.by.person,
        created_at=uow.now(),
    )
    await uow.surveys.add(survey)
    return survey
