"""The closed vocabularies of surveys."""

from services.issues.domain.words.vocabulary import Vocabulary


class SurveyKind(Vocabulary):
    """What is asked: 问需于民，问计于民，问效于民."""

    NEEDS = "needs", "问需于民", "needs"
    IDEAS = "ideas", "问计于民", "ideas"
    EFFECT = "effect", "问效于民", "effect"


class SurveyState(Vocabulary):
    """A survey is written, then open for answers, then closed with its results."""

    DRAFT = "draft", "草拟中", "draft"
    OPEN = "open", "征集中", "open"
    CLOSED = "closed", "已结束", "closed"


class QuestionKind(Vocabulary):
    """How a question is answered."""

    ONE_OF = "one_of", "单选", "one of several"
    SOME_OF = "some_of", "多选", "some of several"
    SCALE = "scale", "满意度（1–5）", "scale from 1 to 5"
    WORDS = "words", "填写", "in words"
