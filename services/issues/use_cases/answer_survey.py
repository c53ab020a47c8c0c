"""Answer a survey: one answer per household, given by somebody who lives there or keyed in from paper by the office."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.errors.surveys import HouseholdNotAsked, NoHousehold, NotTheirHousehold
from services.issues.domain.survey import STAFF, Answers
from services.issues.ports.surveys import HouseholdAnswer
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import SurveyAnswered
from shared.ids import new_id
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class AnswerSurvey:
    """The answers; `household_id` may be left out by somebody who belongs to one household only."""

    survey_id: UUID
    answers: Answers
    by: Principal
    household_id: UUID | None = None


@one_transaction
async def answer_survey(command: AnswerSurvey, uow: IssuesUnitOfWork) -> HouseholdAnswer:
    """Keep the answer of a household."""
    survey = await uow.surveys.get(command.survey_id)
    survey.check_visible_to(command.by)
    household = await _household(command, uow)
    if survey.compound_id is not None and not await uow.households.lives_in(household, survey.compound_id):
        raise HouseholdNotAsked
    now = uow.now()
    survey.check(command.answers, now)
    given = {position: texts for position, texts in command.answers.items() if texts}
    answer = HouseholdAnswer(new_id(), survey.id, household, given, command.by.person, now)
    await uow.surveys.keep_answer(answer, anonymous=survey.anonymous)
    await uow.publish(SurveyAnswered(survey_id=survey.id, kind=survey.kind, household_id=household))
    return answer


async def _household(command: AnswerSurvey, uow: IssuesUnitOfWork) -> UUID:
    own = await uow.households.of_person(command.by.person)
    wanted = command.household_id
    if wanted is None:
        if len(own) != 1:
            raise NoHousehold(fields={"household_id": ("请选择为哪一户作答", "say for which household")})
        return own[0]
    if wanted in own:
        return wanted
    if not command.by.roles & STAFF:
        raise NotTheirHousehold
    if not await uow.households.exists(wanted):
        raise NoHousehold(fields={"household_id": ("没有这一户", "no such household")})
    return wanted
