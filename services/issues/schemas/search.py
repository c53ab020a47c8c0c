"""What callers read of a search."""

from services.issues.domain.search_words import Fragment
from services.issues.schemas.issue_views import IssueSummary
from services.issues.schemas.labels import View


class FragmentView(View):
    """A piece of a text, and whether it is what was looked for. Plain text, never markup."""

    text: str
    hit: bool

    @classmethod
    def of(cls, fragment: Fragment) -> "FragmentView":
        """The piece as it is."""
        return cls.model_construct(text=fragment.text, hit=fragment.hit)


class ExcerptView(View):
    """Where in an issue the words stand: `number`, `title`, `text`, `place_text`, `public_reply`, or `phone` of the contact."""

    field: str
    fragments: list[FragmentView]


class FoundIssue(View):
    """An issue that was found, with the places where the words stand."""

    issue: IssueSummary
    excerpts: list[ExcerptView]


class SearchPage(View):
    """搜索结果，新的在前。What was found, newest first.

    A page may be shorter than asked for, even empty, while `next_cursor` is there: then the search goes on from it.
    `complete` is false while older issues are still being put into the index.
    """

    items: list[FoundIssue]
    next_cursor: str | None
    complete: bool
