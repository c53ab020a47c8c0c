"""For each row of the table an issue in which exactly this row can be taken, and for each condition what breaks it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from services.issues.domain.actors import Actor
from services.issues.domain.conditions import Condition
from services.issues.domain.issue import Issue
from services.issues.domain.platform import PLATFORM
from services.issues.domain.proposal import Proposal
from services.issues.domain.resolution import Rating, Resolution
from services.issues.domain.transitions import Transition
from services.issues.domain.words.issues import (
    BroughtUp,
    DismissalReason,
    IssueKind,
    Level,
    Outcome,
    ProposalKind,
    State,
    Tier,
    Verb,
)
from services.issues.tests.builders import NOW, PROPERTY, an_assignment, an_issue
from services.issues.tests.steps import take
from shared.ids import new_id
from shared.principal import Grant, Principal, Role
from shared.testing.principals import a_principal

Change = Callable[[Issue, Principal], object]
LONG_AGO, SOON = NOW - timedelta(days=30), NOW + timedelta(minutes=1)


def _set(**values: object) -> Change:
    def change(issue: Issue, _by: Principal) -> None:
        for name, value in values.items():
            setattr(issue, name, value)

    return change


def _pending(kind: ProposalKind) -> Change:
    code = DismissalReason.OUTSIDE_AREA if kind is ProposalKind.DISMISSAL else None
    refer_to, until = ("隔壁社区", None) if code else (None, NOW + timedelta(days=90))
    proposal = Proposal(kind=kind, reason="理由", by=new_id(), at=NOW, reason_code=code, refer_to=refer_to, until=until)
    return _set(proposal=proposal)


def _resolved_by(issue: Issue, by: Principal) -> None:
    issue.resolution = Resolution("好了", Level.COMPOUND, by.person, Outcome.SOLVED)


def _resolved(issue: Issue, _by: Principal) -> None:
    _resolved_by(issue, a_principal(Role.HANDLER))
    issue.outcome = Outcome.SOLVED


def _proposed_by(issue: Issue, by: Principal) -> None:
    if issue.proposal is not None:
        issue.proposal = replace(issue.proposal, by=by.person)


HOLDS: Mapping[Condition, Change] = {
    Condition.HAS_RESPONSIBLE: _set(assignment=an_assignment(), tier=Tier.GENERAL),
    Condition.NEVER_ASSIGNED: _set(assignment=None, tier=Tier.GENERAL),
    Condition.NEVER_ACCEPTED: _set(assignment=None, tier=None),
    Condition.NO_PROPOSAL_PENDING: _set(proposal=None),
    Condition.DISMISSAL_PENDING: _pending(ProposalKind.DISMISSAL),
    Condition.DEFERRAL_PENDING: _pending(ProposalKind.DEFERRAL),
    Condition.EXTENSION_PENDING: _pending(ProposalKind.EXTENSION),
    Condition.NOT_OBJECTED_BEFORE: _set(objected_at=None),
    Condition.SUBDISTRICT_DECIDES: _set(awaits_subdistrict=True),
    Condition.IN_TIME_TO_SIGN: _set(sign_by=NOW),
    Condition.RETURNS_LEFT: _set(returns=1),
    Condition.PAUSES_LEFT: _set(pauses=1),
    Condition.ANSWER_OVERDUE: _set(answer_by=NOW),
    Condition.BEFORE_TIME_TO_SOLVE_ENDS: _set(solve_by=SOON, waiting_since=None),
    Condition.TASKS_CLOSED: _set(open_tasks=0),
    Condition.TIME_TO_VERIFY_OVER: _set(verify_by=NOW),
    Condition.CALL_BACKS_MADE: _set(unanswered=3),
    Condition.WAS_RESOLVED: _resolved,
    Condition.NOT_RATED_BEFORE: _set(rating=None),
    Condition.IN_TIME_TO_RATE: _set(closed_at=NOW - timedelta(days=14)),
    Condition.IN_TIME_TO_REOPEN: _set(closed_at=NOW - timedelta(days=14)),
    Condition.NOT_BROUGHT_UP: _set(brought_up=None),
    Condition.DEADLINE_PASSED: _set(promised_by=NOW),
    Condition.ONCE_A_DAY: _set(reporter_urged_at=NOW - timedelta(days=1)),
}
"""What makes a standing condition hold, just so. Those left out hold in every issue of the builders."""

BREAKS: Mapping[Condition, Change] = {
    Condition.HAS_REPORTER: _set(reported_by=None),
    Condition.HAS_RESPONSIBLE: _set(assignment=None),
    Condition.NEVER_ASSIGNED: _set(assignment=an_assignment(new_id())),
    Condition.NEVER_ACCEPTED: _set(tier=Tier.DANGER),
    Condition.NO_PROPOSAL_PENDING: _pending(ProposalKind.EXTENSION),
    Condition.DISMISSAL_PENDING: _set(proposal=None),
    Condition.DEFERRAL_PENDING: _set(proposal=None),
    Condition.EXTENSION_PENDING: _set(proposal=None),
    Condition.SECOND_PERSON: _proposed_by,
    Condition.NOT_OBJECTED_BEFORE: _set(objected_at=NOW),
    Condition.NOT_CONFIDENTIAL: _set(kind=IssueKind.DISPUTE),
    Condition.SUBDISTRICT_DECIDES: _set(awaits_subdistrict=False),
    Condition.COMMUNITY_DECIDES: _set(awaits_subdistrict=True),
    Condition.IN_TIME_TO_SIGN: _set(sign_by=NOW - timedelta(microseconds=1)),
    Condition.RETURNS_LEFT: _set(returns=2),
    Condition.PAUSES_LEFT: _set(pauses=2),
    Condition.ANSWER_OVERDUE: _set(answer_by=NOW + timedelta(microseconds=1)),
    Condition.BEFORE_TIME_TO_SOLVE_ENDS: _set(solve_by=NOW, waiting_since=None),
    Condition.NOT_EXTENDED_BEFORE: _set(extension_asked=True),
    Condition.TASKS_CLOSED: _set(open_tasks=1),
    Condition.NOT_OF_THE_UNIT: _set(co_handlers=frozenset({PROPERTY})),
    Condition.NOT_RESOLVED_BY_RATER: _resolved_by,
    Condition.TIME_TO_VERIFY_OVER: _set(verify_by=NOW + timedelta(microseconds=1)),
    Condition.CALL_BACKS_MADE: _set(unanswered=2),
    Condition.WAS_RESOLVED: _set(resolution=None),
    Condition.NOT_RATED_BEFORE: _set(rating=Rating(1, True, 5, None, new_id(), NOW)),
    Condition.IN_TIME_TO_RATE: _set(closed_at=NOW - timedelta(days=14, microseconds=1)),
    Condition.IN_TIME_TO_REOPEN: _set(closed_at=NOW - timedelta(days=14, microseconds=1)),
    Condition.NOT_BROUGHT_UP: _set(brought_up=BroughtUp.OVERDUE),
    Condition.DEADLINE_PASSED: _set(promised_by=NOW + timedelta(microseconds=1)),
    Condition.ONCE_A_DAY: _set(reporter_urged_at=NOW),
}
"""What breaks a standing condition, just so."""


def situation(row: Transition) -> Issue:
    """An issue in the state of the row in which everything that the row asks for holds."""
    if row.source is None:
        raise ValueError("an issue that is not there yet is in no situation")
    issue = an_issue(row.source)
    somebody = a_principal(Role.RESIDENT)
    issue.rating = None
    if Actor.SUBDISTRICT_OFFICER in row.who:
        issue.brought_up = BroughtUp.DEFERRAL_ASKED
    if Actor.RESPONSIBLE_HANDLER in row.who and issue.assignment is None:
        issue.assignment = an_assignment()
    for condition in row.conditions:
        HOLDS.get(condition, _set())(issue, somebody)
    return issue


def person(actor: Actor, issue: Issue) -> Principal:
    """Somebody who is this with regard to the issue, and nothing else; in no unit that works on it unless they handle it."""
    if actor is Actor.PLATFORM:
        return PLATFORM
    if actor is Actor.REPORTER:
        return Principal(issue.reported_by or new_id(), "feicuicheng", (Grant(Role.RESIDENT),))
    if actor is Actor.RESPONSIBLE_HANDLER:
        unit = issue.assignment.responsible_organisation if issue.assignment else new_id()
        return a_principal(Role.HANDLER, organisation=unit)
    return a_principal(Role(actor.value), organisation=new_id())


def take_row(row: Transition, issue: Issue, by: Principal) -> None:
    """Take exactly this row: where the input decides, with the input that leads to its target."""
    reopened = row.target in (State.IN_PROGRESS, State.ACCEPTED, State.REGISTERED)
    if row.verb is Verb.RATE:
        issue.rate(solved=not reopened, satisfaction=2, comment=None, by=by, at=NOW)
    elif row.verb is Verb.CALL_BACK:
        solved = None if row.target is State.RESOLVED else not reopened
        issue.call_back(reached=solved is not None, solved=solved, note=None, by=by, at=NOW)
    elif row.verb is Verb.REVIEW:
        next_date = NOW + timedelta(days=60) if row.target is State.DEFERRED else None
        issue.review(review_at=next_date, note=None, by=by, at=NOW)
    else:
        take(row.verb, issue, by)
