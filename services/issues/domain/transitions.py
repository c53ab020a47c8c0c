"""The transition table of issues, as data: from, verb, to, who, conditions. It is published as it stands here.

A step that is not in this table does not exist. Every step, also one that does not change the state, writes one `HistoryEntry`; what it
says beside states, person, moment, round and note stands in `domain/history.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from services.issues.domain.actors import Actor
from services.issues.domain.conditions import Condition
from services.issues.domain.words.issues import State, Verb


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table. `source` is None for the step that creates an issue."""

    source: State | None
    verb: Verb
    target: State
    who: tuple[Actor, ...]
    conditions: tuple[Condition, ...] = ()


REPORTERS = (Actor.RESIDENT, Actor.VOLUNTEER, Actor.PARTY_MEMBER, Actor.CENTRE_HOUSEHOLD, Actor.GRID_WORKER)
FILERS = (*REPORTERS, Actor.DUTY_OFFICER, Actor.SECRETARY, Actor.MEETING_CHAIR, Actor.PARTNER)
OFFICE = (Actor.DUTY_OFFICER, Actor.SECRETARY)
OFFICER_OR_CHAIR = (Actor.DUTY_OFFICER, Actor.MEETING_CHAIR)
HANDLER = (Actor.RESPONSIBLE_HANDLER,)
CALLERS = (Actor.DUTY_OFFICER, Actor.SECRETARY, Actor.GRID_WORKER, Actor.VERIFIER)
ALL_FOUR = (Condition.RECORD, Condition.RESPONSIBLE_ORGANISATION, Condition.DEADLINE_IN_FUTURE, Condition.PLAN)
REPLY = (Condition.OUTCOME, Condition.PUBLIC_REPLY)
ANOTHER_PERSON = (Condition.SECOND_PERSON, Condition.NOT_OF_THE_UNIT)
SPOKEN_WITH = (Condition.WAY_OF_CONTACT, Condition.HAS_REPORTER)
RATED_LATER = (Condition.WAS_RESOLVED, Condition.NOT_RATED_BEFORE, Condition.IN_TIME_TO_RATE)

BEFORE_THE_WORK = (State.REGISTERED, State.ACCEPTED, State.ON_AGENDA)
AT_WORK = (State.IN_PROGRESS, State.WAITING)
NOT_YET_RESOLVED = (*BEFORE_THE_WORK, State.ASSIGNED, *AT_WORK, State.DEFERRED)
OPEN = (*NOT_YET_RESOLVED, State.RESOLVED)
BACK_TO = (
    # Whoever was responsible goes on with it; what was settled on the spot goes back to the office, not to nobody.
    (State.IN_PROGRESS, Condition.HAS_RESPONSIBLE),
    (State.ACCEPTED, Condition.NEVER_ASSIGNED),
    (State.REGISTERED, Condition.NEVER_ACCEPTED),
)
"""Where a matter goes that was not solved after all."""


def _each(
    sources: tuple[State, ...], verb: Verb, target: State | None, who: tuple[Actor, ...], *conditions: Condition
) -> tuple[Transition, ...]:
    """The same row for several states; a target of None: the state stays as it is."""
    return tuple(Transition(source, verb, target or source, who, conditions) for source in sources)


