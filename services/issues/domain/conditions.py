"""What must hold for a step beside state and actor. A condition is about the input, or stands in the issue: then it is checked here,
by the one function that both enforces it and answers `allowed_actions`."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from services.issues.domain.limits import CALL_BACKS_BEFORE_CLOSING, MOST_PAUSES, MOST_RETURNS, TIME_TO_RATE
from services.issues.domain.words.issues import Outcome, ProposalKind
from shared.clock import CHINA
from shared.principal import Principal

if TYPE_CHECKING:
    from services.issues.domain.issue import IssueRecord


class Condition(StrEnum):
    """What must hold. Those of the first block are about the input, those of the second about the issue and the person."""

    CATEGORY_PLACE_TEXT = "category_place_text"
    IDEMPOTENCY_KEY = "idempotency_key"
    SOURCE_ID_ONCE = "source_id_once"
    TIER = "tier"
    CATEGORY_OR_TIER = "category_or_tier"
    WAY_OF_CONTACT = "way_of_contact"
    REASON_CODE = "reason_code"
    REFER_TO = "refer_to"
    TARGET_OPEN = "target_open"
    DATED_MEETING = "dated_meeting"
    RECORD = "record"
    RESPONSIBLE_ORGANISATION = "responsible_organisation"
    DEADLINE_IN_FUTURE = "deadline_in_future"
    PLAN = "plan"
    PUBLIC_REPLY = "public_reply"
    OUTCOME = "outcome"
    REASON = "reason"
    QUESTION = "question"
    UNITS_AND_LEVEL = "units_and_level"
    RED_LEVEL = "red_level"
    ANSWER = "answer"
    REVIEW_DATE = "review_date"
    LATER_DEADLINE = "later_deadline"
    PROOF = "proof"
    SAID_SOLVED = "said_solved"
    SAID_NOT_SOLVED = "said_not_solved"
    NOT_SAID = "not_said"

    HAS_REPORTER = "has_reporter"
    HAS_RESPONSIBLE = "has_responsible"
    NEVER_ASSIGNED = "never_assigned"
    NEVER_ACCEPTED = "never_accepted"
    NO_PROPOSAL_PENDING = "no_proposal_pending"
    DISMISSAL_PENDING = "dismissal_pending"
    DEFERRAL_PENDING = "deferral_pending"
    EXTENSION_PENDING = "extension_pending"
    SECOND_PERSON = "second_person"
    NOT_OBJECTED_BEFORE = "not_objected_before"
    NOT_CONFIDENTIAL = "not_confidential"
    SUBDISTRICT_DECIDES = "subdistrict_decides"
    COMMUNITY_DECIDES = "community_decides"
    IN_TIME_TO_SIGN = "in_time_to_sign"
    RETURNS_LEFT = "returns_left"
    PAUSES_LEFT = "pauses_left"
    ANSWER_OVERDUE = "answer_overdue"
    BEFORE_TIME_TO_SOLVE_ENDS = "before_time_to_solve_ends"
    NOT_EXTENDED_BEFORE = "not_extended_before"
    TASKS_CLOSED = "tasks_closed"
    NOT_OF_THE_UNIT = "not_of_the_unit"
    NOT_RESOLVED_BY_RATER = "not_resolved_by_rater"
    TIME_TO_VERIFY_OVER = "time_to_verify_over"
    CALL_BACKS_MADE = "call_backs_made"
    WAS_RESOLVED = "was_resolved"
    NOT_RATED_BEFORE = "not_rated_before"
    IN_TIME_TO_RATE = "in_time_to_rate"
    IN_TIME_TO_REOPEN = "in_time_to_reopen"
    NOT_BROUGHT_UP = "not_brought_up"
    DEADLINE_PASSED = "deadline_passed"
    ONCE_A_DAY = "once_a_day"


INTEREST = frozenset({Condition.SECOND_PERSON, Condition.NOT_OF_THE_UNIT, Condition.NOT_RESOLVED_BY_RATER})
"""Conditions about a conflict of interest: refused to this person, possible for another."""

Check = Callable[["IssueRecord", Principal, datetime], bool]


def _pending(kind: ProposalKind) -> Check:
    return lambda issue, _by, _at: issue.proposal is not None and issue.proposal.kind is kind


def _not_of_the_unit(issue: "IssueRecord", by: Principal, _at: datetime) -> bool:
    """Holds no role whatsoever through a unit that works on it (also by 交叉任职), and did not resolve it."""
    return not issue.was_resolved_by(by) and by.organisations().isdisjoint(issue.units())


def _in_time_to_rate(issue: "IssueRecord", _by: Principal, at: datetime) -> bool:
    ended = issue.closed_at or issue.resolved_at
    return ended is not None and at <= ended + TIME_TO_RATE


def is_late(issue: "IssueRecord", at: datetime) -> bool:
    """Whether something that was promised is over: T1, T2, T3 as they were reckoned last, or the deadline of the assignment."""
    ends = (issue.promised_by, issue.assignment.deadline if issue.assignment is not None else None)
    return any(end is not None and end <= at for end in ends)


def urged_today(issue: "IssueRecord", at: datetime) -> bool:
    """Whether its reporter urged on this day, as people who wait count days."""
    return issue.reporter_urged_at is not None and local_day(issue.reporter_urged_at) == local_day(at)


def local_day(at: datetime) -> date:
    """The day on which a moment falls in China."""
    return at.astimezone(CHINA).date()


STANDING: Mapping[Condition, Check] = {
    Condition.HAS_REPORTER: lambda issue, _by, _at: issue.reported_by is not None,
    Condition.HAS_RESPONSIBLE: lambda issue, _by, _at: issue.assignment is not None,
    Condition.NEVER_ASSIGNED: lambda issue, _by, _at: issue.assignment is None and issue.tier is not None,
    Condition.NEVER_ACCEPTED: lambda issue, _by, _at: issue.assignment is None and issue.tier is None,
    Condition.NO_PROPOSAL_PENDING: lambda issue, _by, _at: issue.proposal is None,
    Condition.DISMISSAL_PENDING: _pending(ProposalKind.DISMISSAL),
    Condition.DEFERRAL_PENDING: _pending(ProposalKind.DEFERRAL),
    Condition.EXTENSION_PENDING: _pending(ProposalKind.EXTENSION),
    Condition.SECOND_PERSON: lambda issue, by, _at: issue.proposal is None or issue.proposal.by != by.person,
    Condition.NOT_OBJECTED_BEFORE: lambda issue, _by, _at: issue.objected_at is None,
    Condition.NOT_CONFIDENTIAL: lambda issue, _by, _at: not issue.is_confidential(),
    Condition.SUBDISTRICT_DECIDES: lambda issue, _by, _at: issue.awaits_subdistrict,
    Condition.COMMUNITY_DECIDES: lambda issue, _by, _at: not issue.awaits_subdistrict,
    Condition.IN_TIME_TO_SIGN: lambda issue, _by, at: issue.sign_by is None or at <= issue.sign_by,
    Condition.RETURNS_LEFT: lambda issue, _by, _at: issue.returns < MOST_RETURNS,
    Condition.PAUSES_LEFT: lambda issue, _by, _at: issue.pauses < MOST_PAUSES,
    Condition.ANSWER_OVERDUE: lambda issue, _by, at: issue.answer_by is None or at >= issue.answer_by,
    Condition.BEFORE_TIME_TO_SOLVE_ENDS: lambda issue, _by, at: issue.is_before_time_to_solve_ends(at),
    Condition.NOT_EXTENDED_BEFORE: lambda issue, _by, _at: not issue.extension_asked,
    Condition.TASKS_CLOSED: lambda issue, _by, _at: issue.open_tasks == 0,
    Condition.NOT_OF_THE_UNIT: _not_of_the_unit,
    Condition.NOT_RESOLVED_BY_RATER: lambda issue, by, _at: (
        not issue.was_resolved_by(by) and not issue.is_handled_by(by)
    ),
    Condition.TIME_TO_VERIFY_OVER: lambda issue, _by, at: issue.verify_by is None or at >= issue.verify_by,
    Condition.CALL_BACKS_MADE: lambda issue, _by, _at: issue.unanswered >= CALL_BACKS_BEFORE_CLOSING,
    Condition.WAS_RESOLVED: lambda issue, _by, _at: (
        issue.resolution is not None and issue.outcome is not Outcome.WITHDRAWN
    ),
    Condition.NOT_RATED_BEFORE: lambda issue, _by, _at: issue.rating is None or issue.rating.round != issue.round,
    Condition.IN_TIME_TO_RATE: _in_time_to_rate,
    Condition.IN_TIME_TO_REOPEN: _in_time_to_rate,
    Condition.NOT_BROUGHT_UP: lambda issue, _by, _at: issue.brought_up is None,
    Condition.DEADLINE_PASSED: lambda issue, _by, at: is_late(issue, at),
    Condition.ONCE_A_DAY: lambda issue, _by, at: not urged_today(issue, at),
}
"""The conditions that stand in the issue: when each holds."""
