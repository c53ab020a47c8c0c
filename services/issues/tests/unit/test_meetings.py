"""Nothing leaves a meeting unanswered (practice 17)."""

from datetime import timedelta
from uuid import UUID

import pytest

from services.issues.domain.assignment import Assignment
from services.issues.domain.errors.issues import IncompleteAssignment
from services.issues.domain.errors.master_data import UnknownParticipant
from services.issues.domain.errors.meetings import ItemAlreadyDecided, MeetingClosedAlready, MeetingHasOpenItems
from services.issues.domain.errors.moments import DateNotInFuture
from services.issues.domain.issue import Issue
from services.issues.domain.meeting import Meeting, Participant
from services.issues.domain.words.issues import Level, Outcome, State
from services.issues.domain.words.meetings import Decision, MeetingKind, MeetingState, Seat
from services.issues.tests.builders import (
    CHAIR,
    HANDLER,
    NOW,
    OFFICER,
    PROPERTY,
    RESIDENT,
    SECRETARY,
    an_issue,
)
from services.issues.tests.memory.unit_of_work import MemoryUnitOfWork
from services.issues.use_cases.assign_issue import AssignIssue, assign_issue
from services.issues.use_cases.assign_item import AssignItem, assign_item
from services.issues.use_cases.close_meeting import CloseMeeting, close_meeting
from services.issues.use_cases.convene_meeting import ConveneMeeting, convene_meeting
from services.issues.use_cases.decline_item import DeclineItem, decline_item
from services.issues.use_cases.place_on_agenda import PlaceOnAgenda, place_on_agenda
from services.issues.use_cases.postpone_item import PostponeItem, postpone_item
from services.issues.use_cases.record_discussion import RecordDiscussion, record_discussion
from services.issues.use_cases.resolve_item import ResolveItem, resolve_item
from services.issues.use_cases.withdraw_issue import WithdrawIssue, withdraw_issue
from shared.contracts.issues import IssueAssigned, IssuePlacedOnAgenda, IssueResolved, MeetingClosed, MeetingConvened
from shared.ids import new_id

DEADLINE = NOW + timedelta(days=3)


@pytest.fixture
def uow() -> MemoryUnitOfWork:
    return MemoryUnitOfWork()


async def convened(uow: MemoryUnitOfWork, *, days: int = 1, people: tuple[Participant, ...] = ()) -> Meeting:
    command = ConveneMeeting(MeetingKind.ROUNDTABLE, NOW + timedelta(days=days), "会议室", people, CHAIR)
    return await convene_meeting(command, uow)


async def on_agenda(uow: MemoryUnitOfWork, meeting: Meeting) -> Issue:
    issue = an_issue(State.ACCEPTED)
    await uow.issues.add(issue)
    return await place_on_agenda(PlaceOnAgenda(issue.id, meeting.id, OFFICER), uow)


def the_item(uow: MemoryUnitOfWork, meeting: Meeting, number: int = 0) -> UUID:
    return uow.meetings.kept[meeting.id].items[number].id


async def test_a_meeting_lies_ahead_and_tells_its_participants(uow: MemoryUnitOfWork) -> None:
    people = (Participant(SECRETARY.person, Seat.SECRETARY), Participant(HANDLER.person, Seat.PROPERTY_MANAGER))
    meeting = await convened(uow, people=people)
    assert uow.published == [
        MeetingConvened(
            meeting_id=meeting.id,
            kind="roundtable",
            starts_at=meeting.starts_at,
            participant_ids=(SECRETARY.person, HANDLER.person),
        )
    ]
    with pytest.raises(DateNotInFuture):
        await convened(uow, days=-1)
    with pytest.raises(UnknownParticipant):
        await convened(uow, people=(Participant(new_id(), Seat.MERCHANT),))


async def test_a_meeting_names_what_each_open_item_lacks(uow: MemoryUnitOfWork) -> None:
    meeting = await convened(uow)
    await on_agenda(uow, meeting)
    await on_agenda(uow, meeting)
    first, second = the_item(uow, meeting), the_item(uow, meeting, 1)
    await record_discussion(RecordDiscussion(meeting.id, first, "三天未修", CHAIR), uow)
    with pytest.raises(MeetingHasOpenItems) as refused:
        await close_meeting(CloseMeeting(meeting.id, CHAIR), uow)
    assert list(refused.value.fields) == [
        f"items.{first}.responsible_organisation",
        f"items.{first}.deadline",
        f"items.{first}.plan",
        f"items.{second}.record",
        f"items.{second}.responsible_organisation",
        f"items.{second}.deadline",
        f"items.{second}.plan",
    ]
    assert uow.meetings.kept[meeting.id].state is MeetingState.CONVENED


async def test_an_assignment_without_all_four_is_refused_by_name(uow: MemoryUnitOfWork) -> None:
    meeting = await convened(uow)
    await on_agenda(uow, meeting)
    item = the_item(uow, meeting)
    with pytest.raises(IncompleteAssignment) as refused:
        await assign_item(AssignItem(meeting.id, item, "记录", None, None, None, CHAIR), uow)
    assert list(refused.value.fields) == ["responsible_organisation", "deadline", "plan"]
    with pytest.raises(DateNotInFuture):
        await assign_item(AssignItem(meeting.id, item, "记录", PROPERTY, NOW, "换线", CHAIR), uow)


