"""How the use cases keep surveys and the answers of households."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.issues.domain.survey import Answers, Survey


@dataclass(frozen=True, slots=True)
class HouseholdAnswer:
    """What one household answered, and who wrote it down."""

    id: UUID
    survey_id: UUID
    household_id: UUID
    answers: Answers
    entered_by: UUID
    at: datetime


class SurveyStore(Protocol):
    """The surveys of one community."""

    async def get(self, survey_id: UUID, *, expected_version: int | None = None) -> Survey:
        """The survey. Raises SurveyNotFound or PreconditionFailed."""
        ...

    async def add(self, survey: Survey) -> None:
        """Keep a new survey."""
        ...

    async def save(self, survey: Survey) -> None:
        """Keep a changed survey. Raises ConcurrentChange."""
        ...

    async def keep_answer(self, answer: HouseholdAnswer, *, anonymous: bool) -> None:
        """Keep an answer, apart from its household when the survey is anonymous. Raises HouseholdAnswered."""
        ...

    async def answered(self, survey_id: UUID) -> int:
        """How many households have answered."""
        ...


class Households(Protocol):
    """Who lives in which household, kept from the gateway's messages."""

    async def keep(self, household_id: UUID, building_id: UUID, person_ids: tuple[UUID, ...]) -> None:
        """Keep a household and those who belong to it."""
        ...

    async def of_person(self, person_id: UUID) -> tuple[UUID, ...]:
        """The households a person belongs to."""
        ...

    async def exists(self, household_id: UUID) -> bool:
        """Whether the community has such a household."""
        ...

    async def lives_in(self, household_id: UUID, compound_id: UUID) -> bool:
        """Whether the building of a household belongs to this compound."""
        ...
