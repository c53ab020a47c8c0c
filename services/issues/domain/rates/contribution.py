"""What one issue adds to the counts: a pure function of its facts and its history.

The counts of a community are nothing but the sum of its issues' contributions. When an issue changes, the difference between its new
and its former contribution is added, so counting while things happen and counting everything anew give the same numbers.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from services.issues.domain.rates.deadlines import NO_CLOCKS, Deadlines, KeptDeadlines, deadlines_of
from services.issues.domain.rates.measures import KIND, LEVEL, OUTCOME, PENDING, QUANTITY, Measure, of_family
from services.issues.domain.rates.periods import local_day
from services.issues.domain.rates.reading import ENDED, Round, Says, Step, Story, read
from services.issues.domain.words.issues import Outcome, State, Tier
from services.issues.domain.words.reports import Dimension, Watch

PROACTIVE = frozenset({"grid_worker", "patrol", "visit", "meeting"})
"""Sources by which a matter was found, not complained about (未诉先办)."""
SATISFIED = 4
"""From here on a rating of 1 to 5 counts as satisfied."""
ADDS_UP = frozenset({Outcome.SOLVED.value, Outcome.PARTLY_SOLVED.value})
"""Outcomes whose quantity counts."""
NOBODY = ""
"""The key of what has no place, organisation or handler: the parts of a breakdown always add up to the whole."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What counting must know of an issue beside its history."""

    issue_id: UUID
    kind: str
    category: str
    source: str
    building_id: UUID | None
    reported_by: UUID | None
    registered_at: datetime
    tier: Tier | None
    outcome: str | None = None
    quantity_kind: str | None = None
    quantity: int | None = None
    review_at: datetime | None = None
    repeats: bool = False
    """Another matter of the same building and category was registered within 90 days before."""
    deadlines: KeptDeadlines = NO_CLOCKS


class Count(NamedTuple):
    """One number of a contribution."""

    day: date
    measure: str
    amount: int
    organisation: str
    handler: str


class Watched(NamedTuple):
    """A list on which the issue stands for now: since when, and until when somebody has to act."""

    watch: str
    since: datetime
    due_at: datetime | None


class Cell(NamedTuple):
    """Where a number stands among the counts of a community."""

    dimension: str
    key: str
    day: date
    measure: str


@dataclass(frozen=True, slots=True)
class Contribution:
    """Everything that one issue adds."""

    place: str
    category: str
    counts: tuple[Count, ...]
    watched: tuple[Watched, ...] = ()

    def cells(self) -> Counter[Cell]:
        """The numbers, spread over the dimensions."""
        found: Counter[Cell] = Counter()
        for day, measure, amount, organisation, handler in self.counts:
            found[Cell(Dimension.ALL.value, NOBODY, day, measure)] += amount
            found[Cell(Dimension.PLACE.value, self.place, day, measure)] += amount
            found[Cell(Dimension.CATEGORY.value, self.category, day, measure)] += amount
            found[Cell(Dimension.ORGANISATION.value, organisation, day, measure)] += amount
            found[Cell(Dimension.HANDLER.value, handler, day, measure)] += amount
        return found

    def packed(self) -> dict[str, Any]:
        """As plain values, to be kept with the issue."""
        return {
            "place": self.place,
            "category": self.category,
            "counts": [[str(one.day), one.measure, one.amount, one.organisation, one.handler] for one in self.counts],
            "watched": [
                [one.watch, one.since.isoformat(), one.due_at.isoformat() if one.due_at else None]
                for one in self.watched
            ],
        }

    @classmethod
    def unpacked(cls, packed: Mapping[str, Any]) -> "Contribution":
        """Back from plain values."""
        counts = tuple(Count(date.fromisoformat(day), *rest) for day, *rest in packed["counts"])
        watched = tuple(
            Watched(watch, datetime.fromisoformat(since), datetime.fromisoformat(due_at) if due_at else None)
            for watch, since, due_at in packed["watched"]
        )
        return cls(packed["place"], packed["category"], counts, watched)


NOTHING = Contribution(NOBODY, NOBODY, ())
"""What an issue adds before it is counted."""


def difference(new: Contribution, former: Contribution) -> Counter[Cell]:
    """What must be added to the counts when an issue has changed; some of it is negative."""
    cells = new.cells()
    cells.subtract(former.cells())
    return Counter({cell: amount for cell, amount in cells.items() if amount})


def contribution(facts: Facts, steps: Sequence[Step]) -> Contribution:
    """What an issue adds to the counts."""
    story = read(steps, facts.registered_at)
    deadlines = deadlines_of(story, tier=facts.tier, registered_at=facts.registered_at, kept=facts.deadlines)
    counts = [
        *_of_registration(facts, story),
        *_of_contact(facts, story, deadlines),
        *_of_rounds(facts, story, deadlines),
        *_of_ending(facts, story),
    ]
    watched = tuple(_watched(facts, story, deadlines))
    return Contribution(str(facts.building_id or NOBODY), facts.category, tuple(counts), watched)


def _watched(facts: Facts, story: Story, deadlines: Deadlines) -> Iterator[Watched]:
    if story.state not in ENDED and story.first_answer_at is None:
        yield Watched(Watch.UNANSWERED.value, facts.registered_at, deadlines.contact_by)
    if story.state == State.DEFERRED:
        yield Watched(Watch.DEFERRED.value, story.deferrals[-1], facts.review_at)
    if facts.repeats and story.ended_by != Says.MERGE:
        yield Watched(Watch.REPEATED.value, facts.registered_at, None)


def _count(story: Story, at: datetime, measure: str, *, amount: int = 1, of: Round | None = None) -> Count:
    of = of or story.last
    return Count(local_day(at), str(measure), amount, of.organisation, of.handler)


