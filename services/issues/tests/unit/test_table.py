"""Every row of the published table × every role: allowed exactly where the table says, and every refusal has its reason."""

import pytest

from services.issues.domain.actors import ACTOR_WORDS, RELATIONS, Actor
from services.issues.domain.condition_words import CONDITION_WORDS, WHY_NOT
from services.issues.domain.conditions import INTEREST, STANDING, Condition
from services.issues.domain.errors.issues import ConflictOfInterest, NotTheirStep, TransitionRefused
from services.issues.domain.refusals import STEPS, allowed_actions
from services.issues.domain.transitions import BACK_TO, TRANSITIONS, Transition
from services.issues.domain.words.issues import State, Verb
from services.issues.permissions import PERMISSIONS, Action
from services.issues.schemas.rules import transition_table
from services.issues.tests.builders import NOW, PROPERTY
from services.issues.tests.situations import BREAKS, person, situation, take_row
from shared.ids import new_id
from shared.principal import Grant, Principal, Role
from shared.testing.principals import a_principal

ROWS = [row for row in TRANSITIONS if row.source is not None]
REFUSALS = (TransitionRefused, NotTheirStep, ConflictOfInterest)
BACK = {condition for _, condition in BACK_TO}
WITHOUT_ACTOR = sorted(set(Role) - {actor.role for actor in Actor})
"""Roles that stand nowhere in the table."""


def name(row: Transition) -> str:
    return f"{row.source}-{row.verb}-{row.target}-{'+'.join(row.who)}-{'+'.join(row.conditions)}"


def allowed(row: Transition, who: Principal) -> bool:
    return {it.verb: it.refused for it in allowed_actions(situation(row), who, NOW)}[row.verb] is None


def actors_for(row: Transition) -> set[Actor]:
    """Who the published table lets take this verb in this situation, read from what everybody can read."""
    table = transition_table()
    issue = situation(row)
    found = set()
    for shown in table.transitions:
        if shown.from_state is not row.source or shown.verb is not row.verb:
            continue
        standing = [it.code for it in shown.conditions if it.code in STANDING]
        for actor in shown.who:
            if all(STANDING[it](issue, person(actor.code, issue), NOW) for it in standing):
                found.add(actor.code)
    return found


@pytest.mark.parametrize("row", ROWS, ids=name)
@pytest.mark.parametrize("actor", Actor)
def test_a_row_is_open_to_exactly_those_whom_the_table_names(row: Transition, actor: Actor) -> None:
    issue = situation(row)
    who = person(actor, issue)
    if actor in actors_for(row):
        assert allowed(row, who)
        if actor in row.who:
            take_row(row, issue, who)
            (entry,) = issue.happened
            assert (entry.source, entry.verb, entry.target) == (row.source, row.verb, row.target)
            assert (issue.state, entry.by) == (row.target, who.person)
        return
    assert not allowed(row, who)
    with pytest.raises(REFUSALS) as refused:
        take_row(row, issue, who)
    assert refused.value.detail_zh
    assert refused.value.detail_en
    assert issue == situation_like(row, issue), "a refused step changes nothing"


def situation_like(row: Transition, issue: object) -> object:
    """The same situation again, with the ids of the first."""
    again = situation(row)
    for field in ("id", "happened", "meeting_id", "proposal", "resolution", "reported_by", "assignment"):
        setattr(again, field, getattr(issue, field))
    assert again.happened == []
    return again


@pytest.mark.parametrize("row", ROWS, ids=name)
@pytest.mark.parametrize("role", WITHOUT_ACTOR)
def test_roles_that_the_table_does_not_name_can_do_nothing(row: Transition, role: Role) -> None:
    unit = new_id() if role is Role.HANDLER else PROPERTY
    assert not allowed(row, a_principal(role, organisation=unit))


@pytest.mark.parametrize(
    ("row", "condition"),
    [(row, condition) for row in ROWS for condition in row.conditions if condition in STANDING],
    ids=lambda it: name(it) if isinstance(it, Transition) else str(it),
)
def test_each_condition_of_a_row_is_enforced_and_says_why(row: Transition, condition: Condition) -> None:
    issue = situation(row)
    who = person(row.who[0], issue)
    if condition is Condition.NOT_OF_THE_UNIT:
        who = Principal(who.person, who.community, (*who.grants, Grant(Role.PARTY_MEMBER, PROPERTY)))
    BREAKS[condition](issue, who)
    before = issue.state
    if condition in BACK:
        take_row(row, issue, who)
        assert issue.state is not row.target, "the row of another case was taken"
        return
    with pytest.raises(REFUSALS) as refused:
        take_row(row, issue, who)
    assert (issue.state, issue.happened) == (before, [])
    said = {it.verb: it.refused for it in allowed_actions(issue, who, NOW)}[row.verb]
    if said is None:  # another row of the verb is open to them, with another input
        assert len({it.target for it in ROWS if it.source is row.source and it.verb is row.verb}) > 1
        return
    assert (refused.value.detail_zh, refused.value.detail_en) == said.reason
    if condition in INTEREST:
        assert isinstance(refused.value, ConflictOfInterest)
        assert said.reason == WHY_NOT[condition]


def test_every_standing_condition_is_used_can_be_broken_and_has_words() -> None:
    used = {condition for row in ROWS for condition in row.conditions if condition in STANDING}
    assert used == set(STANDING) == set(BREAKS) == set(WHY_NOT)
    assert set(CONDITION_WORDS) == set(Condition)
    assert set(ACTOR_WORDS) == set(Actor)


def test_every_state_is_reached_and_only_the_last_ones_are_ends() -> None:
    assert {row.target for row in TRANSITIONS} == set(State)
    for state in State:
        assert any(row.source is state and row.target is not state for row in TRANSITIONS), f"{state} is a dead end"


def test_every_actor_of_a_row_may_call_its_route() -> None:
    """The matrix of the routes is never narrower than the table; relations come as the roles that can have them."""
    route: dict[Verb, Action] = {
        Verb.ACCEPT: Action.ACCEPT_ISSUE,
        Verb.CHANGE_CATEGORY: Action.CORRECT_ISSUE,
        Verb.CONTACT: Action.CONTACT_REPORTER,
        Verb.DISMISS: Action.DISMISS_ISSUE,
        Verb.MERGE: Action.MERGE_ISSUE,
        Verb.PLACE_ON_AGENDA: Action.PLACE_ON_AGENDA,
        Verb.ASSIGN: Action.ASSIGN_ISSUE,
        Verb.APPROVE: Action.DECIDE_ON_PROPOSAL,
        Verb.REFUSE: Action.DECIDE_ON_PROPOSAL,
        Verb.REVIEW: Action.REVIEW_DEFERRAL,
        Verb.RESOLVE: Action.RESOLVE_ISSUE,
        Verb.VERIFY: Action.VERIFY_ISSUE,
        Verb.CALL_BACK: Action.CALL_REPORTER_BACK,
        Verb.REOPEN: Action.REOPEN_ISSUE,
        Verb.WITHDRAW: Action.WITHDRAW_ISSUE,
    }
    for row in ROWS:
        if row.verb in route:
            roles = {Role(actor.value) for actor in row.who if actor not in RELATIONS}
            assert roles <= PERMISSIONS[route[row.verb]], row
    assert {row.verb for row in ROWS} == set(STEPS)
