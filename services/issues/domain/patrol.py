"""The patrol (巡逻检查, 实地调研, 网格员日常巡查): who walks which grids, when they were there, and what they found (practices 22, 23, 72)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import UUID

from services.issues.domain.assignment import check_in_future
from services.issues.domain.errors.patrols import (
    NotOnPatrol,
    NotOnRoute,
    PatrolNotFound,
    PatrolStepRefused,
    StopsLeftOut,
)
from services.issues.domain.place import Place
from services.issues.domain.words.issues import Tier
from services.issues.domain.words.patrols import FindingKind, PatrolKind, PatrolState
from services.issues.domain.words.vocabulary import words
from shared.clock import CHINA
from shared.principal import Principal, Role

READERS = frozenset(
    {Role.DUTY_OFFICER, Role.SECRETARY, Role.COMMUNITY_ADMIN, Role.MEETING_CHAIR, Role.GRID_WORKER}
    | {Role.CENTRE_HOUSEHOLD}
)
"""Who reads every patrol; everybody else reads those in which they take part."""
PLANNERS = frozenset({Role.DUTY_OFFICER, Role.SECRETARY, Role.MEETING_CHAIR})
"""Who may cancel a patrol of others."""
MOST_FINDINGS = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """What somebody saw on the way: a hazard or problem that can become an issue, or a trifle that was set right at once."""

    id: UUID
    patrol_id: UUID
    kind: FindingKind
    category: str
    severity: Tier
    place: Place | None
    text: str | None
    found_by: UUID
    at: datetime
    issue_id: UUID | None = None


@dataclass(slots=True, kw_only=True)
class Patrol:
    """One walk of one community. `visited` holds when each grid of the route was reached."""

    id: UUID
    kind: PatrolKind
    starts_at: datetime
    route: tuple[UUID, ...]
    participants: tuple[UUID, ...]
    purpose: str | None
    planned_by: UUID
    planned_at: datetime
    meeting_id: UUID | None = None
    state: PatrolState = PatrolState.PLANNED
    visited: dict[UUID, datetime] = field(default_factory=dict)
    started_at: datetime | None = None
    ended_at: datetime | None = None
    note: str | None = None
    version: int = 1

    @classmethod
    def plan(
        cls,
        *,
        patrol_id: UUID,
        kind: PatrolKind,
        starts_at: datetime,
        route: tuple[UUID, ...],
        participants: tuple[UUID, ...],
        purpose: str | None,
        by: UUID,
        at: datetime,
        meeting_id: UUID | None = None,
    ) -> "Patrol":
        """Fix route, people and a time that lies ahead."""
        check_in_future(starts_at, at, "starts_at")
        return cls(
            id=patrol_id,
            kind=kind,
            starts_at=starts_at,
            route=route,
            participants=participants,
            purpose=purpose,
            planned_by=by,
            planned_at=at,
            meeting_id=meeting_id,
        )

    @classmethod
    def begin_round(cls, *, patrol_id: UUID, route: tuple[UUID, ...], by: Principal, at: datetime) -> "Patrol":
        """A grid worker sets out: nothing was planned, and nothing needs to be."""
        return cls(
            id=patrol_id,
            kind=PatrolKind.ROUND,
            starts_at=at,
            route=route,
            participants=(by.person,),
            purpose=None,
            planned_by=by.person,
            planned_at=at,
            state=PatrolState.WALKING,
            started_at=at,
        )

    @property
    def missed_at(self) -> datetime:
        """From when on a patrol that nobody started counts as missed: the end of its local day."""
        local = self.starts_at.astimezone(CHINA)
        return datetime.combine(local.date() + timedelta(days=1), time(), CHINA).astimezone(self.starts_at.tzinfo)

    def visible_to(self, by: Principal) -> bool:
        """Whether a person may read this patrol."""
        return bool(by.roles & READERS) or by.person in self.participants

    def check_visible_to(self, by: Principal) -> None:
        """Raise PatrolNotFound for a person who may not see this patrol."""
        if not self.visible_to(by):
            raise PatrolNotFound

    def start(self, *, by: Principal, at: datetime) -> None:
        """Set out."""
        self._walked_by(by)
        self._expect(PatrolState.PLANNED)
        self.state, self.started_at = PatrolState.WALKING, at

    def visit(self, grid_id: UUID, *, by: Principal, at: datetime) -> None:
        """Note that a grid of the route was reached. A second time changes nothing."""
        self.check_walking(by)
        if grid_id not in self.route:
            raise NotOnRoute(fields={"grid_id": ("不在路线上", "not on the route")})
        self.visited.setdefault(grid_id, at)

    def finish(self, *, note: str | None, by: Principal, at: datetime) -> None:
        """Come back. Whoever leaves out part of the route says why."""
        self.check_walking(by)
        left_out = [grid for grid in self.route if grid not in self.visited]
        if left_out and note is None:
            count = len(left_out)
            raise StopsLeftOut(
                f"还有{count}个网格没有到过，请说明原因",
                f"{count} grids were not reached; say why",
                fields={"note": ("请说明没有走完的原因", "say why part of the route was left out")},
            )
        self.state, self.ended_at, self.note = PatrolState.DONE, at, note

    def cancel(self, *, reason: str, by: Principal, at: datetime) -> None:
        """It does not take place."""
        if by.person != self.planned_by and not by.roles & PLANNERS:
            raise NotOnPatrol("只有计划人或社区可以取消", "Only the planner or the office can cancel it")
        self._expect(PatrolState.PLANNED)
        self.state, self.ended_at, self.note = PatrolState.CANCELLED, at, reason

    def miss(self, *, at: datetime) -> bool:
        """Its day went by and nobody set out. Answers whether that is so."""
        if self.state is not PatrolState.PLANNED or at < self.missed_at:
            return False
        self.state, self.ended_at = PatrolState.MISSED, at
        return True

    def check_walking(self, by: Principal) -> None:
        """Raise NotOnPatrol or PatrolStepRefused unless this person is under way."""
        self._walked_by(by)
        self._expect(PatrolState.WALKING)

    def _walked_by(self, by: Principal) -> None:
        if by.person not in self.participants:
            raise NotOnPatrol

    def _expect(self, state: PatrolState) -> None:
        if self.state is not state:
            here, needed = words(self.state), words(state)
            raise PatrolStepRefused(
                f"巡查处于“{here.zh}”，只有“{needed.zh}”时可以这样操作",
                f"The patrol is “{here.en}”; this is possible while it is “{needed.en}”",
            )


Counts = Mapping[FindingKind, int]
"""How many findings of each kind."""
