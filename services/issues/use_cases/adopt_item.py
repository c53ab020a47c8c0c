"""Adopt a good idea (好办法、新建议): it leaves the meeting adopted, with a reply and what it leads to (practice 14)."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.agenda import Link
from services.issues.domain.errors.proposals import OnlyIdeasAreAdopted
from services.issues.domain.meeting import Meeting
from services.issues.domain.words.issues import IssueKind, Level, Outcome
from services.issues.domain.words.meetings import Decision, LinkKind
from services.issues.facts import publish_resolved
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class AdoptItem:
    """Which item, what its author reads, and the issues and events that put the idea to work."""

    meeting_id: UUID
    item_id: UUID
    public_reply: str
    links: tuple[Link, ...]
    by: Principal
    expected_version: int | None = None


@one_transaction
async def adopt_item(command: AdoptItem, uow: IssuesUnitOfWork) -> Meeting:
    """An adopted idea counts as adopted, not as a problem solved; linked issues must be there."""
    by, now = command.by, uow.now()
    meeting = await uow.meetings.get(command.meeting_id, seen_by=by, expected_version=command.expected_version)
    item = meeting.item(command.item_id)
    issue = await uow.issues.get(item.issue_id, seen_by=by)
    if issue.kind is not IssueKind.PROPOSAL:
        raise OnlyIdeasAreAdopted
    for link in command.links:
        if link.kind is LinkKind.ISSUE:
            await uow.issues.get(link.id, seen_by=by)
    item.conclude(
        Decision.ADOPTED,
        by.person,
        now,
        outcome=Outcome.ADOPTED,
        public_reply=command.public_reply,
        links=command.links,
    )
    issue.resolve(outcome=Outcome.ADOPTED, public_reply=command.public_reply, level=Level.COMMUNITY, by=by, at=now)
    await uow.meetings.save(meeting)
    await uow.issues.save(issue)
    await publish_resolved(issue, by, uow)
    return meeting
