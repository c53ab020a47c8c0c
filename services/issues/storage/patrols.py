"""The patrols of a community in PostgreSQL."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import BindParameter, RowMapping, bindparam, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert

from services.issues.domain.errors.patrols import FindingNotFound, PatrolNotFound, TooManyFindings
from services.issues.domain.patrol import MOST_FINDINGS, Counts, Finding, Patrol
from services.issues.domain.words.issues import Tier
from services.issues.domain.words.patrols import FindingKind, PatrolKind, PatrolState
from services.issues.storage.filing_parts import place_columns, place_of
from services.issues.storage.tables.master_data import grids
from services.issues.storage.tables.patrols import patrol_findings, patrol_participants, patrol_stops, patrols
from shared.database.unit_of_work import UnitOfWork
from shared.database.versioned import save_versioned
from shared.expected_version import check_version
from shared.principal import Principal

_COMMUNITY: BindParameter[str] = bindparam("of_community")
_ID: BindParameter[UUID] = bindparam("of_id")
ONE = select(patrols).where(patrols.c.community == _COMMUNITY, patrols.c.id == _ID)
STOPS = (
    select(patrol_stops)
    .where(patrol_stops.c.community == _COMMUNITY, patrol_stops.c.patrol_id == _ID)
    .order_by(patrol_stops.c.position)
)
PEOPLE = (
    select(patrol_participants.c.person_id)
    .where(patrol_participants.c.community == _COMMUNITY, patrol_participants.c.patrol_id == _ID)
    .order_by(patrol_participants.c.person_id)
)
COUNTS = (
    select(patrol_findings.c.kind, func.count().label("found"), func.count(patrol_findings.c.issue_id).label("raised"))
    .where(patrol_findings.c.community == _COMMUNITY, patrol_findings.c.patrol_id == _ID)
    .group_by(patrol_findings.c.kind)
)


class PostgresPatrolStore:
    """Satisfies `ports.PatrolStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def get(self, patrol_id: UUID, *, seen_by: Principal | None, expected_version: int | None = None) -> Patrol:
        """The patrol, if this person may see it."""
        this = {"of_community": self._uow.community, "of_id": patrol_id}
        row = (await self._uow.execute(ONE, this)).mappings().first()
        if row is None:
            raise PatrolNotFound
        stops = (await self._uow.execute(STOPS, this)).mappings().all()
        people = (await self._uow.execute(PEOPLE, this)).scalars().all()
        patrol = patrol_of(row, stops, people)
        if seen_by is not None:
            patrol.check_visible_to(seen_by)
        check_version(patrol.version, expected_version)
        return patrol

    async def add(self, patrol: Patrol) -> None:
        """Keep a new patrol."""
        of = {"community": self._uow.community}
        await self._uow.execute(
            insert(patrols),
            {
                **of,
                "id": patrol.id,
                "kind": patrol.kind.value,
                "starts_at": patrol.starts_at,
                "purpose": patrol.purpose,
                "planned_by": patrol.planned_by,
                "planned_at": patrol.planned_at,
                "meeting_id": patrol.meeting_id,
                "state": patrol.state.value,
                "started_at": patrol.started_at,
                "version": patrol.version,
            },
        )
        await self._uow.execute(
            insert(patrol_stops),
            [{**of, "patrol_id": patrol.id, "position": n, "grid_id": g} for n, g in enumerate(patrol.route, start=1)],
        )
        await self._uow.execute(
            insert(patrol_participants),
            [{**of, "patrol_id": patrol.id, "person_id": one} for one in patrol.participants],
        )

    async def save(self, patrol: Patrol) -> None:
        """Keep a changed patrol with its visits."""
        patrol.version = await save_versioned(
            self._uow,
            patrols,
            patrol.id,
            version=patrol.version,
            values={
                "state": patrol.state.value,
                "started_at": patrol.started_at,
                "ended_at": patrol.ended_at,
                "note": patrol.note,
            },
            missing=PatrolNotFound,
        )
        for grid_id, at in patrol.visited.items():
            await self._uow.execute(
                update(patrol_stops)
                .where(
                    patrol_stops.c.community == self._uow.community,
                    patrol_stops.c.patrol_id == patrol.id,
                    patrol_stops.c.grid_id == grid_id,
                    patrol_stops.c.visited_at.is_(None),
                )
                .values(visited_at=at)
            )

    async def add_finding(self, finding: Finding) -> None:
        """Keep a finding."""
        counts, _ = await self.counts(finding.patrol_id)
        if sum(counts.values()) >= MOST_FINDINGS:
            raise TooManyFindings
        place = finding.place
        await self._uow.execute(
            pg_insert(patrol_findings).values(
                community=self._uow.community,
                id=finding.id,
                patrol_id=finding.patrol_id,
                kind=finding.kind.value,
                category=finding.category,
                severity=finding.severity.value,
                **(place_columns(place) if place else {}),
                text=finding.text,
                found_by=finding.found_by,
                at=finding.at,
                issue_id=finding.issue_id,
            )
        )

    async def finding(self, patrol_id: UUID, finding_id: UUID) -> Finding:
        """A finding, locked: two people who raise it at once make one issue."""
        found = await self._uow.execute(
            select(patrol_findings)
            .where(
                patrol_findings.c.community == self._uow.community,
                patrol_findings.c.patrol_id == patrol_id,
                patrol_findings.c.id == finding_id,
            )
            .with_for_update()
        )
        row = found.mappings().first()
        if row is None:
            raise FindingNotFound
        return finding_of(row)

    async def raise_finding(self, finding_id: UUID, issue_id: UUID) -> None:
        """Note which issue a finding became."""
        await self._uow.execute(
            update(patrol_findings)
            .where(patrol_findings.c.community == self._uow.community, patrol_findings.c.id == finding_id)
            .values(issue_id=issue_id)
        )

    async def counts(self, patrol_id: UUID) -> tuple[Counts, int]:
        """How many findings of each kind, and how many became issues."""
        found = (await self._uow.execute(COUNTS, {"of_community": self._uow.community, "of_id": patrol_id})).all()
        return {FindingKind(row.kind): row.found for row in found}, sum(row.raised for row in found)

    async def grids_of_worker(self, person_id: UUID) -> tuple[UUID, ...]:
        """The grids whose worker this person is."""
        found = await self._uow.execute(
            select(grids.c.id)
            .where(grids.c.community == self._uow.community, grids.c.worker_id == person_id)
            .order_by(grids.c.name, grids.c.id)
        )
        return tuple(found.scalars())

    async def unknown_grids(self, grid_ids: Sequence[UUID]) -> frozenset[UUID]:
        """Those of the grids that the community does not have."""
        found = await self._uow.execute(
            select(grids.c.id).where(grids.c.community == self._uow.community, grids.c.id.in_(grid_ids))
        )
        return frozenset(grid_ids) - frozenset(found.scalars())


def patrol_of(row: RowMapping, stops: Iterable[RowMapping], people: Sequence[UUID]) -> Patrol:
    """The patrol of its rows."""
    stops = tuple(stops)
    return Patrol(
        id=row["id"],
        kind=PatrolKind(row["kind"]),
        starts_at=row["starts_at"],
        route=tuple(stop["grid_id"] for stop in stops),
        participants=tuple(people),
        purpose=row["purpose"],
        planned_by=row["planned_by"],
        planned_at=row["planned_at"],
        meeting_id=row["meeting_id"],
        state=PatrolState(row["state"]),
        visited={stop["grid_id"]: stop["visited_at"] for stop in stops if stop["visited_at"] is not None},
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        note=row["note"],
        version=row["version"],
    )


def finding_of(row: RowMapping) -> Finding:
    """The finding of a row."""
    somewhere = any(row[name] is not None for name in ("building_id", "place_text", "compound_id", "grid_id"))
    return Finding(
        id=row["id"],
        patrol_id=row["patrol_id"],
        kind=FindingKind(row["kind"]),
        category=row["category"],
        severity=Tier(row["severity"]),
        place=place_of(row) if somewhere else None,
        text=row["text"],
        found_by=row["found_by"],
        at=row["at"],
        issue_id=row["issue_id"],
    )