async def test_closing_hands_out_what_was_agreed(uow: MemoryUnitOfWork) -> None:
    meeting = await convened(uow)
    issue = await on_agenda(uow, meeting)
    item = the_item(uow, meeting)
    await assign_item(AssignItem(meeting.id, item, "记录", PROPERTY, DEADLINE, "换线", CHAIR), uow)
    await assign_item(AssignItem(meeting.id, item, None, None, None, "换灯头和线", CHAIR), uow)
    assert uow.issues.kept[issue.id].state is State.ON_AGENDA
    uow.published.clear()
    await close_meeting(CloseMeeting(meeting.id, CHAIR), uow)
    assert uow.issues.kept[issue.id].assignment == Assignment("记录", PROPERTY, DEADLINE, "换灯头和线")
    assert uow.published == [
        IssueAssigned(
            issue_id=issue.id,
            number=issue.number,
            category="street_light",
            responsible_organisation=PROPERTY,
            due_at=DEADLINE,
            meeting_id=meeting.id,
            reported_by=RESIDENT.person,
        ),
        MeetingClosed(
            meeting_id=meeting.id, kind="roundtable", resolved_on_the_spot=0, assigned=1, declined=0, postponed=0
        ),
    ]
    with pytest.raises(MeetingClosedAlready):
        await close_meeting(CloseMeeting(meeting.id, CHAIR), uow)


async def test_a_deadline_that_passed_before_closing_must_be_set_anew(uow: MemoryUnitOfWork) -> None:
    meeting = await convened(uow)
    await on_agenda(uow, meeting)
    item = the_item(uow, meeting)
    await assign_item(AssignItem(meeting.id, item, "记录", PROPERTY, DEADLINE, "换线", CHAIR), uow)
    uow.clock.advance(timedelta(days=4))
    with pytest.raises(MeetingHasOpenItems) as refused:
        await close_meeting(CloseMeeting(meeting.id, CHAIR), uow)
    assert list(refused.value.fields) == [f"items.{item}.deadline"]


async def test_an_item_can_be_resolved_on_the_spot_once(uow: MemoryUnitOfWork) -> None:
    meeting = await convened(uow)
    issue = await on_agenda(uow, meeting)
    command = ResolveItem(meeting.id, the_item(uow, meeting), Outcome.SOLVED, "当场换了灯泡", Level.COMPOUND, CHAIR)
    await resolve_item(command, uow)
    assert uow.issues.kept[issue.id].state is State.RESOLVED
    assert isinstance(uow.published[-1], IssueResolved)
    with pytest.raises(ItemAlreadyDecided):
        await resolve_item(command, uow)
    await close_meeting(CloseMeeting(meeting.id, CHAIR), uow)


async def test_a_declined_item_answers_its_reporter(uow: MemoryUnitOfWork) -> None:
    meeting = await convened(uow)
    issue = await on_agenda(uow, meeting)
    await decline_item(
        DeclineItem(meeting.id, the_item(uow, meeting), Outcome.NOT_OURS, "属市政道路", "请拨打12345", CHAIR), uow
    )
    kept = uow.issues.kept[issue.id]
    assert (kept.state, kept.outcome) == (State.RESOLVED, Outcome.NOT_OURS)
    assert uow.issues.history[issue.id][-1].details["reason"] == "属市政道路"
    await close_meeting(CloseMeeting(meeting.id, CHAIR), uow)
    assert uow.meetings.kept[meeting.id].count(Decision.DECLINED) == 1


async def test_an_item_is_postponed_only_to_a_later_dated_meeting(uow: MemoryUnitOfWork) -> None:
    earlier, meeting, later = await convened(uow, days=1), await convened(uow, days=8), await convened(uow, days=15)
    issue = await on_agenda(uow, meeting)
    item = the_item(uow, meeting)
    for wrong in (earlier, meeting):
        with pytest.raises(DateNotInFuture):
            await postpone_item(PostponeItem(meeting.id, item, wrong.id, "物业缺席", CHAIR), uow)
    await postpone_item(PostponeItem(meeting.id, item, later.id, "物业缺席", CHAIR), uow)
    assert uow.issues.kept[issue.id].meeting_id == later.id
    assert isinstance(uow.published[-1], IssuePlacedOnAgenda)
    await close_meeting(CloseMeeting(meeting.id, CHAIR), uow)
    with pytest.raises(MeetingHasOpenItems):
        await close_meeting(CloseMeeting(later.id, CHAIR), uow)


async def test_an_issue_that_leaves_the_agenda_through_the_office_does_not_block_the_meeting(
    uow: MemoryUnitOfWork,
) -> None:
    meeting = await convened(uow)
    withdrawn, assigned = await on_agenda(uow, meeting), await on_agenda(uow, meeting)
    await withdraw_issue(WithdrawIssue(withdrawn.id, RESIDENT), uow)
    await assign_issue(AssignIssue(assigned.id, "记录", PROPERTY, DEADLINE, "换线", OFFICER), uow)
    closed = await close_meeting(CloseMeeting(meeting.id, CHAIR), uow)
    assert [item.decision for item in closed.items] == [Decision.WITHDRAWN, Decision.ASSIGNED]
    assert uow.issues.kept[assigned.id].state is State.ASSIGNED
