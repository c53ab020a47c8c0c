"""Minutes that two scribes write, that the chair signs and everybody reads; topics people propose; ideas that are adopted."""

from datetime import timedelta

import pytest

from services.issues.domain.agenda import Link
from services.issues.domain.errors.issues import TransitionRefused
from services.issues.domain.errors.minutes import (
    MinutesMoved,
    MinutesNotReady,
    MinutesPublishedAlready,
    MinutesSigned,
    PersonalDataInMinutes,
    SectionNotFound,
)
from services.issues.domain.errors.proposals import (
    NotOnTheRoster,
    OnlyIdeasAreAdopted,
    OrderIncomplete,
    ProposalDecided,
)
from services.issues.domain.issue import Issue
from services.issues.domain.meeting import Meeting, Participant
from services.issues.domain.meetings.minutes import KEPT_VERSIONS, MINUTES_DUE, MINUTES_OVERDUE
from services.issues.domain.place import Place
from services.issues.domain.words.issues import IssueKind, Outcome, Source, State, Verb
from services.issues.domain.words.meetings import Decision, LinkKind, MeetingKind, ProposalState, Red, Seat
from services.issues.tests.builders import (
    BUILDING,
    CHAIR,
    NEIGHBOUR,
    NOW,
    OFFICER,
    PROPERTY,
    RESIDENT,
    an_issue,
)
from services.issues.tests.memory.unit_of_work import MemoryUnitOfWork
from services.issues.use_cases.accept_topic import AcceptTopic, accept_topic
from services.issues.use_cases.adopt_item import AdoptItem, adopt_item
from services.issues.use_cases.assign_item import AssignItem, assign_item
from services.issues.use_cases.build_agenda import BuildAgenda, build_agenda
from services.issues.use_cases.call_for_minutes import CallForMinutes, call_for_minutes
from services.issues.use_cases.close_meeting import CloseMeeting, close_meeting
from services.issues.use_cases.convene_meeting import ConveneMeeting, convene_meeting
from services.issues.use_cases.decline_topic import DeclineTopic, decline_topic
from services.issues.use_cases.propose_topic import ProposeTopic, propose_topic
from services.issues.use_cases.publish_minutes import PublishMinutes, publish_minutes
from services.issues.use_cases.put_issue_on_record import ReportIssue
from services.issues.use_cases.raise_at_table import RaiseAtTable, raise_at_table
from services.issues.use_cases.reorder_agenda import ReorderAgenda, reorder_agenda
from services.issues.use_cases.sign_minutes import SignMinutes, sign_minutes
from services.issues.use_cases.write_minutes import WriteMinutes, write_minutes
from shared.contracts.issues import MinutesDue, MinutesOverdue, MinutesPublished, TopicDecided, TopicProposed
from shared.ids import new_id


@pytest.fixture
def uow() -> MemoryUnitOfWork:
    return MemoryUnitOfWork()


async def convened(uow: MemoryUnitOfWork, *people: Participant) -> Meeting:
    command = ConveneMeeting(MeetingKind.ROUNDTABLE, NOW + timedelta(hours=1), "会议室", people, CHAIR)
    return await convene_meeting(command, uow)


async def closed(uow: MemoryUnitOfWork) -> Meeting:
    return await close_meeting(CloseMeeting((await convened(uow)).id, CHAIR), uow)


async def an_accepted(uow: MemoryUnitOfWork, kind: IssueKind | None = None) -> Issue:
    issue = an_issue(State.ACCEPTED, kind=kind)
    await uow.issues.add(issue)
    return issue


async def test_two_scribes_in_one_section_merge_and_lose_no_text(uow: MemoryUnitOfWork) -> None:
    meeting = await convened(uow)
    first = await write_minutes(WriteMinutes(meeting.id, meeting.id, "甲的记录", CHAIR), uow)
    with pytest.raises(MinutesMoved) as moved:
        await write_minutes(WriteMinutes(meeting.id, meeting.id, "乙的记录", OFFICER), uow)
    assert moved.value.members["current"] == {
        "version": 1,
        "text": "甲的记录",
        "edited_by": str(CHAIR.person),
        "edited_at": NOW.isoformat(),
    }
    merged = WriteMinutes(meeting.id, meeting.id, "甲的记录\n乙的记录", OFFICER, first.version)
    second = await write_minutes(merged, uow)
    assert (second.version, second.text) == (2, "甲的记录\n乙的记录")
    assert await write_minutes(merged, uow) == second, (
        "the same text saved again changes nothing, whatever it is based on"
    )


async def test_scribes_in_different_sections_do_not_meet(uow: MemoryUnitOfWork) -> None:
    meeting = await convened(uow)
    await build_agenda(BuildAgenda(meeting.id, ((await an_accepted(uow)).id, (await an_accepted(uow)).id), CHAIR), uow)
    version = uow.meetings.kept[meeting.id].version
    for who, item in zip((CHAIR, OFFICER), uow.meetings.kept[meeting.id].items, strict=True):
        await write_minutes(WriteMinutes(meeting.id, item.id, "记录", who), uow)
    assert uow.meetings.kept[meeting.id].version == version
    with pytest.raises(SectionNotFound):
        await write_minutes(WriteMinutes(meeting.id, new_id(), "记录", CHAIR), uow)


