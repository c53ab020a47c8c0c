"""What happens to the surveys that ask households."""

from datetime import datetime
from uuid import UUID

from shared.contracts.message import Message


class SurveyOpened(Message, type="issues.survey_opened.v1", aggregate="survey_id"):
    """Households are asked for their needs, ideas, or what came of it."""

    survey_id: UUID
    kind: str
    closes_at: datetime
    population: int
    compound_id: UUID | None = None


class SurveyAnswered(Message, type="issues.survey_answered.v1", aggregate="survey_id"):
    """A household took part in a survey, once; what it answered is not told."""

    survey_id: UUID
    kind: str
    household_id: UUID


class SurveyClosed(Message, type="issues.survey_closed.v1", aggregate="survey_id"):
    """A survey takes no more answers; its results are out."""

    survey_id: UUID
    kind: str
    population: int
    answered: int
