"""Close a survey, by hand or because its time is over; the results are out."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.survey import Survey
from services.issues.domain.words.surveys import SurveyState
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.open_survey import CLOSING
from shared.contracts.issues import SurveyClosed
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class CloseSurvey:
    """Which survey. `by_clock`: its time is over, so that it may have been closed by hand in the meantime."""

    survey_id: UUID
    expected_version: int | None = None
    by_clock: bool = False


@one_transaction
async def close_survey(command: CloseSurvey, uow: IssuesUnitOfWork) -> Survey:
    """Take no more answers."""
    survey = await uow.surveys.get(command.survey_id, expected_version=command.expected_version)
    if command.by_clock and survey.state is not SurveyState.OPEN:
        return survey
    survey.close(at=uow.now())
    await uow.surveys.save(survey)
    await uow.timers.cancel(CLOSING, survey.id)
    await uow.publish(
        SurveyClosed(
            survey_id=survey.id,
            kind=survey.kind,
            population=survey.population.households,
            answered=await uow.surveys.answered(survey.id),
        )
    )
    return survey
