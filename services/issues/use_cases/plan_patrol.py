"""Plan a patrol: who walks which grids, when and what for; often decided at a meeting."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.issues.domain.errors.master_data import UnknownGrid
from services.issues.domain.patrol import Patrol
from services.issues.domain.words.patrols import PatrolKind
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import PatrolPlanned
from shared.ids import new_id
from shared.principal import Principal
from shared.transaction import one_transaction

MISSED = "patrol-missed"
"""Kind of the timer that looks after the end of its day whether anybody set out."""


@dataclass(frozen=True, slots=True)
class PatrolPlan:
    """What is planned; the order of the grids is the route."""

    kind: PatrolKind
    starts_at: datetime
    route: tuple[UUID, ...]
    participants: tuple[UUID, ...]
    purpose: str | None = None
    meeting_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PlanPatrol:
    """The plan, and who makes it."""

    plan: PatrolPlan
    by: Principal


@one_transaction
async def plan_patrol(command: PlanPatrol, uow: IssuesUnitOfWork) -> Patrol:
    """Keep a planned patrol and tell those who walk it."""
    plan = command.plan
    if plan.meeting_id is not None:
        await uow.meetings.get(plan.meeting_id, seen_by=command.by)
    return await put_patrol_down(plan, command.by.person, uow)


async def put_patrol_down(plan: PatrolPlan, by: UUID, uow: IssuesUnitOfWork) -> Patrol:
    """The part of planning that a meeting does too when it closes, inside its own transaction."""
    patrol = Patrol.plan(
        patrol_id=new_id(),
        kind=plan.kind,
        starts_at=plan.starts_at,
        route=plan.route,
        participants=plan.participants,
        purpose=plan.purpose,
        by=by,
        at=uow.now(),
        meeting_id=plan.meeting_id,
    )
    unknown = await uow.patrols.unknown_grids(plan.route)
    if unknown:
        raise UnknownGrid(
            fields={
                f"grids[{n}]": ("没有这个网格", "no such grid") for n, grid in enumerate(plan.route) if grid in unknown
            }
        )
    await uow.directory.check_members(plan.participants)
    await uow.patrols.add(patrol)
    await uow.timers.set(MISSED, patrol.id, patrol.missed_at)
    await uow.publish(
        PatrolPlanned(
            patrol_id=patrol.id,
            kind=patrol.kind,
            starts_at=patrol.starts_at,
            participant_ids=patrol.participants,
            grid_ids=patrol.route,
            meeting_id=patrol.meeting_id,
        )
    )
    return patrol