def _of_registration(facts: Facts, story: Story) -> Iterator[Count]:
    at, still_open = facts.registered_at, story.state not in ENDED
    yield _count(story, at, Measure.REGISTERED)
    yield _count(story, at, of_family(KIND, facts.kind))
    if facts.source in PROACTIVE:
        yield _count(story, at, Measure.PROACTIVE)
    if facts.building_id is not None:
        yield _count(story, at, Measure.PLACED)
        if facts.repeats and story.ended_by != Says.MERGE:
            yield _count(story, at, Measure.REPEATED)
    if still_open:
        yield _count(story, at, Measure.OPEN)
        if story.first_answer_at is None:
            yield _count(story, at, Measure.UNANSWERED)


def _of_contact(facts: Facts, story: Story, deadlines: Deadlines) -> Iterator[Count]:
    """Counted on the day T2 ends, or on that of the acceptance if that comes later."""
    if story.accepted_at is None or deadlines.contact_by is None:
        return
    at = max(story.accepted_at, deadlines.contact_by)
    if facts.reported_by is None:
        yield _count(story, at, Measure.CONTACT_NOBODY)
        return
    yield _count(story, at, Measure.CONTACT_DUE)
    if story.first_answer_at is not None and story.first_answer_at <= deadlines.contact_by:
        yield _count(story, at, Measure.CONTACTED)


def _of_rounds(facts: Facts, story: Story, deadlines: Deadlines) -> Iterator[Count]:
    for round_, due_at in zip(story.rounds, deadlines.solve_by, strict=True):
        if due_at is not None and not _stands_still(story, round_, due_at):
            left_out = _left_out_of_due(story, round_, due_at)
            yield _count(story, due_at, left_out or Measure.DUE, of=round_)
            if left_out is None and round_.resolved_at is not None and round_.resolved_at <= due_at:
                yield _count(story, due_at, Measure.IN_TIME, of=round_)
        if round_.resolved_at is not None:
            yield from _of_resolution(facts, story, round_, round_.resolved_at)
    for at in story.deferrals:
        yield _count(story, at, Measure.DEFERRALS)


def _stands_still(story: Story, round_: Round, due_at: datetime) -> bool:
    """Whether the round waits for its reporter: nobody knows yet when it will be due."""
    return story.state == State.WAITING and round_.still_since is not None and round_.still_since <= due_at


def _left_out_of_due(story: Story, round_: Round, due_at: datetime) -> Measure | None:
    """Why a round is not asked whether it was in time; None if it is."""
    if round_ is not story.last or round_.resolved_at is not None:
        return None
    if story.state == State.DEFERRED and round_.still_since is not None and round_.still_since <= due_at:
        return Measure.DUE_DEFERRED
    ended_at = story.closed_at or story.dismissed_at
    if ended_at is None or min(ended_at, round_.still_since or ended_at) > due_at:
        return None
    if story.dismissed_at is not None:
        return Measure.DUE_DISMISSED
    return Measure.DUE_MERGED if story.ended_by == Says.MERGE else Measure.DUE_WITHDRAWN


def _of_resolution(facts: Facts, story: Story, round_: Round, at: datetime) -> Iterator[Count]:
    def one(measure: str) -> Count:
        return _count(story, at, measure, of=round_)

    yield one(Measure.RESOLVED)
    if round_.outcome is not None:
        yield one(of_family(OUTCOME, round_.outcome))
    if round_.on_the_spot:
        yield one(Measure.ON_THE_SPOT)
    if round_.reopened_at is not None:
        yield one(Measure.RETURNED)
    yield one(Measure.ASKED if facts.reported_by is not None else Measure.ASKED_NOBODY)
    if round_.answered and facts.reported_by is not None:
        yield one(Measure.ANSWERED)
        if round_.said_solved:
            yield one(Measure.SAID_SOLVED)
        if round_.satisfaction is not None:
            yield one(Measure.RATED)
            if round_.satisfaction >= SATISFIED:
                yield one(Measure.SAID_SATISFIED)
    if round_.number == 1:
        closed = round_ is story.last and story.closed_at is not None and facts.outcome != Outcome.UNCONFIRMED
        if closed or round_.reopened_at is not None:
            yield one(Measure.FIRST_RESOLVED)
            if closed:
                yield one(Measure.FIRST_FOR_GOOD)
        else:
            yield one(Measure.FIRST_UNSETTLED)
    if facts.quantity_kind and facts.quantity and story.state == State.RESOLVED and round_ is story.last:
        yield _count(story, at, of_family(PENDING, facts.quantity_kind), amount=facts.quantity, of=round_)


def _of_ending(facts: Facts, story: Story) -> Iterator[Count]:
    last = story.last
    if story.dismissed_at is not None:
        yield _count(story, story.dismissed_at, Measure.DISMISSED)
    if story.state == State.DEFERRED:
        yield _count(story, story.deferrals[-1], Measure.DEFERRED)
    if story.closed_at is None:
        return
    yield _count(story, story.closed_at, Measure.CLOSED)
    if last.resolved_at is None or facts.outcome not in ADDS_UP:
        return
    if facts.outcome == Outcome.SOLVED:
        yield _count(story, story.closed_at, Measure.CLOSED_SOLVED)
        if last.level is not None:
            yield _count(story, story.closed_at, Measure.CLOSED_WITH_LEVEL)
            yield _count(story, story.closed_at, of_family(LEVEL, last.level))
    if facts.quantity_kind and facts.quantity:
        yield _count(story, story.closed_at, of_family(QUANTITY, facts.quantity_kind), amount=facts.quantity)
