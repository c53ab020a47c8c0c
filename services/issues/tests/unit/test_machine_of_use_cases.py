"""The same model against the use cases: what is stored, what is published, and that a refusal leaves no trace."""

from collections.abc import Awaitable, Generator
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from services.issues.domain.meeting import Meeting
from services.issues.domain.transitions import TRANSITIONS
from services.issues.domain.words.issues import State, Tier
from services.issues.domain.words.meetings import MeetingKind
from services.issues.tests.builders import NOW, OFFICER, PROPERTY, UNIT, an_issue
from services.issues.tests.cast import PEOPLE, PRINCIPALS
from services.issues.tests.commands import BY_TIME, STEPS
from services.issues.tests.memory.unit_of_work import MemoryUnitOfWork
from services.issues.tests.model import Model, Try
from services.issues.tests.walk import Walker
from shared.contracts.issues import FollowedIssueMoved
from shared.errors import AppError, Kind
from shared.ids import new_id

LONG = timedelta(days=60)
"""Beyond every limit, on whatever calendar."""
ASIDE = {"contact", "bring-up", "change-category", "withdraw", "merge", "dismiss"}


class Believed(Model):
    """The model, which takes the moments of the working calendar from the issue: another test is about those."""

    ends: datetime | None = None

    def time_to_solve_ends(self) -> datetime | None:
        """T3 as it is stored."""
        return self.ends


