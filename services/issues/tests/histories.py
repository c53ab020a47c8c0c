"""Random histories along the transition table, a store of counts over them, and a naive count to compare with.

The naive count knows nothing of rounds, stories or contributions: it goes through the steps of each issue with plain loops.
"""

from collections import Counter
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st

from services.issues.domain.rates.contribution import Facts
from services.issues.domain.rates.reading import Step
from services.issues.domain.transitions import TRANSITIONS
from services.issues.domain.words.issues import Outcome, State, Tier, Verb
from services.issues.ports.reports import Placed
from services.issues.tests.memory.issues import MemoryIssues
from services.issues.tests.memory.reports import MemoryReports
from shared.clock import CHINA

START = datetime(2026, 10, 28, 15, 30, tzinfo=UTC)
"""Half an hour before midnight in China, near the end of a month."""
PEOPLE = [UUID(int=number) for number in range(1, 4)]
UNITS = [str(UUID(int=number)) for number in range(11, 13)]
BUILDINGS = [UUID(int=number) for number in range(21, 23)]
WAYS = [row for row in TRANSITIONS if row.source is not None]


@dataclass
class Matter:
    """An issue of the random world."""

    facts: Facts
    steps: list[Step]


@st.composite
def matters(draw: st.DrawFn) -> Matter:
    """An issue as it is when it comes in."""
    hours = draw(st.integers(0, 24 * 120))
    facts = Facts(
        issue_id=UUID(int=draw(st.integers(1000, 10**9))),
        kind=draw(st.sampled_from(["complaint", "dispute"])),
        category=draw(st.sampled_from(["noise", "street_light"])),
        source=draw(st.sampled_from(["resident", "patrol", "import"])),
        building_id=draw(st.sampled_from([None, *BUILDINGS])),
        reported_by=draw(st.sampled_from([None, PEOPLE[0]])),
        registered_at=START + timedelta(hours=hours),
        tier=None,
    )
    return Matter(facts, [Step("report", None, "registered", PEOPLE[0], facts.registered_at, 1)])


@st.composite
def moves(draw: st.DrawFn) -> tuple[int, int, timedelta, tuple[int, str, UUID]]:
    """What decides the next step of some issue: which, which row, after how long, and what it says."""
    return (
        draw(st.integers(0, 5)),
        draw(st.integers(0, 30)),
        timedelta(minutes=draw(st.integers(1, 60 * 24 * 6))),
        (draw(st.integers(1, 5)), draw(st.sampled_from(UNITS)), draw(st.sampled_from(PEOPLE))),
    )


def move(matter: Matter, way: int, wait: timedelta, said: tuple[int, str, UUID]) -> None:
    """Take one of the steps that the table allows from here; none from where no way leads on."""
    satisfaction, unit, by = said
    last = matter.steps[-1]
    rows = [row for row in WAYS if row.source == last.target]
    if not rows:
        return
    row = rows[way % len(rows)]
    reopened = row.source in (State.RESOLVED, State.CLOSED) and row.target not in (State.RESOLVED, State.CLOSED)
    details: dict[str, object] = {}
    if row.verb in (Verb.RATE, Verb.CALL_BACK) and not (row.verb is Verb.CALL_BACK and row.target is State.RESOLVED):
        details["solved"] = not reopened
    if row.verb is Verb.RATE:
        details["satisfaction"] = satisfaction
    if row.verb is Verb.ASSIGN:
        details["organisation"] = unit
    facts = matter.facts
    if row.target is State.RESOLVED and row.source is not State.RESOLVED:
        outcome = {1: Outcome.EXPLAINED, 2: Outcome.PARTLY_SOLVED}.get(satisfaction, Outcome.SOLVED)
        details |= {"outcome": outcome.value, "level": "compound"}
        facts = replace(facts, outcome=outcome.value, quantity_kind="light_repaired", quantity=satisfaction)
    if row.verb is Verb.CLOSE:
        facts = replace(facts, outcome=Outcome.UNCONFIRMED.value)
    if reopened:
        facts = replace(facts, outcome=None, quantity_kind=None, quantity=None)
    if row.target is State.ACCEPTED and facts.tier is None:
        facts = replace(facts, tier=Tier.GENERAL)
    source = row.source.value if row.source else None
    matter.steps.append(Step(row.verb.value, source, row.target.value, by, last.at + wait, last_round(matter), details))
    matter.facts = facts


def last_round(matter: Matter) -> int:
    """The round in which the next step is taken."""
    return 1 + sum(1 for step in matter.steps if _reopens(step))


