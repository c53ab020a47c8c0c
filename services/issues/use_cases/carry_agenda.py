"""Keeps the matters of a meeting discussed when the meeting moves or falls out: nothing is put off without a date."""

from uuid import UUID

from services.issues.domain.errors.series import ItemsHaveNowhereToGo
from services.issues.domain.meeting import Meeting
from services.issues.domain.words.meetings import Decision
from services.issues.facts import placed_on_agenda
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal


async def carry_agenda(
    meeting: Meeting, reason: str, *, by: Principal, uow: IssuesUnitOfWork, not_to: frozenset[UUID] = frozenset()
) -> None:
    """Put the open items of a meeting that will not take place on the agenda of the next one of its kind."""
    items = meeting.open_items()
    if not items:
        return
    ahead = await uow.meetings.upcoming(meeting.kind, uow.now())
    target = next((one for one in ahead if one.id != meeting.id and one.id not in not_to), None)
    if target is None:
        raise ItemsHaveNowhereToGo(
            f"还有{len(items)}项议题没有议定，请先召集下一次会议",
            f"{len(items)} items are open; convene another meeting first",
        )
    for item in sorted(items, key=lambda one: one.issue_id):
        item.conclude(Decision.POSTPONED, by.person, uow.now(), reason=reason, postponed_to=target.id)
        target.add_item(item.issue_id, by=by, at=uow.now())
    await uow.meetings.save(meeting)
    await uow.meetings.save(target)
    await _tell_issues(target, [item.issue_id for item in items], reason, by=by, uow=uow)


async def announce_new_date(meeting: Meeting, reason: str, *, by: Principal, uow: IssuesUnitOfWork) -> None:
    """Note on the issues of an agenda that they are discussed on another day."""
    await _tell_issues(meeting, [item.issue_id for item in meeting.open_items()], reason, by=by, uow=uow)


async def _tell_issues(
    meeting: Meeting, issue_ids: list[UUID], reason: str, *, by: Principal, uow: IssuesUnitOfWork
) -> None:
    for issue_id in sorted(issue_ids):
        issue = await uow.issues.get(issue_id, seen_by=None)
        issue.postpone(meeting_id=meeting.id, discussed_at=meeting.starts_at, reason=reason, by=by, at=uow.now())
        await uow.issues.save(issue)
        await uow.publish(placed_on_agenda(issue, meeting))