class MachineOfUseCases(RuleBasedStateMachine):
    """Everybody calls everything."""

    def __init__(self) -> None:
        super().__init__()
        self.uow = MemoryUnitOfWork()
        self.model = Believed(NOW)
        self.issue_id = self.kept()
        self.target_id = self.kept()
        run(self.uow.followers.join(self.issue_id, PRINCIPALS["neighbour"].person, NOW))

    def kept(self) -> Any:
        issue = an_issue()
        issue.number = self.uow.issues.next_number()
        run(self.uow.issues.add(issue))
        return issue.id

    @initialize(begun=st.booleans())
    def it_is_worked_on_already(self, begun: bool) -> None:
        if begun:
            for verb, who in (("accept", "officer"), ("assign", "chair"), ("sign", "handler")):
                self.call(Try(verb, unit=PROPERTY), who)

    @rule(
        verb=st.sampled_from(sorted(STEPS)),
        who=st.sampled_from(sorted(PEOPLE)),
        solved=st.sampled_from([True, False, None]),
        tier=st.sampled_from([tier.value for tier in Tier]),
        date=st.booleans(),
    )
    def anybody_calls_anything(self, verb: str, who: str, solved: bool | None, tier: str, date: bool) -> None:
        self.call(Try(verb, solved, UNIT, tier, date), who)

    @rule(data=st.data(), long=st.sampled_from([False, False, False, True]))
    def somebody_moves_it_on(self, data: st.DataObject, long: bool) -> None:
        if long:
            self.uow.clock.advance(LONG)
        possible = self.possible()
        verbs = sorted({it.verb for it, _ in possible} - ASIDE)
        if verbs:
            verb = data.draw(st.sampled_from(verbs))
            self.call(*data.draw(st.sampled_from([(it, name) for it, name in possible if it.verb == verb])))

    def possible(self) -> list[tuple[Try, str]]:
        """All that the model allows now."""
        self.believe()
        tries = [
            Try(verb, solved, PROPERTY, "general", bool(solved)) for verb in STEPS for solved in (True, False, None)
        ]
        return [(it, name) for name in PEOPLE for it in tries if self.may(it, name)]

    def call(self, it: Try, who: str) -> None:
        it = Try(it.verb, bool(it.solved), it.unit, it.tier, it.date) if it.verb == "rate" else it
        self.believe()
        if it.verb == "place-on-agenda":
            self.convene()
        allowed = self.may(it, who)
        stored, told = self.uow.issues.kept[self.issue_id], len(self.uow.published)
        version, length = stored.version, len(self.uow.issues.history[self.issue_id])
        work = STEPS[it.verb](self.issue_id, it, PRINCIPALS[who], self.uow)
        if allowed:
            run(work)
            self.model.take(it, PEOPLE[who], self.uow.now())
            self.check_what_was_stored(version, length)
            self.check_what_was_told(told, who)
            return
        if it.verb in BY_TIME:
            run(work)
        else:
            with pytest.raises(AppError) as refused:
                run(work)
            assert refused.value.kind in (Kind.NOT_FOUND, Kind.FORBIDDEN, Kind.CONFLICT)
        assert self.uow.issues.kept[self.issue_id] == stored
        assert len(self.uow.issues.history[self.issue_id]) == length
        assert len(self.uow.published) == told, "nothing is told of what did not happen"

    def check_what_was_stored(self, version: int, length: int) -> None:
        issue, model = self.uow.issues.kept[self.issue_id], self.model
        assert (issue.state.value, issue.round) == (model.state, model.round)
        assert (issue.outcome and issue.outcome.value) == model.outcome
        assert (issue.proposal and issue.proposal.kind.value) == (model.proposal and model.proposal[0])
        assert (issue.version, len(self.uow.issues.history[self.issue_id])) == (version + 1, length + 1)

    def check_what_was_told(self, told: int, who: str) -> None:
        """Each step publishes; the follower hears where it came to, and never that an unsolved matter is solved."""
        new = self.uow.published[told:]
        assert new
        assert all(getattr(message, "issue_id", None) == self.issue_id for message in new), who
        for message in new:
            if isinstance(message, FollowedIssueMoved):
                assert message.follower_ids == (PRINCIPALS["neighbour"].person,)
                assert (message.state, message.outcome) == (self.model.state, self.model.outcome)

    def may(self, it: Try, who: str) -> bool:
        """The platform does what time does, whoever asks."""
        return self.model.may(it, PEOPLE["platform" if it.verb in BY_TIME else who], self.uow.now())

    def believe(self) -> None:
        issue = self.uow.issues.kept[self.issue_id]
        self.model.ends, self.model.sign_until = issue.solve_by, issue.sign_by

    def convene(self) -> None:
        """A meeting that lies ahead, before all others."""
        meeting = Meeting.convene(
            meeting_id=new_id(),
            kind=MeetingKind.ROUNDTABLE,
            starts_at=self.uow.now() + timedelta(days=1),
            place="会议室",
            participants=(),
            by=OFFICER,
            at=self.uow.now(),
        )
        self.uow.meetings.kept = {meeting.id: meeting, **self.uow.meetings.kept}

    def teardown(self) -> None:
        """The history of the store leads to where the issue stands."""
        state: State | None = State.REGISTERED
        entries = self.uow.issues.history[self.issue_id]
        for entry in entries:
            assert entry.source is state
            state = entry.target
        assert state is self.uow.issues.kept[self.issue_id].state


def run(work: Awaitable[Any]) -> Any:
    """Let a use case run to its end; in memory none of them ever waits."""
    steps = cast(Generator[Any, None, Any], work.__await__())
    try:
        next(steps)
    except StopIteration as ended:
        return ended.value
    raise AssertionError("something waited")


TestMachineOfUseCases = MachineOfUseCases.TestCase
TestMachineOfUseCases.settings = settings(
    max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_a_long_walk_through_the_use_cases_takes_every_row_of_the_table() -> None:
    """Always the same; checks what is stored and told at each row against the model."""
    walker, machine = Walker(533), MachineOfUseCases()
    seen: set[tuple[State | None, str, State]] = set()
    for _ in range(4000):
        if walker.chance.random() < 0.1:
            machine.uow.clock.advance(LONG)
        possible = machine.possible()
        if not possible or machine.model.round > 3:
            machine.teardown()
            machine = MachineOfUseCases()
            continue
        machine.call(*walker.choose(machine.uow.issues.kept[machine.issue_id].state, possible))
        entry = machine.uow.issues.history[machine.issue_id][-1]
        seen.add((entry.source, entry.verb.value, entry.target))
    rows = {(row.source, row.verb.value, row.target) for row in TRANSITIONS if row.verb.value in STEPS and row.source}
    assert seen == rows