INTAKE = (
    Transition(None, Verb.REPORT, State.REGISTERED, FILERS, (Condition.CATEGORY_PLACE_TEXT, Condition.IDEMPOTENCY_KEY)),
    Transition(
        None,
        Verb.IMPORT,
        State.REGISTERED,
        (Actor.DUTY_OFFICER, Actor.COMMUNITY_ADMIN),
        (Condition.CATEGORY_PLACE_TEXT, Condition.SOURCE_ID_ONCE, Condition.IDEMPOTENCY_KEY),
    ),
    Transition(State.REGISTERED, Verb.ACCEPT, State.ACCEPTED, (Actor.DUTY_OFFICER, Actor.PLATFORM), (Condition.TIER,)),
    *_each(
        (*BEFORE_THE_WORK, State.ASSIGNED, *AT_WORK),
        Verb.CHANGE_CATEGORY,
        None,
        (Actor.DUTY_OFFICER,),
        Condition.CATEGORY_OR_TIER,
    ),
    *_each((State.REGISTERED, State.ACCEPTED), Verb.CONTACT, None, (*OFFICE, Actor.GRID_WORKER), *SPOKEN_WITH),
    *_each(
        (State.ON_AGENDA, State.ASSIGNED, *AT_WORK, State.DEFERRED),
        Verb.CONTACT,
        None,
        (*OFFICE, Actor.GRID_WORKER, Actor.RESPONSIBLE_HANDLER),
        *SPOKEN_WITH,
    ),
    Transition(
        State.REGISTERED,
        Verb.DISMISS,
        State.REGISTERED,
        (Actor.DUTY_OFFICER,),
        (Condition.REASON_CODE, Condition.REFER_TO, Condition.NO_PROPOSAL_PENDING),
    ),
    Transition(
        State.REGISTERED,
        Verb.APPROVE,
        State.DISMISSED,
        (*OFFICE, Actor.COMMUNITY_ADMIN),
        (Condition.DISMISSAL_PENDING, Condition.SECOND_PERSON),
    ),
    Transition(
        State.REGISTERED,
        Verb.REFUSE,
        State.REGISTERED,
        (*OFFICE, Actor.COMMUNITY_ADMIN),
        (Condition.DISMISSAL_PENDING, Condition.SECOND_PERSON, Condition.REASON),
    ),
    Transition(
        State.DISMISSED,
        Verb.OBJECT,
        State.REGISTERED,
        (Actor.REPORTER,),
        (Condition.NOT_OBJECTED_BEFORE, Condition.REASON),
    ),
    *_each(
        (State.REGISTERED, State.ACCEPTED),
        Verb.MERGE,
        State.CLOSED,
        (Actor.DUTY_OFFICER,),
        Condition.TARGET_OPEN,
        Condition.NOT_CONFIDENTIAL,
    ),
)
DISCUSSION = (
    *_each(
        (State.ACCEPTED, State.IN_PROGRESS),
        Verb.PLACE_ON_AGENDA,
        State.ON_AGENDA,
        (Actor.DUTY_OFFICER, Actor.MEETING_CHAIR, Actor.CENTRE_HOUSEHOLD, Actor.PLATFORM),
        Condition.DATED_MEETING,
        Condition.COMMUNITY_DECIDES,
    ),
    *_each(
        (State.ON_AGENDA,),
        Verb.POSTPONE,
        None,
        (*OFFICER_OR_CHAIR, Actor.PLATFORM),
        Condition.DATED_MEETING,
        Condition.REASON,
    ),
    *_each(
        (State.ON_AGENDA,), Verb.DECLINE, State.RESOLVED, OFFICER_OR_CHAIR, Condition.REASON, Condition.PUBLIC_REPLY
    ),
)
HANDLING = (
    *_each(
        (State.ACCEPTED, State.ON_AGENDA),
        Verb.ASSIGN,
        State.ASSIGNED,
        OFFICER_OR_CHAIR,
        *ALL_FOUR,
        Condition.COMMUNITY_DECIDES,
    ),
    Transition(
        State.ACCEPTED,
        Verb.ASSIGN,
        State.ASSIGNED,
        (Actor.SUBDISTRICT_OFFICER,),
        (*ALL_FOUR, Condition.SUBDISTRICT_DECIDES),
    ),
    Transition(State.ASSIGNED, Verb.SIGN, State.IN_PROGRESS, HANDLER),
    Transition(
        State.ASSIGNED,
        Verb.RETURN,
        State.ACCEPTED,
        HANDLER,
        (Condition.REASON, Condition.RETURNS_LEFT, Condition.IN_TIME_TO_SIGN),
    ),
    Transition(
        State.IN_PROGRESS, Verb.WHISTLE, State.IN_PROGRESS, OFFICE, (Condition.REASON, Condition.UNITS_AND_LEVEL)
    ),
    # Danger does not wait until somebody has signed.
    *_each(
        (State.ACCEPTED, State.ASSIGNED),
        Verb.WHISTLE,
        None,
        OFFICE,
        Condition.REASON,
        Condition.UNITS_AND_LEVEL,
        Condition.RED_LEVEL,
    ),
    Transition(
        State.IN_PROGRESS,
        Verb.ASK,
        State.WAITING,
        HANDLER,
        (Condition.QUESTION, Condition.HAS_REPORTER, Condition.PAUSES_LEFT),
    ),
    Transition(State.WAITING, Verb.ANSWER, State.IN_PROGRESS, (Actor.REPORTER,), (Condition.ANSWER,)),
    Transition(State.WAITING, Verb.RESUME, State.IN_PROGRESS, (Actor.PLATFORM,), (Condition.ANSWER_OVERDUE,)),
    Transition(
        State.IN_PROGRESS,
        Verb.DEFER,
        State.IN_PROGRESS,
        HANDLER,
        (Condition.REASON, Condition.REVIEW_DATE, Condition.NO_PROPOSAL_PENDING),
    ),
    *_each(
        AT_WORK,
        Verb.APPROVE,
        State.DEFERRED,
        (Actor.SUBDISTRICT_OFFICER,),
        Condition.DEFERRAL_PENDING,
        *ANOTHER_PERSON,
    ),
    *_each(
        AT_WORK,
        Verb.REFUSE,
        None,
        (Actor.SUBDISTRICT_OFFICER,),
        Condition.DEFERRAL_PENDING,
        *ANOTHER_PERSON,
        Condition.REASON,
    ),
    Transition(State.DEFERRED, Verb.REVIEW, State.DEFERRED, (Actor.SUBDISTRICT_OFFICER,), (Condition.REVIEW_DATE,)),
    Transition(State.DEFERRED, Verb.REVIEW, State.IN_PROGRESS, (Actor.SUBDISTRICT_OFFICER, Actor.RESPONSIBLE_HANDLER)),
    *_each(
        AT_WORK,
        Verb.EXTEND,
        None,
        HANDLER,
        Condition.REASON,
        Condition.LATER_DEADLINE,
        Condition.NO_PROPOSAL_PENDING,
        Condition.NOT_EXTENDED_BEFORE,
        Condition.BEFORE_TIME_TO_SOLVE_ENDS,
    ),
    *_each(AT_WORK, Verb.APPROVE, None, OFFICE, Condition.EXTENSION_PENDING, *ANOTHER_PERSON),
    *_each(AT_WORK, Verb.REFUSE, None, OFFICE, Condition.EXTENSION_PENDING, *ANOTHER_PERSON, Condition.REASON),
)
CONFIRMATION = (
    *_each(BEFORE_THE_WORK, Verb.RESOLVE, State.RESOLVED, OFFICER_OR_CHAIR, *REPLY, Condition.TASKS_CLOSED),
    Transition(State.IN_PROGRESS, Verb.RESOLVE, State.RESOLVED, HANDLER, (*REPLY, Condition.TASKS_CLOSED)),
    Transition(State.RESOLVED, Verb.VERIFY, State.CLOSED, (Actor.VERIFIER,), (Condition.NOT_OF_THE_UNIT,)),
    Transition(
        State.RESOLVED, Verb.CALL_BACK, State.RESOLVED, CALLERS, (Condition.NOT_SAID, Condition.NOT_OF_THE_UNIT)
    ),
    Transition(
        State.RESOLVED, Verb.CALL_BACK, State.CLOSED, CALLERS, (Condition.SAID_SOLVED, Condition.NOT_OF_THE_UNIT)
    ),
    *(
        Transition(
            State.RESOLVED,
            Verb.CALL_BACK,
            target,
            CALLERS,
            (Condition.SAID_NOT_SOLVED, Condition.NOT_OF_THE_UNIT, back),
        )
        for target, back in BACK_TO
    ),
    Transition(
        State.RESOLVED,
        Verb.CLOSE,
        State.CLOSED,
        (Actor.PLATFORM,),
        (Condition.TIME_TO_VERIFY_OVER, Condition.CALL_BACKS_MADE),
    ),
    Transition(
        State.RESOLVED,
        Verb.RATE,
        State.CLOSED,
        (Actor.REPORTER,),
        (Condition.SAID_SOLVED, Condition.NOT_RESOLVED_BY_RATER),
    ),
    *(
        Transition(
            State.RESOLVED,
            Verb.RATE,
            target,
            (Actor.REPORTER,),
            (Condition.SAID_NOT_SOLVED, Condition.NOT_RESOLVED_BY_RATER, back),
        )
        for target, back in BACK_TO
    ),
    Transition(
        State.CLOSED,
        Verb.RATE,
        State.CLOSED,
        (Actor.REPORTER,),
        (Condition.SAID_SOLVED, *RATED_LATER, Condition.NOT_RESOLVED_BY_RATER),
    ),
    *(
        Transition(
            State.CLOSED,
            Verb.RATE,
            target,
            (Actor.REPORTER,),
            (Condition.SAID_NOT_SOLVED, *RATED_LATER, Condition.NOT_RESOLVED_BY_RATER, back),
        )
        for target, back in BACK_TO
    ),
    *(
        Transition(source, Verb.REOPEN, target, (who,), (Condition.REASON, Condition.WAS_RESOLVED, *in_time, back))
        for source in (State.RESOLVED, State.CLOSED)
        for target, back in BACK_TO
        for who, in_time in ((Actor.REPORTER, (Condition.IN_TIME_TO_REOPEN,)), (Actor.VERIFIER, ()))
    ),
)
ENDING = (
    *_each(OPEN, Verb.WITHDRAW, State.CLOSED, (Actor.REPORTER,)),
    # Not from `resolved`: there an officer could make a bad answer disappear.
    *_each(NOT_YET_RESOLVED, Verb.WITHDRAW, State.CLOSED, (Actor.DUTY_OFFICER,), Condition.PROOF),
)
REMINDING = (
    # Also by neighbours who joined and by who filed for somebody without an account; whether time is over is read from the clocks (domain/urging.py).
    *_each(NOT_YET_RESOLVED, Verb.URGE, None, (Actor.REPORTER,), Condition.DEADLINE_PASSED, Condition.ONCE_A_DAY),
    # Not from `deferred`: what is deferred lay before the subdistrict.
    *_each(
        tuple(state for state in OPEN if state is not State.DEFERRED),
        Verb.BRING_UP,
        None,
        (Actor.PLATFORM,),
        Condition.NOT_BROUGHT_UP,
    ),
)
TRANSITIONS: tuple[Transition, ...] = (*INTAKE, *DISCUSSION, *HANDLING, *CONFIRMATION, *ENDING, *REMINDING)

FROM: Mapping[tuple[State | None, Verb], tuple[Transition, ...]] = {
    (source, verb): tuple(row for row in TRANSITIONS if row.source is source and row.verb is verb)
    for source in (None, *State)
    for verb in Verb
}
"""The rows of a state and verb."""

SOURCES: Mapping[Verb, tuple[State, ...]] = {
    verb: tuple(dict.fromkeys(row.source for row in TRANSITIONS if row.verb is verb and row.source is not None))
    for verb in Verb
}
"""The states from which a verb is possible."""
