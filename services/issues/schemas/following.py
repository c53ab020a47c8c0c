"""What callers send and read about joining an issue."""

from uuid import UUID

from services.issues.domain.issue import Issue
from services.issues.schemas.cards import CardView
from services.issues.schemas.issue_views import IssueSummary
from services.issues.schemas.labels import View
from shared.http.bodies import LineText, StrictBody


class JoinBody(StrictBody):
    """我也遇到了，无需填写。Nothing to fill in."""


class JoiningView(View):
    """Whether the caller follows the issue, and how many do."""

    issue_id: UUID
    number: str
    following: bool
    joined: int

    @classmethod
    def of(cls, issue: Issue, *, following: bool) -> "JoiningView":
        """After joining or leaving."""
        return cls.model_construct(issue_id=issue.id, number=issue.number, following=following, joined=issue.joined)


class EarlierList(View):
    """What happened before at the same place."""

    items: list[IssueSummary]


class UrgeBody(StrictBody):
    """催办。What the person who waits has to say, if anything."""

    note: LineText | None = None


class UrgingView(View):
    """Whether it was passed on, and how often somebody urged until now."""

    issue_id: UUID
    number: str
    urged: int

    @classmethod
    def of(cls, issue: Issue) -> "UrgingView":
        """After urging."""
        return cls.model_construct(issue_id=issue.id, number=issue.number, urged=issue.urged)


class SimilarList(View):
    """近期同类诉求：可以直接加入。Open issues of the same kind and place; the caller may join instead of reporting again."""

    items: list[CardView]
