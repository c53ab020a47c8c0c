"""What surveys refuse."""

from shared.errors import Conflict, Forbidden, Invalid, NotFound


class SurveyNotFound(NotFound):
    """No such survey here, or one that is still being written."""

    title_zh = "没有这份问卷"
    title_en = "No such survey"


class SurveyNotDraft(Conflict):
    """Questions stand still once people have been asked: otherwise answers would mean different things."""

    slug = "survey-not-draft"
    title_zh = "问卷已经开始征集，不能再修改"
    title_en = "The survey is open and cannot be changed any more"


class SurveyNotOpen(Conflict):
    """Answers are taken between opening and closing only."""

    slug = "survey-not-open"
    title_zh = "问卷不在征集时间内"
    title_en = "The survey does not take answers now"


class HouseholdAnswered(Conflict):
    """One answer per household."""

    slug = "household-already-answered"
    title_zh = "这一户已经答过这份问卷"
    title_en = "This household has already answered"


class NoHousehold(Invalid):
    """It is unknown for which household the person answers."""

    slug = "no-household"
    title_zh = "请选择为哪一户作答"
    title_en = "Say for which household you answer"


class NotTheirHousehold(Forbidden):
    """People answer for their own household; staff key in paper answers of any."""

    slug = "not-your-household"
    title_zh = "只能为自己的家庭作答"
    title_en = "You can only answer for your own household"


class HouseholdNotAsked(Forbidden):
    """The survey asks one compound; others would be counted in a rate of households that they do not belong to."""

    slug = "household-not-asked"
    title_zh = "这份问卷只征集本小区住户的意见"
    title_en = "This survey asks the households of one compound only"


class AnswerDoesNotFit(Invalid):
    """An answer is missing, or does not fit its question."""

    slug = "answer-does-not-fit"
    title_zh = "有的题目没有答好"
    title_en = "An answer does not fit its question"


class ResultsNotOut(Forbidden):
    """Results are shown to everybody once the survey is closed; until then to the office only."""

    slug = "results-not-out"
    title_zh = "问卷结束后公布结果"
    title_en = "Results come out when the survey is closed"
