"""What all answers are made of: frozen views, and codes in the words that people read."""

from functools import cache

from pydantic import BaseModel, ConfigDict

from services.issues.domain.words.vocabulary import Words


class View(BaseModel):
    """Base of answers."""

    model_config = ConfigDict(frozen=True)


class Label(View):
    """How people read a code."""

    zh: str
    en: str

    @classmethod
    def of(cls, known: Words) -> "Label":
        """Both languages. There are few words and many answers, so each label is made once."""
        return _label(known)


@cache
def _label(known: Words) -> Label:
    return Label.model_construct(zh=known.zh, en=known.en)
