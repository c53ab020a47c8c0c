"""Open a survey: from now on every household may answer once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.issues.domain.survey import Survey
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import SurveyOpened
from shared.transaction import one_transaction

CLOSING = "survey-closes"
"""Kind of the timer that closes a survey at its announced time."""


@dataclass(frozen=True, slots=True)
class OpenSurvey:
    """Which survey, and until when it takes answers."""

    survey_id: UUID
    closes_at: datetime
    expected_version: int | None = None


@one_transaction
async def open_survey(command: OpenSurvey, uow: IssuesUnitOfWork) -> Survey:
    """Begin to take answers."""
    survey = await uow.surveys.get(command.survey_id, expected_version=command.expected_version)
    survey.open(closes_at=command.closes_at, at=uow.now())
    await uow.surveys.save(survey)
    await uow.timers.set(CLOSING, survey.id, command.closes_at)
    await uow.publish(
        SurveyOpened(
            survey_id=survey.id,
            kind=survey.kind,
            closes_at=command.closes_at,
            compound_id=survey.compound_id,
            population=survey.population.households,
        )
    )
    return survey
