"""Patrols: who walks, where they were, what they found, and that nothing found is lost."""

from datetime import timedelta

import pytest

from services.issues.domain.errors.issues import PlaceMissing
from services.issues.domain.errors.master_data import UnknownGrid
from services.issues.domain.errors.moments import DateNotInFuture
from services.issues.domain.errors.patrols import (
    FindingRaisedAlready,
    NothingToWalk,
    NotOnPatrol,
    NotOnRoute,
    PatrolNotFound,
    PatrolStepRefused,
    StopsLeftOut,
)
from services.issues.domain.patrol import Patrol
from services.issues.domain.place import Place
from services.issues.domain.words.issues import IssueKind, Source, Tier
from services.issues.domain.words.patrols import FindingKind, PatrolKind, PatrolState
from services.issues.tests.builders import (
    BUILDING,
    GRID,
    GRID_WORKER,
    HANDLER,
    NEIGHBOUR,
    NOW,
    OFFICER,
    OTHER_GRID,
    RESIDENT,
)
from services.issues.tests.memory.unit_of_work import MemoryUnitOfWork
from services.issues.use_cases.begin_round import BeginRound, begin_round
from services.issues.use_cases.cancel_patrol import CancelPatrol, cancel_patrol
from services.issues.use_cases.finish_patrol import FinishPatrol, finish_patrol
from services.issues.use_cases.miss_patrol import MissPatrol, miss_patrol
from services.issues.use_cases.plan_patrol import MISSED, PatrolPlan, PlanPatrol, plan_patrol
from services.issues.use_cases.raise_finding import RaiseFinding, raise_finding
from services.issues.use_cases.record_finding import RecordFinding, record_finding
from services.issues.use_cases.start_patrol import StartPatrol, start_patrol
from services.issues.use_cases.visit_grid import VisitGrid, visit_grid
from shared.contracts.issues import PatrolFinished, PatrolMissed
from shared.ids import new_id

TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def uow() -> MemoryUnitOfWork:
    uow = MemoryUnitOfWork()
    uow.patrols.workers[OTHER_GRID] = OFFICER.person
    return uow


async def planned(uow: MemoryUnitOfWork) -> Patrol:
    people = (GRID_WORKER.person, RESIDENT.person)
    return await plan_patrol(
        PlanPatrol(PatrolPlan(PatrolKind.PATROL, TOMORROW, (GRID, OTHER_GRID), people, "消防通道"), OFFICER), uow
    )


async def under_way(uow: MemoryUnitOfWork) -> Patrol:
    patrol = await planned(uow)
    return await start_patrol(StartPatrol(patrol.id, GRID_WORKER), uow)


async def test_a_patrol_is_planned_walked_and_finished_with_its_figures(uow: MemoryUnitOfWork) -> None:
    patrol = await under_way(uow)
    await visit_grid(VisitGrid(patrol.id, GRID, RESIDENT), uow)
    await visit_grid(VisitGrid(patrol.id, OTHER_GRID, GRID_WORKER), uow)
    place = Place(BUILDING, "楼道")
    hazard = RecordFinding(
        patrol.id, FindingKind.HAZARD, "fire_safety", RESIDENT, place, "杂物堵住消防通道", Tier.DANGER, raised=True
    )
    found = await record_finding(hazard, uow)
    await record_finding(RecordFinding(patrol.id, FindingKind.TRIFLE, "environment", GRID_WORKER), uow)
    done = await finish_patrol(FinishPatrol(patrol.id, GRID_WORKER), uow)

    assert done.state is PatrolState.DONE
    (issue,) = uow.issues.kept.values()
    assert (issue.id, issue.source, issue.kind, issue.severity) == (
        found.issue_id,
        Source.PATROL,
        IssueKind.HAZARD,
        Tier.DANGER,
    )
    assert [type(message).__name__ for message in uow.published] == [
        "PatrolPlanned",
        "IssueRegistered",
        "PatrolFindingRecorded",
        "PatrolFindingRecorded",
        "PatrolFinished",
    ]
    assert uow.published[-1] == PatrolFinished(
        patrol_id=patrol.id,
        kind="patrol",
        participant_ids=patrol.participants,
        grids_visited=2,
        grids_planned=2,
        hazards=1,
        problems=0,
        trifles=1,
        raised=1,
    )


async def test_a_grid_worker_sets_out_with_one_tap_on_the_own_grids(uow: MemoryUnitOfWork) -> None:
    patrol = await begin_round(BeginRound(GRID_WORKER), uow)
    assert (patrol.kind, patrol.state, patrol.route) == (PatrolKind.ROUND, PatrolState.WALKING, (GRID,))
    with pytest.raises(NothingToWalk):
        await begin_round(BeginRound(NEIGHBOUR), uow)
    with pytest.raises(UnknownGrid) as refused:
        await begin_round(BeginRound(GRID_WORKER, (GRID, new_id())), uow)
    assert list(refused.value.fields) == ["grids[1]"]


