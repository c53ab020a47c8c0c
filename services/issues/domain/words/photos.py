"""The closed vocabularies of photos."""

from services.issues.domain.words.vocabulary import Vocabulary


class PhotoKind(Vocabulary):
    """What a photo shows: the matter as it was reported, or the result of the work."""

    BEFORE = "before", "办理前", "before"
    AFTER = "after", "办理后", "after"
