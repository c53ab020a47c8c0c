""" "我也遇到了": neighbours join an issue instead of reporting the same again, and hear what becomes of it."""

from services.issues.domain.card import is_confidential
from services.issues.domain.errors.issues import IssueNotFound
from services.issues.domain.errors.publicity import NotJoinable
from services.issues.domain.issue import Issue
from services.issues.domain.words.issues import State
from shared.principal import Principal

LOOK_BACK_DAYS = 30
"""A new report of the same category in the same building is compared with those of this many days."""
OPEN_TO_JOIN = frozenset(State) - {State.CLOSED}


def waits_for(issue: Issue, by: Principal) -> bool:
    """Whether it is this person who waits: the reporter, or whoever filed it for somebody who has no account to do so."""
    return by.person == (issue.reported_by or issue.filing.filed_by)


def check_joinable(issue: Issue, by: Principal) -> None:
    """Refuse to join what is confidential (it does not exist for others), finished, or one's own."""
    if is_confidential(issue.kind, issue.category):
        raise IssueNotFound
    if issue.reported_by == by.person:
        raise NotJoinable("这是您自己提出的诉求", "You reported this yourself")
    if issue.state not in OPEN_TO_JOIN:
        raise NotJoinable(
            "这条诉求已经结束，如果又遇到，请重新提出",
            "This matter is finished; should it happen again, please report it",
        )