async def test_who_leaves_out_part_of_the_route_says_why(uow: MemoryUnitOfWork) -> None:
    patrol = await under_way(uow)
    await visit_grid(VisitGrid(patrol.id, GRID, GRID_WORKER), uow)
    with pytest.raises(StopsLeftOut):
        await finish_patrol(FinishPatrol(patrol.id, GRID_WORKER), uow)
    done = await finish_patrol(FinishPatrol(patrol.id, GRID_WORKER, note="突降暴雨"), uow)
    assert (done.note, len(done.visited)) == ("突降暴雨", 1)


async def test_the_first_arrival_counts(uow: MemoryUnitOfWork) -> None:
    patrol = await under_way(uow)
    await visit_grid(VisitGrid(patrol.id, GRID, GRID_WORKER), uow)
    uow.clock.advance(timedelta(minutes=10))
    again = await visit_grid(VisitGrid(patrol.id, GRID, RESIDENT), uow)
    assert again.visited == {GRID: NOW}
    with pytest.raises(NotOnRoute):
        await visit_grid(VisitGrid(patrol.id, new_id(), GRID_WORKER), uow)


async def test_only_those_who_take_part_walk_and_write(uow: MemoryUnitOfWork) -> None:
    patrol = await planned(uow)
    with pytest.raises(NotOnPatrol):
        await start_patrol(StartPatrol(patrol.id, OFFICER), uow)
    with pytest.raises(PatrolNotFound):
        await start_patrol(StartPatrol(patrol.id, HANDLER), uow)
    with pytest.raises(PatrolStepRefused):
        await record_finding(RecordFinding(patrol.id, FindingKind.TRIFLE, "environment", GRID_WORKER), uow)
    with pytest.raises(NotOnPatrol):
        await cancel_patrol(CancelPatrol(patrol.id, "下雨", RESIDENT), uow)


async def test_a_finding_becomes_one_issue_not_two(uow: MemoryUnitOfWork) -> None:
    patrol = await under_way(uow)
    problem = RecordFinding(patrol.id, FindingKind.PROBLEM, "street_light", RESIDENT, Place(None, "北门"), "灯不亮")
    found = await record_finding(problem, uow)
    assert found.issue_id is None
    raised = await raise_finding(RaiseFinding(patrol.id, found.id, OFFICER), uow)
    issue = uow.issues.kept[raised.issue_id]  # type: ignore[index]
    assert (issue.reported_by, issue.filing.filed_by) == (RESIDENT.person, OFFICER.person), (
        "whoever found it follows it"
    )
    with pytest.raises(FindingRaisedAlready):
        await raise_finding(RaiseFinding(patrol.id, found.id, OFFICER), uow)
    trifle = await record_finding(RecordFinding(patrol.id, FindingKind.TRIFLE, "environment", RESIDENT), uow)
    with pytest.raises(PatrolStepRefused):
        await raise_finding(RaiseFinding(patrol.id, trifle.id, OFFICER), uow)
    with pytest.raises(PlaceMissing):
        Place(None, "")


async def test_a_patrol_that_nobody_started_is_missed_after_its_day(uow: MemoryUnitOfWork) -> None:
    patrol = await planned(uow)
    due = await uow.timers.due_at(MISSED, patrol.id)
    assert due is not None
    assert due.isoformat() == "2026-11-26T16:00:00+00:00"  # midnight in China
    await miss_patrol(MissPatrol(patrol.id), uow)
    assert uow.patrols.kept[patrol.id].state is PatrolState.PLANNED
    uow.clock.at = due
    await miss_patrol(MissPatrol(patrol.id), uow)
    await miss_patrol(MissPatrol(patrol.id), uow)
    assert [message for message in uow.published if isinstance(message, PatrolMissed)] == [
        PatrolMissed(
            patrol_id=patrol.id,
            kind="patrol",
            starts_at=TOMORROW,
            participant_ids=patrol.participants,
            planned_by=OFFICER.person,
        )
    ]


async def test_a_started_or_cancelled_patrol_is_never_missed(uow: MemoryUnitOfWork) -> None:
    started = await under_way(uow)
    cancelled = await planned(uow)
    await cancel_patrol(CancelPatrol(cancelled.id, "下雨", OFFICER), uow)
    assert [await uow.timers.due_at(MISSED, one.id) for one in (started, cancelled)] == [None, None]


async def test_a_plan_lies_ahead_and_knows_its_grids_and_people(uow: MemoryUnitOfWork) -> None:
    with pytest.raises(DateNotInFuture):
        await plan_patrol(PlanPatrol(PatrolPlan(PatrolKind.PATROL, NOW, (GRID,), (OFFICER.person,)), OFFICER), uow)
    with pytest.raises(UnknownGrid):
        await plan_patrol(
            PlanPatrol(PatrolPlan(PatrolKind.PATROL, TOMORROW, (new_id(),), (OFFICER.person,)), OFFICER), uow
        )
