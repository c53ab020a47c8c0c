"""The whole machine against a small independent model: any people, any steps, any times, in any order."""

from copy import deepcopy
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.issues.domain.errors.issues import ConflictOfInterest, NotTheirStep, TransitionRefused
from services.issues.domain.history import HistoryEntry
from services.issues.domain.issue import Issue
from services.issues.domain.refusals import STEPS, allowed_actions
from services.issues.domain.transitions import TRANSITIONS
from services.issues.domain.words.issues import Level, Outcome, State, Tier, Verb
from services.issues.tests.builders import NOW, PROPERTY, UNIT, a_category, an_assignment, an_issue
from services.issues.tests.cast import PEOPLE, PRINCIPALS
from services.issues.tests.model import Model, Try
from services.issues.tests.steps import take
from services.issues.tests.walk import Walker
from shared.principal import Principal

REFUSALS = (TransitionRefused, NotTheirStep, ConflictOfInterest)
DRAWN = st.builds(
    Try,
    verb=st.sampled_from([verb.value for verb in STEPS]),
    solved=st.sampled_from([True, False, None]),
    unit=st.sampled_from([PROPERTY, UNIT]),
    tier=st.sampled_from([tier.value for tier in Tier]),
    date=st.booleans(),
)
INPUTS = ((True, PROPERTY, "general", False), (False, UNIT, "complex", True), (None, PROPERTY, "danger", True))
ASIDE = {"contact", "urge", "bring-up", "change-category", "withdraw", "merge", "dismiss"}
"""Steps that lead nowhere, or out."""
PASSED = st.sampled_from([timedelta(0), timedelta(hours=1), timedelta(hours=5), timedelta(days=2), timedelta(days=6)])


def attempt(issue: Issue, it: Try, by: Principal, at: datetime) -> None:
    """The step with this input; where the input does not matter, with any."""
    verb = Verb(it.verb)
    if verb is Verb.ACCEPT:
        issue.accept(tier=Tier(it.tier), by=by, at=at)
    elif verb is Verb.CHANGE_CATEGORY:
        other = "noise" if issue.category != "noise" else "pets"
        issue.change_category(category=a_category(other), tier=Tier(it.tier), by=by, at=at)
    elif verb is Verb.ASSIGN:
        issue.assign(an_assignment(it.unit or PROPERTY, at + timedelta(days=3)), by=by, at=at)
    elif verb is Verb.RATE:
        issue.rate(solved=bool(it.solved), satisfaction=3, comment=None, by=by, at=at)
    elif verb is Verb.CALL_BACK:
        issue.call_back(reached=it.solved is not None, solved=it.solved, note=None, by=by, at=at)
    elif verb is Verb.REVIEW:
        issue.review(review_at=at + timedelta(days=30) if it.date else None, note=None, by=by, at=at)
    elif verb is Verb.EXTEND:
        issue.propose_extension(reason="等配件", until=at + timedelta(days=400), by=by, at=at)
    elif verb is Verb.DECLINE:
        issue.resolve(
            outcome=Outcome.EXPLAINED, public_reply="说明", level=Level.COMMUNITY, by=by, at=at, verb=Verb.DECLINE
        )
    else:
        take(verb, issue, by, at)


