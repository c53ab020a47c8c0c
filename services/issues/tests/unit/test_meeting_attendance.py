"""Who is invited, who came, and whether they are enough (practices 11 and 20)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.issues.domain.errors.attendance import (
    AttendanceCodeExpired,
    AttendanceCodeRefused,
    AttendanceNotOpen,
    MeetingWithoutQuorum,
    NotInvited,
)
from services.issues.domain.errors.master_data import UnknownParticipant
from services.issues.domain.errors.meetings import MeetingClosedAlready, MeetingNotFound
from services.issues.domain.errors.roster import AlreadyOnRoster, RosterDatesWrong, SeatNotStanding
from services.issues.domain.meeting import Meeting, Participant
from services.issues.domain.meetings.attendance import sheet_of
from services.issues.domain.meetings.attendance_code import check_code, code_at
from services.issues.domain.meetings.quorum import QuorumRule
from services.issues.domain.meetings.roster import RosterEntry
from services.issues.domain.words.meetings import AttendedBy, MeetingKind, Presence, Seat
from services.issues.domain.words.patrols import PatrolKind
from services.issues.tests.builders import (
    CENTRE_HOUSEHOLD,
    CHAIR,
    GRID,
    GRID_WORKER,
    HANDLER,
    NEIGHBOUR,
    NOW,
    OFFICER,
    RESIDENT,
    SECRETARY,
)
from services.issues.tests.memory.unit_of_work import MemoryUnitOfWork
from services.issues.use_cases.appoint_to_roster import AppointToRoster, appoint_to_roster
from services.issues.use_cases.attend_meeting import AttendMeeting, attend_meeting
from services.issues.use_cases.close_meeting import CloseMeeting, close_meeting
from services.issues.use_cases.convene_meeting import ConveneMeeting, convene_meeting
from services.issues.use_cases.leave_roster import LeaveRoster, leave_roster
from services.issues.use_cases.note_attendance import NoteAttendance, note_attendance
from services.issues.use_cases.plan_patrol import PatrolPlan
from services.issues.use_cases.set_quorum import SetQuorum, set_quorum
from shared.contracts.issues import MeetingAttended, MeetingInvitationSent, RosterChanged
from shared.errors import Invalid
from shared.ids import new_id

KEY = b"k" * 32
TODAY = date(2026, 11, 25)
FOUR = (
    (SECRETARY, Seat.SECRETARY),
    (HANDLER, Seat.PROPERTY_MANAGER),
    (CENTRE_HOUSEHOLD, Seat.CENTRE_HOUSEHOLD),
    (RESIDENT, Seat.RESIDENT_REPRESENTATIVE),
)


@pytest.fixture
def uow() -> MemoryUnitOfWork:
    return MemoryUnitOfWork()


async def seated(
    uow: MemoryUnitOfWork, person: UUID, seat: Seat, *, since: date = TODAY, until: date | None = None
) -> RosterEntry:
    command = AppointToRoster(MeetingKind.ROUNDTABLE, seat, person, since, until, OFFICER)
    return await appoint_to_roster(command, uow)


async def convened(uow: MemoryUnitOfWork, *, hours: float = 1, people: tuple[Participant, ...] = ()) -> Meeting:
    starts_at = NOW + timedelta(hours=hours)
    return await convene_meeting(ConveneMeeting(MeetingKind.ROUNDTABLE, starts_at, "会议室", people, CHAIR), uow)


async def the_code(uow: MemoryUnitOfWork, meeting: Meeting) -> str:
    return code_at(await uow.attendance.key_of(meeting.id), meeting.id, uow.now()).text


async def test_a_meeting_invites_the_standing_roster_by_itself(uow: MemoryUnitOfWork) -> None:
    for who, seat in FOUR:
        await seated(uow, who.person, seat)
    await seated(uow, NEIGHBOUR.person, Seat.RESIDENT_REPRESENTATIVE, since=TODAY + timedelta(days=30))
    await seated(uow, GRID_WORKER.person, Seat.SECRETARY, since=TODAY - timedelta(days=9), until=TODAY - timedelta(1))
    meeting = await convened(uow)
    assert meeting.invited_persons() == {who.person for who, _ in FOUR}
    assert meeting.missing_seats() == ()
    later = await convened(uow, hours=24 * 40)
    assert NEIGHBOUR.person in later.invited_persons()


async def test_who_joins_the_roster_is_invited_to_what_is_convened_already(uow: MemoryUnitOfWork) -> None:
    soon, later = await convened(uow, hours=24), await convened(uow, hours=24 * 20)
    uow.published.clear()
    entry = await seated(uow, SECRETARY.person, Seat.SECRETARY, until=TODAY + timedelta(days=10))
    assert SECRETARY.person in uow.meetings.kept[soon.id].invited_persons()
    assert SECRETARY.person not in uow.meetings.kept[later.id].invited_persons()
    assert uow.published == [
        MeetingInvitationSent(
            meeting_id=soon.id, kind="roundtable", starts_at=soon.starts_at, participant_ids=(SECRETARY.person,)
        ),
        RosterChanged(entry_id=entry.id, kind="roundtable", seat="secretary", person_id=SECRETARY.person),
    ]
    await leave_roster(LeaveRoster(entry.id, TODAY), uow)
    assert uow.meetings.kept[soon.id].missing_seats()[0] is Seat.SECRETARY


async def test_the_roster_refuses_what_makes_no_sense(uow: MemoryUnitOfWork) -> None:
    entry = await seated(uow, SECRETARY.person, Seat.SECRETARY)
    with pytest.raises(AlreadyOnRoster):
        await seated(uow, SECRETARY.person, Seat.SECRETARY, since=TODAY + timedelta(days=3))
    with pytest.raises(SeatNotStanding, match="standing seats of a round table"):
        await seated(uow, SECRETARY.person, Seat.MERCHANT)
    with pytest.raises(RosterDatesWrong):
        await leave_roster(LeaveRoster(entry.id, TODAY - timedelta(days=1)), uow)
    with pytest.raises(UnknownParticipant) as unknown:
        await seated(uow, new_id(), Seat.SECRETARY)
    assert list(unknown.value.fields) == ["person_id"]
    await leave_roster(LeaveRoster(entry.id, TODAY), uow)
    await seated(uow, SECRETARY.person, Seat.SECRETARY, since=TODAY + timedelta(days=1))
    with pytest.raises(AlreadyOnRoster):
        await leave_roster(LeaveRoster(entry.id, TODAY + timedelta(days=1)), uow)


async def test_people_attend_by_the_code_on_the_screen_once(uow: MemoryUnitOfWork) -> None:
    meeting = await convened(uow, people=(Participant(RESIDENT.person, Seat.RESIDENT_REPRESENTATIVE),))
    uow.published.clear()
    code = await the_code(uow, meeting)
    first = await attend_meeting(AttendMeeting(meeting.id, code, RESIDENT), uow)
    assert (first.presence, first.how, first.invited) == (Presence.PRESENT, AttendedBy.CODE, True)
    uow.clock.advance(timedelta(seconds=20))
    assert await attend_meeting(AttendMeeting(meeting.id, await the_code(uow, meeting), RESIDENT), uow) == first
    assert uow.published == [
        MeetingAttended(
            meeting_id=meeting.id, kind="roundtable", person_id=RESIDENT.person, presence="present", invited=True
        )
    ]


async def test_a_code_of_another_meeting_or_of_earlier_opens_nothing(uow: MemoryUnitOfWork) -> None:
    people = (Participant(RESIDENT.person, Seat.RESIDENT_REPRESENTATIVE),)
    meeting, other = await convened(uow, people=people), await convened(uow, people=people)
    foreign, old = await the_code(uow, other), await the_code(uow, meeting)
    for wrong in (
        foreign,
        foreign.replace(str(other.id), str(meeting.id)),
        "x",
        old[:-1] + ("0" if old[-1] != "0" else "1"),
    ):
        with pytest.raises(AttendanceCodeRefused):
            await attend_meeting(AttendMeeting(meeting.id, wrong, RESIDENT), uow)
    uow.clock.advance(timedelta(seconds=61))
    with pytest.raises(AttendanceCodeExpired):
        await attend_meeting(AttendMeeting(meeting.id, old, RESIDENT), uow)
    with pytest.raises(MeetingNotFound):  # to somebody who is not invited, a wrong code looks like a wrong id
        await attend_meeting(AttendMeeting(meeting.id, old, NEIGHBOUR), uow)
    assert not uow.attendance.kept


@given(seconds=st.integers(0, 4_000_000_000), later=st.integers(0, 200))
def test_a_code_is_good_for_half_a_minute_to_a_minute(seconds: int, later: int) -> None:
    meeting_id, shown = new_id(), datetime.fromtimestamp(seconds, UTC)
    code = code_at(KEY, meeting_id, shown)
    assert timedelta() < code.valid_until - shown <= timedelta(seconds=30)
    scanned = shown + timedelta(seconds=later)
    if scanned < code.valid_until + timedelta(seconds=30):
        check_code(code.text, KEY, meeting_id, scanned)
    else:
        with pytest.raises(AttendanceCodeExpired):
            check_code(code.text, KEY, meeting_id, scanned)


async def test_a_neighbour_who_walks_in_is_a_guest_and_no_part_of_the_quorum(uow: MemoryUnitOfWork) -> None:
    meeting = await convened(uow, people=(Participant(SECRETARY.person, Seat.SECRETARY),))
    await attend_meeting(AttendMeeting(meeting.id, await the_code(uow, meeting), NEIGHBOUR), uow)
    now = await uow.meetings.get(meeting.id, seen_by=NEIGHBOUR)
    sheet = sheet_of(now, await uow.attendance.of(meeting.id), QuorumRule())
    assert (sheet.guests, sheet.quorum.attended, sheet.quorum.invited, sheet.quorum.reached) == (1, 0, 1, False)


async def test_attendance_opens_two_hours_before_and_late_is_late(uow: MemoryUnitOfWork) -> None:
    people = (Participant(RESIDENT.person, Seat.RESIDENT_REPRESENTATIVE),)
    meeting = await convened(uow, hours=3, people=people)
    with pytest.raises(AttendanceNotOpen):
        await attend_meeting(AttendMeeting(meeting.id, await the_code(uow, meeting), RESIDENT), uow)
    await note_attendance(NoteAttendance(meeting.id, RESIDENT.person, Presence.EXCUSED, CHAIR), uow)
    with pytest.raises(NotInvited):
        await note_attendance(NoteAttendance(meeting.id, NEIGHBOUR.person, Presence.EXCUSED, CHAIR), uow)
    uow.clock.advance(timedelta(hours=3, minutes=16))
    came = await attend_meeting(AttendMeeting(meeting.id, await the_code(uow, meeting), RESIDENT), uow)
    assert came.presence is Presence.LATE


async def test_a_role_that_is_not_there_is_named(uow: MemoryUnitOfWork) -> None:
    for who, seat in FOUR:
        await seated(uow, who.person, seat)
    meeting = await convened(uow)
    for who, _ in FOUR[:2]:
        await note_attendance(NoteAttendance(meeting.id, who.person, Presence.PRESENT, CHAIR), uow)
    sheet = sheet_of(meeting, await uow.attendance.of(meeting.id), QuorumRule())
    assert sheet.missing_seats == (Seat.CENTRE_HOUSEHOLD, Seat.RESIDENT_REPRESENTATIVE)


@pytest.mark.parametrize(
    ("rule", "invited", "needed"),
    [
        (QuorumRule(), 0, 0),
        (QuorumRule(), 1, 1),
        (QuorumRule(), 4, 3),
        (QuorumRule(), 5, 3),
        (QuorumRule(66), 6, 4),
        (QuorumRule(0), 9, 1),
        (QuorumRule(50, 5), 6, 5),
        (QuorumRule(99), 7, 7),
    ],
)
def test_more_than_the_share_is_needed(rule: QuorumRule, invited: int, needed: int) -> None:
    assert rule.needed(invited) == needed


async def test_without_quorum_a_meeting_closes_only_with_a_reason(uow: MemoryUnitOfWork) -> None:
    for who, seat in FOUR:
        await seated(uow, who.person, seat)
    meeting = await convened(uow)
    for who, _ in FOUR[:2]:
        await note_attendance(NoteAttendance(meeting.id, who.person, Presence.PRESENT, CHAIR), uow)
    with pytest.raises(MeetingWithoutQuorum) as refused:
        await close_meeting(CloseMeeting(meeting.id, CHAIR), uow)
    assert list(refused.value.fields) == ["without_quorum_reason"]
    closed = await close_meeting(CloseMeeting(meeting.id, CHAIR, "暴雪封路"), uow)
    assert closed.quorum is not None
    assert (closed.quorum.attended, closed.quorum.needed, closed.without_quorum) == (2, 3, "暴雪封路")
    with pytest.raises(MeetingClosedAlready):
        await note_attendance(NoteAttendance(meeting.id, RESIDENT.person, Presence.PRESENT, CHAIR), uow)


async def test_a_community_sets_its_own_quorum(uow: MemoryUnitOfWork) -> None:
    for who, seat in FOUR:
        await seated(uow, who.person, seat)
    await set_quorum(SetQuorum(MeetingKind.ROUNDTABLE, QuorumRule(25), SECRETARY), uow)
    meeting = await convened(uow)
    for who, _ in FOUR[:2]:
        await note_attendance(NoteAttendance(meeting.id, who.person, Presence.LATE, CHAIR), uow)
    closed = await close_meeting(CloseMeeting(meeting.id, CHAIR, "用不上的理由"), uow)
    assert closed.without_quorum is None


async def test_walks_are_planned_when_the_meeting_closes(uow: MemoryUnitOfWork) -> None:
    plan = PatrolPlan(PatrolKind.FIELD_SURVEY, NOW + timedelta(days=2), (GRID,), (GRID_WORKER.person,))
    for wrong in (replace(plan, starts_at=NOW), replace(plan, route=(new_id(),))):
        meeting = await convened(uow)
        with pytest.raises(Invalid) as refused:
            await close_meeting(CloseMeeting(meeting.id, CHAIR, planned=(plan, wrong)), uow)
        assert refused.value.fields
        assert all(field.startswith("planned_patrols[1].") for field in refused.value.fields)
    meeting = await convened(uow)
    await close_meeting(CloseMeeting(meeting.id, CHAIR, planned=(plan,)), uow)
    assert [one.kind for one in uow.patrols.kept.values() if one.meeting_id == meeting.id] == [PatrolKind.FIELD_SURVEY]
