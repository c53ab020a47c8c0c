"""Build an agenda: put several issues on it in one go, all or none (practice 13)."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.errors.issues import IssueNotFound
from services.issues.domain.meeting import Meeting
from services.issues.facts import placed_on_agenda
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.errors import AppError
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class BuildAgenda:
    """Which issues, in the order of the agenda."""

    meeting_id: UUID
    issue_ids: tuple[UUID, ...]
    by: Principal
    expected_version: int | None = None


@one_transaction
async def build_agenda(command: BuildAgenda, uow: IssuesUnitOfWork) -> Meeting:
    """Place each behind the others; one that cannot be discussed is named by its place in the list."""
    by, now = command.by, uow.now()
    meeting = await uow.meetings.get(command.meeting_id, seen_by=by, expected_version=command.expected_version)
    issues = {}
    for number, issue_id in enumerate(command.issue_ids):
        try:
            issue = issues[issue_id] = await uow.issues.get(issue_id, seen_by=by)
            issue.place_on_agenda(meeting_id=meeting.id, discussed_at=meeting.starts_at, by=by, at=now)
        except IssueNotFound:
            raise IssueNotFound(fields={f"issue_ids[{number}]": ("没有这条诉求", "no such issue")}) from None
        except AppError as refused:
            fields = {f"issue_ids[{number}]": (refused.detail_zh, refused.detail_en)}
            raise type(refused)(refused.detail_zh, refused.detail_en, fields=fields) from None
        meeting.add_item(issue_id, by=by, at=now)
    await uow.meetings.save(meeting)
    for issue_id in sorted(issues):
        await uow.issues.save(issues[issue_id])
        await uow.publish(placed_on_agenda(issues[issue_id], meeting))
    return meeting
