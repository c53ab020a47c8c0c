"""Counting while things happen, in batches that are killed, is counting everything at the end."""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from services.issues.domain.job import Job
from services.issues.domain.rates.contribution import Cell, Contribution, Facts, contribution
from services.issues.domain.rates.reading import Step
from services.issues.domain.words.jobs import JobKind
from services.issues.domain.words.reports import Dimension
from services.issues.tests.histories import (
    BUILDINGS,
    PEOPLE,
    START,
    Killed,
    Matter,
    RandomWorld,
    matters,
    move,
    moves,
    naive_counts,
)
from services.issues.tests.memory.unit_of_work import MemoryUnitOfWork
from services.issues.use_cases.count_changes import CountChanges, count_changes
from services.issues.use_cases.rebuild_counts import RebuildCounts, Rebuilt, rebuild_counts
from shared.ids import new_id

COMPARED = {
    "registered",
    "kind.complaint",
    "kind.dispute",
    "proactive",
    "placed",
    "repeated",
    "open",
    "unanswered",
    "resolved",
    "returned",
    "on_the_spot",
    "asked",
    "asked_nobody",
    "answered",
    "said_solved",
    "deferrals",
    "deferred",
    "closed",
    "closed_solved",
    "quantity.light_repaired",
    "level.compound",
}


def run(work: Awaitable[Any]) -> Any:
    """Do it now."""

    async def waited() -> Any:
        return await work

    return asyncio.run(waited())


def counted(world: RandomWorld, limit: int, breaks_at: int | None = None) -> int:
    """One batch; what is killed leaves no trace."""
    uow, before = MemoryUnitOfWork(), world.remembered()
    uow.reports = world
    world.breaks_at = breaks_at
    try:
        done: int = run(count_changes(CountChanges(limit), uow))
    except Killed:
        world.__dict__.update(before)
        done = 0
    world.breaks_at = None
    return done


def a_rebuild() -> Job:
    """A rebuild that a worker holds."""
    job = Job(id=new_id(), kind=JobKind.REBUILD, asked_by=new_id(), asked_at=START, wanted={})
    job.claim(new_id(), START)
    return job


def rebuilt(world: RandomWorld, job: Job, limit: int) -> Rebuilt:
    """One step of a rebuild."""
    uow = MemoryUnitOfWork()
    uow.reports = world
    uow.jobs.kept[job.id] = job
    step: Rebuilt = run(rebuild_counts(RebuildCounts(job.id, job.lease or new_id(), limit), uow))
    return step


def rebuilt_to_the_end(world: RandomWorld, job: Job) -> int | None:
    """The rest of it; how many sums were different."""
    step = rebuilt(world, job, 2)
    while not step.over:
        step = rebuilt(world, job, 2)
    return step.differing


@given(
    st.lists(matters(), min_size=1, max_size=6, unique_by=lambda one: one.facts.issue_id),
    st.lists(
        st.one_of(moves(), st.tuples(st.integers(1, 3), st.sampled_from([None, 0, 1])), st.tuples(st.integers(1, 3))),
        max_size=40,
    ),
)
@settings(max_examples=150, deadline=None)
def test_counting_in_killed_batches_is_counting_at_the_end(begun: list[Matter], happened: list[Any]) -> None:
    world, rebuilding = RandomWorld(), a_rebuild()
    for one in happened:
        if len(one) == 1:
            rebuilt(world, rebuilding, one[0])
            continue
        if len(one) == 2:
            counted(world, one[0], one[1])
            continue
        matter = begun[one[0] % len(begun)]
        if matter.facts.issue_id in world.matters:
            move(matter, *one[1:])
        world.changed(matter)  # the first time it only comes in, perhaps after later ones
    while world.queue:
        counted(world, 2)
    assert not rebuilt_to_the_end(world, rebuilding), "what was counted is what is counted anew"
    kept = Counter({cell: n for cell, n in world.sums.get(world.generations.current, Counter()).items() if n})
    assert kept == anew(world)
    naive = naive_counts(world.matters)
    whole = {
        (cell.day, cell.measure): amount
        for cell, amount in kept.items()
        if cell.dimension == Dimension.ALL and cell.measure in COMPARED
    }
    assert whole == {key: amount for key, amount in naive.items() if amount}
    for dimension in Dimension:
        parts: Counter[tuple[Any, str]] = Counter()
        for cell, amount in kept.items():
            if cell.dimension == dimension:
                parts[cell.day, cell.measure] += amount
        assert {key: amount for key, amount in parts.items() if key[1] in COMPARED and amount} == whole, dimension


def anew(world: RandomWorld) -> Counter[Cell]:
    """Everything at once."""
    sums: Counter[Cell] = Counter()
    for facts, steps in run(world.read(list(world.matters))):
        adds = contribution(facts, steps)
        assert Contribution.unpacked(adds.packed()) == adds
        sums.update(adds.cells())
    return Counter({cell: amount for cell, amount in sums.items() if amount})


def a_matter(number: int, *, hours: int) -> Matter:
    """A matter about noise in the first building."""
    at = START + timedelta(hours=hours)
    facts = Facts(UUID(int=number), "complaint", "noise", "resident", BUILDINGS[0], PEOPLE[0], at, None)
    return Matter(facts, [Step("report", None, "registered", PEOPLE[0], at, 1)])


def test_a_matter_that_arrives_late_makes_a_later_one_a_repetition() -> None:
    world = RandomWorld()
    world.changed(a_matter(2, hours=5))
    counted(world, 10)
    assert world.watch[1] == {("unanswered", UUID(int=2))}
    world.changed(a_matter(1, hours=4))
    counted(world, 10)
    counted(world, 10)
    assert ("repeated", UUID(int=2)) in world.watch[1]
    assert +world.sums[1] == anew(world)
    world.changed(a_matter(3, hours=5 + 24 * 90))
    world.changed(a_matter(4, hours=6 + 24 * 180))
    counted(world, 10)
    assert ("repeated", UUID(int=3)) in world.watch[1]
    assert ("repeated", UUID(int=4)) not in world.watch[1]
