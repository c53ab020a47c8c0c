"""The rules of an issue, without any I/O."""

from datetime import timedelta

import pytest

from services.issues.domain.errors.issues import (
    ConflictOfInterest,
    IssueNotFound,
    NotTheirStep,
    PlaceMissing,
    TransitionRefused,
)
from services.issues.domain.errors.moments import DateNotInFuture
from services.issues.domain.issue import TIME_TO_SOLVE, short_title
from services.issues.domain.place import Place
from services.issues.domain.platform import PLATFORM
from services.issues.domain.refusals import STEPS, allowed_actions
from services.issues.domain.trail import trail
from services.issues.domain.transitions import TRANSITIONS
from services.issues.domain.words.issues import IssueKind, Outcome, State, Tier, Verb
from services.issues.tests.builders import (
    CENTRE_HOUSEHOLD,
    CHAIR,
    GRID_WORKER,
    HANDLER,
    NEIGHBOUR,
    NOW,
    OFFICER,
    OTHER_HANDLER,
    PEOPLE,
    RESIDENT,
    an_assignment,
    an_issue,
)
from services.issues.tests.steps import take
from shared.ids import new_id
from shared.principal import Grant, Principal, Role

LATER = NOW + timedelta(hours=1)
EVERYBODY = (*PEOPLE, PLATFORM)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verb", STEPS)
def test_what_is_said_to_be_allowed_is_what_works(state: State, verb: Verb) -> None:
    for who in EVERYBODY:
        issue = an_issue(state)
        said = {action.verb: action.refused for action in allowed_actions(issue, who, NOW)}[verb]
        if said is not None:
            with pytest.raises((TransitionRefused, NotTheirStep, ConflictOfInterest)) as refused:
                take(verb, issue, who)
            assert (refused.value.detail_zh, refused.value.detail_en) == said.reason
            assert issue.state is state
            assert not issue.happened
            continue
        take(verb, issue, who)
        assert [(entry.source, entry.verb, entry.target) for entry in issue.happened] == [(state, verb, issue.state)]
        assert (state, verb, issue.state) in {(row.source, row.verb, row.target) for row in TRANSITIONS}


def test_every_row_of_the_table_names_who_and_leads_somewhere() -> None:
    assert len(set(TRANSITIONS)) == len(TRANSITIONS)
    assert all(row.who for row in TRANSITIONS)
    assert {row.target for row in TRANSITIONS} == set(State), "a state that nothing leads to is not built"


def test_a_report_remembers_who_called_and_when() -> None:
    issue = an_issue()
    assert (issue.state, issue.reported_by, issue.registered_at) == (State.REGISTERED, RESIDENT.person, NOW)
    assert issue.kind is IssueKind.REQUEST
    assert issue.severity is Tier.GENERAL


def test_a_place_is_a_building_or_words() -> None:
    with pytest.raises(PlaceMissing):
        Place(None, None)
    with pytest.raises(PlaceMissing):
        Place(None, "")


@pytest.mark.parametrize("tier", Tier)
def test_the_time_to_solve_runs_from_registration(tier: Tier) -> None:
    issue = an_issue()
    issue.accept(tier=tier, by=OFFICER, at=NOW + timedelta(hours=1))
    assert issue.solve_by == NOW + TIME_TO_SOLVE[tier]


def test_an_assignment_needs_a_deadline_in_the_future() -> None:
    issue = an_issue(State.ACCEPTED)
    with pytest.raises(DateNotInFuture) as refused:
        issue.assign(an_assignment(deadline=NOW), by=OFFICER, at=NOW)
    assert list(refused.value.fields) == ["deadline"]
    assert issue.state is State.ACCEPTED


def test_only_a_handler_of_the_responsible_organisation_signs() -> None:
    issue = an_issue(State.ASSIGNED)
    for stranger in (OTHER_HANDLER, OFFICER, RESIDENT):
        with pytest.raises(NotTheirStep):
            issue.sign(by=stranger, at=NOW)
    issue.sign(by=HANDLER, at=NOW)
    assert issue.state is State.IN_PROGRESS


def test_solved_closes_and_not_solved_opens_another_round() -> None:
    closed = an_issue(State.CLOSED)
    assert (closed.state, closed.outcome, closed.closed_at) == (State.CLOSED, Outcome.SOLVED, NOW)
    issue = an_issue(State.RESOLVED)
    issue.rate(solved=False, satisfaction=1, comment="还是不亮", by=RESIDENT, at=LATER)
    assert (issue.state, issue.round, issue.outcome, issue.resolved_at) == (State.IN_PROGRESS, 2, None, None)
    assert issue.rating is not None
    assert (issue.rating.round, issue.rating.solved) == (1, False)
    assert issue.happened[-1].details == {"solved": False, "satisfaction": 1}
    assert issue.happened[-1].round == 1


@pytest.mark.parametrize(("state", "goes_back_to"), [(State.REGISTERED,) * 2, (State.ACCEPTED,) * 2])
def test_not_solved_after_an_on_the_spot_answer_goes_back_to_the_office(state: State, goes_back_to: State) -> None:
    issue = an_issue(state)
    take(Verb.RESOLVE, issue, OFFICER)
    issue.rate(solved=False, satisfaction=2, comment=None, by=RESIDENT, at=LATER)
    assert issue.state is goes_back_to


def test_nobody_confirms_their_own_work() -> None:
    both = Principal(new_id(), "feicuicheng", (Grant(Role.RESIDENT), *HANDLER.grants))
    issue = an_issue(State.IN_PROGRESS, by=both)
    take(Verb.RESOLVE, issue, both)
    with pytest.raises(ConflictOfInterest):
        take(Verb.RATE, issue, both)


def test_a_declined_matter_is_explained_never_solved() -> None:
    issue = an_issue(State.ON_AGENDA)
    take(Verb.DECLINE, issue, CHAIR)
    assert (issue.state, issue.outcome) == (State.RESOLVED, Outcome.EXPLAINED)


def test_a_resident_sees_only_their_own_issue() -> None:
    issue = an_issue()
    issue.check_visible_to(RESIDENT)
    for stranger in (NEIGHBOUR, HANDLER):
        with pytest.raises(IssueNotFound):
            issue.check_visible_to(stranger)


def test_a_dispute_is_private_to_the_office() -> None:
    dispute = an_issue(kind=IssueKind.DISPUTE)
    assert dispute.visible_to(OFFICER)
    assert dispute.visible_to(CHAIR)
    assert not dispute.visible_to(GRID_WORKER)
    assert not dispute.visible_to(CENTRE_HOUSEHOLD)
    assert an_issue().visible_to(CENTRE_HOUSEHOLD)


def test_the_trail_fills_from_left_to_right() -> None:
    def steps(state: State) -> str:
        return "".join(step.words.zh if step.at else "·" for step in trail(an_issue(state)))

    assert steps(State.REGISTERED) == "呼···"
    assert steps(State.ACCEPTED) == "呼议··"
    assert steps(State.IN_PROGRESS) == "呼议应·"
    assert steps(State.RESOLVED) == "呼议应为"


def test_a_title_is_the_first_line_shortened() -> None:
    assert short_title("路灯不亮\n已经三天") == "路灯不亮"
    assert len(short_title("很" * 100)) == 40
