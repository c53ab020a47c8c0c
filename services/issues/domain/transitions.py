"""The transition table of issues, as data: from, verb, to, who, conditions. It is published as it stands here.

A step that is not in this table does not exist; steps of later work are left out until they are built.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.issues.domain.words.issues import State, Verb
from services.issues.domain.words.vocabulary import Words
from shared.principal import Role


class Actor(StrEnum):
    """Who may take a step: a role, or a relation to the issue."""

    REPORTER = "reporter"
    RESPONSIBLE_HANDLER = "responsible_handler"
    DUTY_OFFICER = "duty_officer"
    MEETING_CHAIR = "meeting_chair"
    CENTRE_HOUSEHOLD = "centre_household"
    GRID_WORKER = "grid_worker"
    RESIDENT = "resident"
    VOLUNTEER = "volunteer"
    PARTY_MEMBER = "party_member"
    COMMUNITY_ADMIN = "community_admin"

    @property
    def role(self) -> Role | None:
        """The role of the same name; None for a relation to the issue."""
        return None if self in (Actor.REPORTER, Actor.RESPONSIBLE_HANDLER) else Role(self.value)


class Condition(StrEnum):
    """What must hold beside state and actor."""

    CATEGORY_PLACE_TEXT = "category_place_text"
    IDEMPOTENCY_KEY = "idempotency_key"
    SOURCE_ID_ONCE = "source_id_once"
    TIER = "tier"
    DATED_MEETING = "dated_meeting"
    RECORD = "record"
    RESPONSIBLE_ORGANISATION = "responsible_organisation"
    DEADLINE_IN_FUTURE = "deadline_in_future"
    PLAN = "plan"
    PUBLIC_REPLY = "public_reply"
    OUTCOME = "outcome"
    REASON = "reason"
    SAID_SOLVED = "said_solved"
    SAID_NOT_SOLVED = "said_not_solved"
    NOT_RESOLVED_BY_RATER = "not_resolved_by_rater"
    HAS_RESPONSIBLE = "has_responsible"
    NEVER_ASSIGNED = "never_assigned"
    NEVER_ACCEPTED = "never_accepted"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table. `source` is None for the step that creates an issue."""

    source: State | None
    verb: Verb
    target: State
    who: tuple[Actor, ...]
    conditions: tuple[Condition, ...] = ()


REPORTERS = (Actor.RESIDENT, Actor.VOLUNTEER, Actor.PARTY_MEMBER, Actor.CENTRE_HOUSEHOLD, Actor.GRID_WORKER)
OFFICER_OR_CHAIR = (Actor.DUTY_OFFICER, Actor.MEETING_CHAIR)
ALL_FOUR = (
    Condition.RECORD,
    Condition.RESPONSIBLE_ORGANISATION,
    Condition.DEADLINE_IN_FUTURE,
    Condition.PLAN,
)
REPLY = (Condition.OUTCOME, Condition.PUBLIC_REPLY)
REOPENED = (Condition.SAID_NOT_SOLVED, Condition.NOT_RESOLVED_BY_RATER)
NOT_YET_RESOLVED = (State.REGISTERED, State.ACCEPTED, State.ON_AGENDA, State.ASSIGNED, State.IN_PROGRESS)

TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        None, Verb.REPORT, State.REGISTERED, REPORTERS, (Condition.CATEGORY_PLACE_TEXT, Condition.IDEMPOTENCY_KEY)
    ),
    Transition(
        None,
        Verb.IMPORT,
        State.REGISTERED,
        (Actor.DUTY_OFFICER, Actor.COMMUNITY_ADMIN),
        (Condition.CATEGORY_PLACE_TEXT, Condition.SOURCE_ID_ONCE, Condition.IDEMPOTENCY_KEY),
    ),
    Transition(State.REGISTERED, Verb.ACCEPT, State.ACCEPTED, (Actor.DUTY_OFFICER,), (Condition.TIER,)),
    *(
        Transition(
            source,
            Verb.PLACE_ON_AGENDA,
            State.ON_AGENDA,
            (Actor.DUTY_OFFICER, Actor.CENTRE_HOUSEHOLD),
            (Condition.DATED_MEETING,),
        )
        for source in (State.ACCEPTED, State.IN_PROGRESS)
    ),
    Transition(
        State.ON_AGENDA, Verb.POSTPONE, State.ON_AGENDA, OFFICER_OR_CHAIR, (Condition.DATED_MEETING, Condition.REASON)
    ),
    *(
        Transition(source, Verb.ASSIGN, State.ASSIGNED, OFFICER_OR_CHAIR, ALL_FOUR)
        for source in (State.ACCEPTED, State.ON_AGENDA)
    ),
    Transition(State.ASSIGNED, Verb.SIGN, State.IN_PROGRESS, (Actor.RESPONSIBLE_HANDLER,)),
    *(
        Transition(source, Verb.RESOLVE, State.RESOLVED, OFFICER_OR_CHAIR, REPLY)
        for source in (State.REGISTERED, State.ACCEPTED, State.ON_AGENDA)
    ),
    Transition(State.IN_PROGRESS, Verb.RESOLVE, State.RESOLVED, (Actor.RESPONSIBLE_HANDLER,), REPLY),
    Transition(
        State.ON_AGENDA, Verb.DECLINE, State.RESOLVED, OFFICER_OR_CHAIR, (Condition.REASON, Condition.PUBLIC_REPLY)
    ),
    Transition(
        State.RESOLVED,
        Verb.RATE,
        State.CLOSED,
        (Actor.REPORTER,),
        (Condition.SAID_SOLVED, Condition.NOT_RESOLVED_BY_RATER),
    ),
    Transition(State.RESOLVED, Verb.RATE, State.IN_PROGRESS, (Actor.REPORTER,), (*REOPENED, Condition.HAS_RESPONSIBLE)),
    # Resolved on the spot without ever having been assigned: it goes back to the office, not to nobody.
    Transition(State.RESOLVED, Verb.RATE, State.ACCEPTED, (Actor.REPORTER,), (*REOPENED, Condition.NEVER_ASSIGNED)),
    Transition(State.RESOLVED, Verb.RATE, State.REGISTERED, (Actor.REPORTER,), (*REOPENED, Condition.NEVER_ACCEPTED)),
    *(Transition(source, Verb.WITHDRAW, State.CLOSED, (Actor.REPORTER,)) for source in NOT_YET_RESOLVED),
)

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

ACTOR_WORDS: Mapping[Actor, Words] = {
    Actor.REPORTER: Words("诉求人本人", "the reporter"),
    Actor.RESPONSIBLE_HANDLER: Words("责任单位经办人", "a handler of the responsible organisation"),
    Actor.DUTY_OFFICER: Words("社区值班人员", "the duty officer"),
    Actor.MEETING_CHAIR: Words("会议主持人", "the meeting chair"),
    Actor.CENTRE_HOUSEHOLD: Words("党员中心户", "a centre household"),
    Actor.GRID_WORKER: Words("网格员", "a grid worker"),
    Actor.RESIDENT: Words("居民", "a resident"),
    Actor.VOLUNTEER: Words("志愿者", "a volunteer"),
    Actor.PARTY_MEMBER: Words("党员", "a Party member"),
    Actor.COMMUNITY_ADMIN: Words("社区管理员", "the community's administrator"),
}

CONDITION_WORDS: Mapping[Condition, Words] = {
    Condition.CATEGORY_PLACE_TEXT: Words("分类、地点、内容齐全", "category, place and text are given"),
    Condition.IDEMPOTENCY_KEY: Words("带有防重复键", "an idempotency key is given"),
    Condition.SOURCE_ID_ONCE: Words("同一来源编号只导入一次", "each id of a source comes in once"),
    Condition.TIER: Words("定级", "a tier is set"),
    Condition.DATED_MEETING: Words("有日期且未闭会的会议", "a dated meeting that is not closed"),
    Condition.RECORD: Words("做好记录", "a record is made"),
    Condition.RESPONSIBLE_ORGANISATION: Words("划分责任", "a responsible organisation is named"),
    Condition.DEADLINE_IN_FUTURE: Words("规定时限（晚于现在）", "a deadline in the future is set"),
    Condition.PLAN: Words("做好计划", "a plan is made"),
    Condition.PUBLIC_REPLY: Words("公开答复", "a public reply is given"),
    Condition.OUTCOME: Words("办理结果", "an outcome is given"),
    Condition.REASON: Words("理由", "a reason is given"),
    Condition.SAID_SOLVED: Words("诉求人认为已解决", "the reporter says it is solved"),
    Condition.SAID_NOT_SOLVED: Words("诉求人认为未解决", "the reporter says it is not solved"),
    Condition.NOT_RESOLVED_BY_RATER: Words("评价人不是办理人", "the rater did not resolve it"),
    Condition.HAS_RESPONSIBLE: Words("有责任单位", "there is a responsible organisation"),
    Condition.NEVER_ASSIGNED: Words("受理后未曾派单", "it was accepted but never assigned"),
    Condition.NEVER_ACCEPTED: Words("未曾受理", "it was never accepted"),
}
