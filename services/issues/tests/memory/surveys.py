"""Surveys and households in memory."""

from copy import deepcopy
from uuid import UUID

from services.issues.domain.errors.surveys import HouseholdAnswered, SurveyNotFound
from services.issues.domain.survey import Survey
from services.issues.ports.surveys import HouseholdAnswer
from shared.errors import ConcurrentChange
from shared.expected_version import check_version


class MemorySurveys:
    """Satisfies `ports.SurveyStore`."""

    def __init__(self) -> None:
        self.kept: dict[UUID, Survey] = {}
        self.answers: dict[tuple[UUID, UUID], HouseholdAnswer] = {}

    async def get(self, survey_id: UUID, *, expected_version: int | None = None) -> Survey:
        """A copy of the survey."""
        if survey_id not in self.kept:
            raise SurveyNotFound
        survey = deepcopy(self.kept[survey_id])
        check_version(survey.version, expected_version)
        return survey

    async def add(self, survey: Survey) -> None:
        """Keep a new survey."""
        self.kept[survey.id] = deepcopy(survey)

    async def save(self, survey: Survey) -> None:
        """Keep a changed survey."""
        if survey.id not in self.kept:
            raise SurveyNotFound
        if self.kept[survey.id].version != survey.version:
            raise ConcurrentChange
        survey.version += 1
        self.kept[survey.id] = deepcopy(survey)

    async def answered(self, survey_id: UUID) -> int:
        """How many households have answered."""
        return sum(1 for survey, _ in self.answers if survey == survey_id)

    async def keep_answer(self, answer: HouseholdAnswer, *, anonymous: bool) -> None:  # noqa: ARG002
        """Keep an answer."""
        key = (answer.survey_id, answer.household_id)
        if key in self.answers:
            raise HouseholdAnswered
        self.answers[key] = answer


class MemoryHouseholds:
    """Satisfies `ports.Households`."""

    def __init__(self) -> None:
        self.members: dict[UUID, set[UUID]] = {}
        self.buildings: dict[UUID, UUID] = {}
        self.compounds: dict[UUID, UUID] = {}
        """Of buildings."""

    async def keep(self, household_id: UUID, building_id: UUID, person_ids: tuple[UUID, ...]) -> None:
        """Keep a household and those who belong to it."""
        self.members.setdefault(household_id, set()).update(person_ids)
        self.buildings[household_id] = building_id

    async def of_person(self, person_id: UUID) -> tuple[UUID, ...]:
        """The households a person belongs to."""
        return tuple(household for household, people in self.members.items() if person_id in people)

    async def exists(self, household_id: UUID) -> bool:
        """Whether there is such a household."""
        return household_id in self.members

    async def lives_in(self, household_id: UUID, compound_id: UUID) -> bool:
        """Whether the building of a household belongs to this compound."""
        return self.compounds.get(self.buildings[household_id]) == compound_id
