"""What callers send and read about patrols."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.issues.domain.patrol import Counts, Finding, Patrol
from services.issues.domain.words.issues import Tier
from services.issues.domain.words.patrols import FindingKind, PatrolKind, PatrolState
from services.issues.domain.words.vocabulary import words
from services.issues.schemas.filing import PlaceView
from services.issues.schemas.issue_bodies import CategoryCode, PlaceBody
from services.issues.schemas.labels import Label, View
from services.issues.use_cases.plan_patrol import PatrolPlan
from shared.http.bodies import LineText, LongText, Moment, StrictBody

Grids = Annotated[list[UUID], Field(max_length=50)]


def _each_once(values: list[UUID]) -> None:
    if len(set(values)) < len(values):
        raise PydanticCustomError("named_twice", "the same one is named twice")


class PlanPatrolBody(StrictBody):
    """巡查计划：路线（网格顺序）、参加人、时间。Route, people and time."""

    kind: PatrolKind
    starts_at: Moment
    grids: Annotated[list[UUID], Field(min_length=1, max_length=50)]
    participants: Annotated[list[UUID], Field(min_length=1, max_length=50)]
    purpose: LineText | None = None
    meeting_id: UUID | None = Field(None, description="由哪次会议议定。The meeting that decided it")

    @model_validator(mode="after")
    def each_once(self) -> Self:
        """Nobody and no grid is named twice."""
        _each_once(self.grids)
        _each_once(self.participants)
        return self

    def plan(self) -> PatrolPlan:
        """In the words of the use case."""
        return PatrolPlan(
            self.kind, self.starts_at, tuple(self.grids), tuple(self.participants), self.purpose, self.meeting_id
        )


class BeginRoundBody(StrictBody):
    """开始日常巡查；不填网格即本人负责的网格。One's own grids when none is given."""

    grids: Grids = Field(default_factory=list)

    @model_validator(mode="after")
    def each_once(self) -> Self:
        """No grid is named twice."""
        _each_once(self.grids)
        return self


class StartPatrolBody(StrictBody):
    """出发，无需填写。Nothing to fill in."""


class VisitBody(StrictBody):
    """到达哪个网格。Which grid was reached."""

    grid_id: UUID


class FinishPatrolBody(StrictBody):
    """收队；路线没有走完须说明原因。Say why when part of the route was left out."""

    note: LineText | None = None


class CancelPatrolBody(StrictBody):
    """取消原因。Why."""

    reason: LineText


class FindingBody(StrictBody):
    """发现的隐患或问题；默认直接转为诉求。A hazard or problem; becomes an issue at once unless told otherwise."""

    kind: FindingKind = FindingKind.PROBLEM
    category: CategoryCode = Field(examples=["street_light"])
    place: PlaceBody
    text: LongText
    severity: Tier | None = Field(None, description="缺省按分类。By category when left out")
    raise_issue: bool = True


class TrifleBody(StrictBody):
    """随手解决的小事，只需分类。One tap: the category is enough."""

    category: CategoryCode = Field(examples=["environment"])
    place: PlaceBody | None = None
    text: LineText | None = None


class StopView(View):
    """A grid of the route, and when it was reached."""

    grid_id: UUID
    visited_at: datetime | None


class PatrolView(View):
    """巡查。A patrol with its route."""

    id: UUID
    kind: PatrolKind
    kind_label: Label
    state: PatrolState
    state_label: Label
    starts_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    purpose: str | None
    note: str | None
    meeting_id: UUID | None
    planned_by: UUID
    participants: list[UUID]
    route: list[StopView]
    version: int

    @classmethod
    def of(cls, patrol: Patrol) -> "PatrolView":
        """The patrol."""
        return cls.model_construct(
            id=patrol.id,
            kind=patrol.kind,
            kind_label=Label.of(words(patrol.kind)),
            state=patrol.state,
            state_label=Label.of(words(patrol.state)),
            starts_at=patrol.starts_at,
            started_at=patrol.started_at,
            ended_at=patrol.ended_at,
            purpose=patrol.purpose,
            note=patrol.note,
            meeting_id=patrol.meeting_id,
            planned_by=patrol.planned_by,
            participants=list(patrol.participants),
            route=[
                StopView.model_construct(grid_id=grid, visited_at=patrol.visited.get(grid)) for grid in patrol.route
            ],
            version=patrol.version,
        )


class PatrolSummary(View):
    """A patrol in a list."""

    id: UUID
    kind: PatrolKind
    state: PatrolState
    starts_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    purpose: str | None
    meeting_id: UUID | None
    version: int


class FindingView(View):
    """What was found."""

    id: UUID
    patrol_id: UUID
    kind: FindingKind
    kind_label: Label
    category: str
    severity: Tier
    place: PlaceView | None
    text: str | None
    found_by: UUID
    at: datetime
    issue_id: UUID | None

    @classmethod
    def of(cls, finding: Finding) -> "FindingView":
        """The finding."""
        place = finding.place
        return cls.model_construct(
            id=finding.id,
            patrol_id=finding.patrol_id,
            kind=finding.kind,
            kind_label=Label.of(words(finding.kind)),
            category=finding.category,
            severity=finding.severity,
            place=PlaceView.of(place) if place else None,
            text=finding.text,
            found_by=finding.found_by,
            at=finding.at,
            issue_id=finding.issue_id,
        )


class PatrolFiguresView(View):
    """巡查统计：次数、人次、人数分开。Held, person-times and persons kept apart; findings by kind."""

    from_day: date
    to_day: date = Field(description="含当天。Inclusive")
    held: int
    missed: int
    person_times: int
    persons: int
    hazards: int
    problems: int
    trifles: int
    raised: int = Field(description="转为诉求的发现。Findings that became issues")

    @classmethod
    def of(
        cls, days: tuple[date, date], patrols: tuple[int, int], people: tuple[int, int], found: tuple[Counts, int]
    ) -> "PatrolFiguresView":
        """From (held, missed), (person-times, persons) and (counts by kind, raised)."""
        counts, raised = found
        return cls.model_construct(
            from_day=days[0],
            to_day=days[1],
            held=patrols[0],
            missed=patrols[1],
            person_times=people[0],
            persons=people[1],
            hazards=counts.get(FindingKind.HAZARD, 0),
            problems=counts.get(FindingKind.PROBLEM, 0),
            trifles=counts.get(FindingKind.TRIFLE, 0),
            raised=raised,
        )