async def test_autosaving_is_one_version_a_sitting_and_the_history_is_bounded(uow: MemoryUnitOfWork) -> None:
    meeting = await convened(uow)
    version = 0
    for n in range(30):
        uow.clock.advance(timedelta(seconds=15))
        version = (await write_minutes(WriteMinutes(meeting.id, meeting.id, f"记录{n}", CHAIR, version), uow)).version
    assert [one.text for one in uow.minutes.history[meeting.id, meeting.id]] == ["记录29"]
    for n in range(KEPT_VERSIONS + 5):
        who = (OFFICER, CHAIR)[n % 2]
        version = (await write_minutes(WriteMinutes(meeting.id, meeting.id, f"轮流{n}", who, version), uow)).version
    assert len(uow.minutes.history[meeting.id, meeting.id]) == KEPT_VERSIONS


async def test_what_the_minutes_say_of_an_item_is_its_record(uow: MemoryUnitOfWork) -> None:
    meeting = await convened(uow)
    issue = await an_accepted(uow)
    await build_agenda(BuildAgenda(meeting.id, (issue.id,), CHAIR), uow)
    item = uow.meetings.kept[meeting.id].items[0]
    await write_minutes(WriteMinutes(meeting.id, item.id, "物业承认线路老化", OFFICER), uow)
    assert "record" not in uow.meetings.kept[meeting.id].items[0].lacks(NOW)
    deadline = NOW + timedelta(days=3)
    await assign_item(AssignItem(meeting.id, item.id, None, PROPERTY, deadline, "换线", CHAIR), uow)
    await close_meeting(CloseMeeting(meeting.id, CHAIR), uow)
    assignment = uow.issues.kept[issue.id].assignment
    assert assignment is not None
    assert assignment.record == "物业承认线路老化"


async def test_minutes_are_closed_then_signed_then_published_once(uow: MemoryUnitOfWork) -> None:
    meeting = await convened(uow)
    with pytest.raises(MinutesNotReady):
        await sign_minutes(SignMinutes(meeting.id, CHAIR), uow)
    await close_meeting(CloseMeeting(meeting.id, CHAIR), uow)
    await write_minutes(WriteMinutes(meeting.id, meeting.id, "会后整理", CHAIR), uow)
    with pytest.raises(MinutesNotReady):
        await publish_minutes(PublishMinutes(meeting.id, None, CHAIR), uow)
    await sign_minutes(SignMinutes(meeting.id, CHAIR), uow)
    with pytest.raises(MinutesSigned):
        await write_minutes(WriteMinutes(meeting.id, meeting.id, "再改", CHAIR, 1), uow)
    await sign_minutes(SignMinutes(meeting.id, CHAIR, take_back=True), uow)
    await write_minutes(WriteMinutes(meeting.id, meeting.id, "再改", CHAIR, 1), uow)
    await sign_minutes(SignMinutes(meeting.id, CHAIR), uow)
    with pytest.raises(PersonalDataInMinutes, match=r"[Pp]hone") as personal:
        await publish_minutes(PublishMinutes(meeting.id, "联系13800008000", CHAIR), uow)
    assert list(personal.value.fields) == ["summary"]
    await publish_minutes(PublishMinutes(meeting.id, "议定三件实事", CHAIR), uow)
    assert isinstance(uow.published[-1], MinutesPublished)
    assert not [key for key in uow.timers.set_to if key[0] in (MINUTES_DUE, MINUTES_OVERDUE)]
    for again in (SignMinutes(meeting.id, CHAIR), SignMinutes(meeting.id, CHAIR, take_back=True)):
        with pytest.raises(MinutesPublishedAlready):
            await sign_minutes(again, uow)


async def test_minutes_are_called_for_after_three_days_and_red_after_seven(uow: MemoryUnitOfWork) -> None:
    meeting = await closed(uow)
    assert {key[0]: due - NOW for key, due in uow.timers.set_to.items() if key[1] == meeting.id} == {
        MINUTES_DUE: timedelta(days=3),
        MINUTES_OVERDUE: timedelta(days=7),
    }
    await call_for_minutes(CallForMinutes(meeting.id, Red.DUE), uow)
    assert (uow.meetings.kept[meeting.id].minutes_red, type(uow.published[-1])) == (Red.DUE, MinutesDue)
    await call_for_minutes(CallForMinutes(meeting.id, Red.OVERDUE), uow)
    assert (uow.meetings.kept[meeting.id].minutes_red, type(uow.published[-1])) == (Red.OVERDUE, MinutesOverdue)
    await sign_minutes(SignMinutes(meeting.id, CHAIR), uow)
    await publish_minutes(PublishMinutes(meeting.id, None, CHAIR), uow)
    assert uow.meetings.kept[meeting.id].minutes_red is Red.NO
    before = len(uow.published)
    await call_for_minutes(CallForMinutes(meeting.id, Red.OVERDUE), uow)
    assert len(uow.published) == before


