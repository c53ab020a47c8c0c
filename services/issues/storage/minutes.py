"""Live minutes and proposed topics in PostgreSQL."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, delete, func, insert, select
from sqlalchemy.dialects.postgresql import insert as pg_insert

from services.issues.domain.errors.proposals import ProposalNotFound, TooManyProposals
from services.issues.domain.meetings.minutes import KEPT_VERSIONS, Section
from services.issues.domain.meetings.proposals import MOST_PROPOSALS, TopicProposal
from services.issues.domain.words.meetings import ProposalState
from services.issues.storage.tables.roster import meeting_proposals, minutes_sections, minutes_versions
from shared.database.unit_of_work import UnitOfWork
from shared.database.versioned import save_versioned
from shared.expected_version import check_version


class PostgresMinutesStore:
    """Satisfies `ports.MinutesStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def section(self, meeting_id: UUID, section_id: UUID) -> Section | None:
        """A section as it stands. The lock is by name, so that it also holds for one that nobody has begun."""
        name = f"minutes:{self._uow.community}:{meeting_id}:{section_id}"
        await self._uow.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
        found = await self._uow.execute(
            select(minutes_sections).where(
                minutes_sections.c.community == self._uow.community,
                minutes_sections.c.meeting_id == meeting_id,
                minutes_sections.c.section_id == section_id,
            )
        )
        row = found.mappings().first()
        return None if row is None else section_of(row)

    async def keep(self, meeting_id: UUID, section: Section, *, new_version: bool) -> None:
        """Keep a section, and what it was before."""
        this = {"community": self._uow.community, "meeting_id": meeting_id, "section_id": section.section_id}
        values = {
            "text": section.text,
            "version": section.version,
            "edited_by": section.edited_by,
            "edited_at": section.edited_at,
            "began_at": section.began_at,
        }
        await self._uow.execute(
            pg_insert(minutes_sections)
            .values(**this, **values)
            .on_conflict_do_update(index_elements=["community", "meeting_id", "section_id"], set_=values)
        )
        history = (
            minutes_versions.c.community == self._uow.community,
            minutes_versions.c.meeting_id == meeting_id,
            minutes_versions.c.section_id == section.section_id,
        )
        if not new_version:  # what the same person saved a moment ago is replaced by what they save now
            newest = select(func.max(minutes_versions.c.version)).where(*history).scalar_subquery()
            await self._uow.execute(delete(minutes_versions).where(*history, minutes_versions.c.version == newest))
        entry = {name: values[name] for name in ("text", "version", "edited_by", "edited_at")}
        await self._uow.execute(insert(minutes_versions), {**this, **entry})
        oldest_kept = (
            select(minutes_versions.c.version)
            .where(*history)
            .order_by(minutes_versions.c.version.desc())
            .offset(KEPT_VERSIONS - 1)
            .limit(1)
            .scalar_subquery()
        )
        await self._uow.execute(delete(minutes_versions).where(*history, minutes_versions.c.version < oldest_kept))


class PostgresProposalStore:
    """Satisfies `ports.ProposalStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def get(self, meeting_id: UUID, proposal_id: UUID, *, expected_version: int | None = None) -> TopicProposal:
        """A proposal."""
        found = await self._uow.execute(
            select(meeting_proposals).where(
                meeting_proposals.c.community == self._uow.community,
                meeting_proposals.c.id == proposal_id,
                meeting_proposals.c.meeting_id == meeting_id,
            )
        )
        row = found.mappings().first()
        if row is None:
            raise ProposalNotFound
        check_version(row["version"], expected_version)
        return proposal_of(row)

    async def add(self, proposal: TopicProposal) -> None:
        """Keep a new proposal."""
        count = await self._uow.execute(
            select(func.count()).where(
                meeting_proposals.c.community == self._uow.community,
                meeting_proposals.c.meeting_id == proposal.meeting_id,
            )
        )
        if count.scalar_one() >= MOST_PROPOSALS:
            raise TooManyProposals
        values: dict[str, Any] = {**asdict(proposal), "state": proposal.state.value}
        await self._uow.execute(insert(meeting_proposals), {"community": self._uow.community, **values})

    async def save(self, proposal: TopicProposal) -> None:
        """Keep a decided proposal."""
        proposal.version = await save_versioned(
            self._uow,
            meeting_proposals,
            proposal.id,
            version=proposal.version,
            values={
                "state": proposal.state.value,
                "reason": proposal.reason,
                "issue_id": proposal.issue_id,
                "decided_by": proposal.decided_by,
                "decided_at": proposal.decided_at,
            },
            missing=ProposalNotFound,
        )


def section_of(row: RowMapping) -> Section:
    """The section of a row."""
    return Section(row["section_id"], row["text"], row["version"], row["edited_by"], row["edited_at"], row["began_at"])


def proposal_of(row: RowMapping) -> TopicProposal:
    """The proposal of a row."""
    values = {name: value for name, value in row.items() if name != "community"}
    values["state"] = ProposalState(values["state"])
    return TopicProposal(**values)
