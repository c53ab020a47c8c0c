"""Write minutes: a scribe saves a section, by hand or by autosaving."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.meetings.minutes import Section, check_section, written
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class WriteMinutes:
    """Which section (the meeting's own id: the general part), and its whole text; `expected`: the version the writer saw."""

    meeting_id: UUID
    section_id: UUID
    text: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def write_minutes(command: WriteMinutes, uow: IssuesUnitOfWork) -> Section:
    """Keep the text. Refused, with the current text, when somebody else wrote there meanwhile."""
    meeting = await uow.meetings.get(command.meeting_id, seen_by=command.by)
    check_section(meeting, command.section_id, command.by)
    current = await uow.minutes.section(meeting.id, command.section_id)
    section, new_version = written(
        meeting,
        command.section_id,
        command.text,
        current,
        expected=command.expected_version,
        by=command.by.person,
        at=uow.now(),
    )
    if section != current:
        await uow.minutes.keep(meeting.id, section, new_version=new_version)
    return section
