"""Close a meeting: only when every item has left it properly; the agreed assignments take effect now (practice 17)."""

from dataclasses import dataclass, replace
from uuid import UUID

from services.issues.domain.meeting import Meeting
from services.issues.domain.meetings.attendance import sheet_of
from services.issues.domain.meetings.minutes import MINUTES_DUE, MINUTES_OVERDUE, RED_AFTER, REMIND_AFTER
from services.issues.domain.routing import choice
from services.issues.domain.words.meetings import Decision
from services.issues.facts import publish_assigned
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.plan_patrol import PatrolPlan, put_patrol_down
from shared.contracts.issues import MeetingClosed
from shared.errors import Invalid
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class CloseMeeting:
    """Which meeting; why without quorum, if there is none; and where people go afterwards (practice 22)."""

    meeting_id: UUID
    by: Principal
    without_quorum: str | None = None
    planned: tuple[PatrolPlan, ...] = ()
    expected_version: int | None = None


@one_transaction
async def close_meeting(command: CloseMeeting, uow: IssuesUnitOfWork) -> Meeting:
    """End a meeting and hand its countermeasures to those responsible."""
    by, now = command.by, uow.now()
    meeting = await uow.meetings.get(command.meeting_id, seen_by=by, expected_version=command.expected_version)
    rule = await uow.meeting_rules.quorum(meeting.kind)
    sheet = sheet_of(meeting, await uow.attendance.of(meeting.id), rule)
    assigned = meeting.close(by=by, at=now, quorum=sheet.quorum, without_quorum=command.without_quorum)
    await uow.meetings.save(meeting)
    await uow.timers.set(MINUTES_DUE, meeting.id, now + REMIND_AFTER)
    await uow.timers.set(MINUTES_OVERDUE, meeting.id, now + RED_AFTER)
    for number, plan in enumerate(command.planned):
        await _plan(number, replace(plan, meeting_id=meeting.id), by, uow)
    for item in sorted(assigned, key=lambda item: item.issue_id):
        issue = await uow.issues.get(item.issue_id, seen_by=by)
        agreed = item.assignment()
        suggestion = await uow.routing.suggestion(issue.category, issue.place, now)
        routed = choice(suggestion, agreed.responsible_organisation, "会议议定 decided by the meeting")
        issue.assign(agreed, by=by, at=now, routed=routed)
        await uow.issues.save(issue)
        await publish_assigned(issue, uow)
    await uow.publish(
        MeetingClosed(
            meeting_id=meeting.id,
            kind=meeting.kind,
            resolved_on_the_spot=meeting.count(Decision.RESOLVED),
            assigned=meeting.count(Decision.ASSIGNED),
            declined=meeting.count(Decision.DECLINED),
            postponed=meeting.count(Decision.POSTPONED),
            participant_ids=tuple(dict.fromkeys(participant.person_id for participant in meeting.participants)),
        )
    )
    return meeting


async def _plan(number: int, plan: PatrolPlan, by: Principal, uow: IssuesUnitOfWork) -> None:
    """Put a walk down that was agreed; what is wrong with it is named by its place in the list."""
    try:
        await put_patrol_down(plan, by.person, uow)
    except Invalid as wrong:
        fields = {f"planned_patrols[{number}].{name}": text for name, text in wrong.fields.items()}
        raise type(wrong)(wrong.detail_zh, wrong.detail_en, fields=fields) from None
