"""Close a survey, by hand or because its time is over; the results are out."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.survey import Survey
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import SurveyClosed
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class CloseSurvey:
    """Which survey."""

    survey_id: UUID
    expected_version: int | None = None


@one_transaction
async def close_survey(command: CloseSurvey, uow: IssuesUnitOfWork) -> Survey:
    """Take no more answers."""
    survey = await uow.surveys.get(command.survey_id, expected_version=command.expected_version)
    survey.close(at=uow.now())
    await uow.surveys.save(survey)
    await uow.publish(
        SurveyClosed(
            survey_id=survey.id,
            kind=survey.kind,
            population=survey.population.households,
            answered=await uow.surveys.answered(survey.id),
        )
    )
    return survey