async def test_what_is_said_at_the_table_is_taken_in_and_on_the_agenda(uow: MemoryUnitOfWork) -> None:
    meeting = await convened(uow)
    report = ReportIssue(category="street_light", place=Place(BUILDING, None), text="北侧路灯不亮", by=CHAIR)
    issue = await raise_at_table(RaiseAtTable(meeting.id, report), uow)
    kept = uow.issues.kept[issue.id]
    assert (kept.source, kept.state, kept.filing.origin_id) == (Source.MEETING, State.ON_AGENDA, meeting.id)
    assert [entry.verb for entry in uow.issues.history[issue.id]] == [Verb.REPORT, Verb.ACCEPT, Verb.PLACE_ON_AGENDA]
    assert kept.solve_by is not None
    assert [item.issue_id for item in uow.meetings.kept[meeting.id].items] == [issue.id]


async def test_a_topic_is_proposed_at_the_table_and_decided_once(uow: MemoryUnitOfWork) -> None:
    meeting = await convened(uow, Participant(RESIDENT.person, Seat.RESIDENT_REPRESENTATIVE))
    topic = await propose_topic(ProposeTopic(meeting.id, "共享工具角", "在凉亭设一个工具角", None, RESIDENT), uow)
    assert isinstance(uow.published[-1], TopicProposed)
    accepted = await accept_topic(AcceptTopic(meeting.id, topic.id, IssueKind.PROPOSAL, None, None, CHAIR), uow)
    assert accepted.issue_id is not None
    issue = uow.issues.kept[accepted.issue_id]
    assert (issue.kind, issue.reported_by, issue.state) == (IssueKind.PROPOSAL, RESIDENT.person, State.ON_AGENDA)
    assert isinstance(uow.published[-1], TopicDecided)
    with pytest.raises(ProposalDecided):
        await decline_topic(DeclineTopic(meeting.id, topic.id, "重复", CHAIR), uow)
    other = await propose_topic(ProposeTopic(meeting.id, "x", "y", None, RESIDENT), uow)
    declined = await decline_topic(DeclineTopic(meeting.id, other.id, "上次已议", CHAIR), uow)
    assert (declined.state, declined.reason) == (ProposalState.DECLINED, "上次已议")


async def test_who_is_not_at_the_table_proposes_nothing(uow: MemoryUnitOfWork) -> None:
    meeting = await convened(uow, Participant(NEIGHBOUR.person, Seat.GUEST))
    with pytest.raises(NotOnTheRoster):
        await propose_topic(ProposeTopic(meeting.id, "x", "y", None, NEIGHBOUR), uow)


async def test_a_good_idea_is_adopted_with_what_it_leads_to(uow: MemoryUnitOfWork) -> None:
    meeting = await convened(uow)
    idea, complaint, result = [await an_accepted(uow, kind) for kind in (IssueKind.PROPOSAL, None, None)]
    await build_agenda(BuildAgenda(meeting.id, (idea.id, complaint.id), CHAIR), uow)
    first, second = uow.meetings.kept[meeting.id].items
    links = (Link(LinkKind.ISSUE, result.id), Link(LinkKind.EVENT, new_id()))
    await adopt_item(AdoptItem(meeting.id, first.id, "采纳，下月试行", links, CHAIR), uow)
    item = uow.meetings.kept[meeting.id].items[0]
    assert (item.decision, item.links) == (Decision.ADOPTED, links)
    assert uow.issues.kept[idea.id].outcome is Outcome.ADOPTED
    with pytest.raises(OnlyIdeasAreAdopted):
        await adopt_item(AdoptItem(meeting.id, second.id, "采纳", (), CHAIR), uow)


async def test_a_selection_is_placed_whole_or_not_at_all(uow: MemoryUnitOfWork) -> None:
    meeting = await convened(uow)
    good, bad = await an_accepted(uow), an_issue(State.CLOSED)
    await uow.issues.add(bad)
    with pytest.raises(TransitionRefused) as refused:
        await build_agenda(BuildAgenda(meeting.id, (good.id, bad.id), CHAIR), uow)
    assert list(refused.value.fields) == ["issue_ids[1]"]
    assert uow.meetings.kept[meeting.id].items == []


async def test_an_agenda_gets_another_order_of_all_its_items(uow: MemoryUnitOfWork) -> None:
    meeting = await convened(uow)
    issues = [(await an_accepted(uow)).id for _ in range(3)]
    await build_agenda(BuildAgenda(meeting.id, tuple(issues), CHAIR), uow)
    order = tuple(item.id for item in reversed(uow.meetings.kept[meeting.id].items))
    await reorder_agenda(ReorderAgenda(meeting.id, order, CHAIR), uow)
    kept = uow.meetings.kept[meeting.id].items
    assert [(item.position, item.issue_id) for item in kept] == list(enumerate(reversed(issues), start=1))
    with pytest.raises(OrderIncomplete):
        await reorder_agenda(ReorderAgenda(meeting.id, (order[0], order[0], order[1]), CHAIR), uow)
