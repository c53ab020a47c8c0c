"""The closed vocabularies of how a matter is put on record for somebody."""

from services.issues.domain.words.vocabulary import Vocabulary


class ConsentWay(Vocabulary):
    """How the person concerned agreed that somebody else puts their matter on record."""

    ORAL = "oral", "口头", "orally"
    WRITTEN = "written", "书面", "in writing"
    PHONE = "phone", "电话", "by telephone"