class RandomWorld(MemoryReports):
    """A store of counts over random issues. What is broken off can be taken back, as a transaction is."""

    def __init__(self) -> None:
        super().__init__(MemoryIssues())
        self.matters: dict[UUID, Matter] = {}
        self.breaks_at: int | None = None

    def changed(self, matter: Matter) -> None:
        """Keep an issue and have it counted."""
        self.matters[matter.facts.issue_id] = deepcopy(matter)
        self.queue.append(matter.facts.issue_id)

    async def read(self, issue_ids: Sequence[UUID]) -> Sequence[tuple[Facts, Sequence[Step]]]:
        """Facts and steps."""
        self._break(0)
        return [
            (replace(one.facts, repeats=repeats(one.facts, self.matters)), list(one.steps))
            for one in (self.matters[issue_id] for issue_id in sorted(issue_ids))
        ]

    async def count_repetitions_of(self, placed: Sequence[Placed]) -> None:
        """The later ones of the same place."""
        self._break(1)
        for place in placed:
            for one in self.matters.values():
                facts, day90 = one.facts, place.registered_at + timedelta(days=90)
                if (facts.building_id, facts.category) == (place.building_id, place.category) and (
                    (place.registered_at, place.issue_id) < (facts.registered_at, facts.issue_id)
                    and facts.registered_at <= day90
                ):
                    self.queue.append(facts.issue_id)

    async def next_issues(self, after: UUID | None, limit: int) -> Sequence[UUID]:
        """In the order of ids."""
        return sorted(one for one in self.matters if after is None or one > after)[:limit]

    def remembered(self) -> dict[str, object]:
        """What a transaction would take back."""
        return {name: deepcopy(value) for name, value in self.__dict__.items() if name not in ("matters", "_issues")}

    def _break(self, point: int) -> None:
        if self.breaks_at == point:
            raise Killed


class Killed(Exception):
    """The process died in the middle."""


def repeats(facts: Facts, world: dict[UUID, Matter]) -> bool:
    """Whether another one of the same building and category came within 90 days before."""
    return facts.building_id is not None and any(
        (other.facts.building_id, other.facts.category) == (facts.building_id, facts.category)
        and (other.facts.registered_at, other.facts.issue_id) < (facts.registered_at, facts.issue_id)
        and other.facts.registered_at >= facts.registered_at - timedelta(days=90)
        for other in world.values()
    )


@dataclass
class Naive:
    """Counts of the whole world, by plain loops."""

    counts: Counter[tuple[date, str]] = field(default_factory=Counter)

    def one(self, at: datetime, measure: str, amount: int = 1) -> None:
        """Count."""
        self.counts[at.astimezone(CHINA).date(), measure] += amount


def naive_counts(world: dict[UUID, Matter]) -> Counter[tuple[date, str]]:
    """What there is to count of the measures whose meaning can be said in one line of steps."""
    naive = Naive()
    for matter in world.values():
        facts, steps = matter.facts, matter.steps
        state = steps[-1].target
        naive.one(facts.registered_at, "registered")
        naive.one(facts.registered_at, f"kind.{facts.kind}")
        if facts.source == "patrol":
            naive.one(facts.registered_at, "proactive")
        if facts.building_id:
            naive.one(facts.registered_at, "placed")
        ending = next((step for step in reversed(steps) if step.target != step.source), steps[-1])
        if repeats(facts, world) and (ending.verb, ending.target) != ("merge", "closed"):
            naive.one(facts.registered_at, "repeated")
        if state not in ("closed", "dismissed"):
            naive.one(facts.registered_at, "open")
            if not any(_tells(step) for step in steps):
                naive.one(facts.registered_at, "unanswered")
        for index, step in enumerate(steps):
            if step.target == "resolved" and step.source != "resolved":
                _count_resolution(naive, facts, step, steps[index + 1 :])
            if step.target == "deferred" and step.source != "deferred":
                naive.one(step.at, "deferrals")
                if state == "deferred" and not any(
                    later.target == "deferred" and later.source != "deferred" for later in steps[index + 1 :]
                ):
                    naive.one(step.at, "deferred")
        if state == "closed":
            _count_closing(naive, facts, steps)
    return naive.counts


def _count_closing(naive: Naive, facts: Facts, steps: Sequence[Step]) -> None:
    closing = [step for step in steps if step.target == "closed" and step.source != "closed"][-1]
    naive.one(closing.at, "closed")
    if facts.outcome in ("solved", "partly_solved"):
        naive.one(closing.at, "quantity.light_repaired", facts.quantity or 0)
    if facts.outcome == "solved":
        naive.one(closing.at, "level.compound")
        naive.one(closing.at, "closed_solved")


def _count_resolution(naive: Naive, facts: Facts, step: Step, later: Sequence[Step]) -> None:
    naive.one(step.at, "resolved")
    reopened = [index for index, one in enumerate(later) if _reopens(one)]
    of_round = later[: reopened[0] + 1] if reopened else later
    answers = [one.details for one in of_round if isinstance(one.details.get("solved"), bool)]
    if reopened:
        naive.one(step.at, "returned")
    if step.source in ("registered", "accepted", "on_agenda"):
        naive.one(step.at, "on_the_spot")
    if facts.reported_by is None:
        naive.one(step.at, "asked_nobody")
        return
    naive.one(step.at, "asked")
    if answers:
        naive.one(step.at, "answered")
        if answers[-1]["solved"]:
            naive.one(step.at, "said_solved")


def _reopens(step: Step) -> bool:
    return step.source in ("resolved", "closed") and step.target not in ("resolved", "closed", "dismissed")


def _tells(step: Step) -> bool:
    return step.verb in ("contact", "ask", "call-back", "merge") or step.target in ("resolved", "dismissed")