class Machine(RuleBasedStateMachine):
    """Everybody tries everything; what the model allows happens, what it does not is refused and changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.history: list[HistoryEntry] = []
        self.begin()

    @initialize(begun=st.booleans())
    def it_is_worked_on_already(self, begun: bool) -> None:
        """Half of the walks begin where the work does, so that they come further."""
        if begun:
            for verb, who in (("accept", "officer"), ("assign", "chair"), ("sign", "handler")):
                self.try_it(Try(verb, unit=PROPERTY), who)

    @rule(it=DRAWN, who=st.sampled_from(sorted(PEOPLE)), passed=PASSED)
    def anybody_tries_anything(self, it: Try, who: str, passed: timedelta) -> None:
        self.now += passed
        self.try_it(it, who)

    @rule(data=st.data(), passed=PASSED)
    def somebody_moves_it_on(self, data: st.DataObject, passed: timedelta) -> None:
        """Keeps the walk going into the depth: most random tries are refused, and some end it."""
        self.now += passed
        possible = self.possible()
        verbs = sorted({it.verb for it, _ in possible} - ASIDE) or sorted({it.verb for it, _ in possible})
        if not verbs:
            self.begin()
            return
        verb = data.draw(st.sampled_from(verbs))
        self.try_it(*data.draw(st.sampled_from([(it, name) for it, name in possible if it.verb == verb])))

    def begin(self) -> None:
        """A fresh issue: the first, and after one that is over for good."""
        self.issue = an_issue(at=self.now)
        self.model = Model(self.now)
        # What the clocks promise is another test's matter: here both are told the same.
        self.issue.promised_by = self.model.promised_by = self.now + timedelta(days=1)
        self.history = []

    def possible(self) -> list[tuple[Try, str]]:
        """All that the model allows now."""
        tries = [Try(verb.value, solved, unit, tier, date) for verb in STEPS for solved, unit, tier, date in INPUTS]
        return [(it, name) for name, person in PEOPLE.items() for it in tries if self.model.may(it, person, self.now)]

    def try_it(self, it: Try, who: str) -> None:
        it = Try(it.verb, bool(it.solved), it.unit, it.tier, it.date) if it.verb == "rate" else it
        before = deepcopy(self.issue)
        if self.model.may(it, PEOPLE[who], self.now):
            attempt(self.issue, it, PRINCIPALS[who], self.now)
            self.model.take(it, PEOPLE[who], self.now)
            (entry,) = self.issue.happened
            assert (entry.source, entry.by, entry.verb) == (before.state, PRINCIPALS[who].person, it.verb)
            assert (entry.target, entry.round, entry.at) == (self.issue.state, before.round, self.now)
            self.history.append(entry)
            self.issue.happened.clear()
            return
        with pytest.raises(REFUSALS):
            attempt(self.issue, it, PRINCIPALS[who], self.now)
        assert self.issue == before, "a refused step changes nothing"

    @invariant()
    def the_issue_stands_where_the_model_says(self) -> None:
        issue, model = self.issue, self.model
        assert (issue.state.value, issue.round) == (model.state, model.round)
        assert issue.solve_by == model.time_to_solve_ends(), "no pause is ever forgotten"
        assert (issue.outcome and issue.outcome.value) == model.outcome
        assert (issue.proposal and issue.proposal.kind.value) == (model.proposal and model.proposal[0])
        assert (issue.brought_up is not None) == model.brought_up
        assert (issue.closed_at is not None) == (issue.state is State.CLOSED)

    @invariant()
    def what_is_said_to_be_allowed_is_what_the_model_allows(self) -> None:
        for name, person in PEOPLE.items():
            for action in allowed_actions(self.issue, PRINCIPALS[name], self.now):
                tries = [Try(action.verb.value, solved, PROPERTY, date=solved) for solved in (True, False)]
                possible = any(self.model.may(it, person, self.now) for it in tries)
                assert (action.refused is None) == possible, (name, action, self.issue.state)

    @invariant()
    def the_history_leads_here_without_a_gap(self) -> None:
        state = State.REGISTERED
        for entry in self.history:
            assert entry.source is state
            state = entry.target
        assert state is self.issue.state
        assert len(self.history) == self.model.steps - 1

    @invariant()
    def everybody_who_works_on_it_sees_it(self) -> None:
        visible = {name for name, who in PRINCIPALS.items() if self.issue.visible_to(who)}
        assert "neighbour" not in visible
        assert ("subdistrict" in visible) == self.model.brought_up
        assert ("handler" in visible) == (self.model.unit == PROPERTY)
        assert {"reporter", "officer", "verifier", "platform"} <= visible


TestMachine = Machine.TestCase
TestMachine.settings = settings(
    max_examples=30, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_a_long_walk_takes_every_row_of_the_table() -> None:
    """Chance alone seldom comes everywhere. This walk is the same each time, and checks every row against the model."""
    walker, machine = Walker(20261125), Machine()
    seen: set[tuple[State | None, Verb, State]] = set()
    for _ in range(4000):
        machine.now += walker.chance.choice((timedelta(0), timedelta(hours=1), timedelta(days=1), timedelta(days=4)))
        possible = machine.possible()
        if not possible or machine.model.round > 3:
            machine.begin()
            continue
        machine.try_it(*walker.choose(machine.issue.state, possible))
        machine.the_issue_stands_where_the_model_says()
        entry = machine.history[-1]
        seen.add((entry.source, entry.verb, entry.target))
    rows = {(row.source, row.verb, row.target) for row in TRANSITIONS if row.source is not None}
    assert seen == rows, "every row, and nothing beside the table"
