"""What happens in issues by time. Each handler turns a ring into a command and hands the unit of work to one use case."""

from uuid import UUID

from services.issues.arrival_timers import ARRIVAL
from services.issues.domain.meetings.minutes import MINUTES_DUE, MINUTES_OVERDUE
from services.issues.domain.words.meetings import Red
from services.issues.domain.words.timers import ANSWER_OVERDUE, FOLLOW_CALENDAR, GOES_ON_AGENDA, LOOK, NOBODY_ANSWERED
from services.issues.mediation_ends import FOLLOW_UP
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.bring_forth_meetings import BringForthMeetings, bring_forth_meetings
from services.issues.use_cases.call_for_minutes import CallForMinutes, call_for_minutes
from services.issues.use_cases.close_survey import CloseSurvey, close_survey
from services.issues.use_cases.close_unconfirmed import CloseUnconfirmed, close_unconfirmed
from services.issues.use_cases.delete_photo_file import PHOTO_FILE, DeletePhotoFile, delete_photo_file
from services.issues.use_cases.discard_draft import DiscardDraft, discard_draft
from services.issues.use_cases.follow_calendar import FollowCalendar, follow_calendar
from services.issues.use_cases.keep_draft import EXPIRES
from services.issues.use_cases.look_ahead import AHEAD
from services.issues.use_cases.look_at_clocks import LookAtClocks, look_at_clocks
from services.issues.use_cases.miss_arrival import MissArrival, miss_arrival
from services.issues.use_cases.miss_patrol import MissPatrol, miss_patrol
from services.issues.use_cases.open_survey import CLOSING
from services.issues.use_cases.place_on_next_agenda import PlaceOnNextAgenda, place_on_next_agenda
from services.issues.use_cases.plan_patrol import MISSED
from services.issues.use_cases.remind_of_child_task import RemindOfChildTask, remind_of_child_task
from services.issues.use_cases.remind_of_follow_up import RemindOfFollowUp, remind_of_follow_up
from services.issues.use_cases.resume_issue import ResumeIssue, resume_issue
from services.issues.use_cases.set_child_task import OVERDUE
from shared.timers import Ring, Timers

timers = Timers("issues")


@timers.rings(MINUTES_DUE)
async def call_for_the_minutes(ring: Ring, uow: IssuesUnitOfWork) -> None:
    """Minutes that are not published after three days are called for."""
    await call_for_minutes(CallForMinutes(ring.subject, Red.DUE), uow)


@timers.rings(MINUTES_OVERDUE)
async def show_red_that_minutes_are_missing(ring: Ring, uow: IssuesUnitOfWork) -> None:
    """Minutes that are not published after seven days show red, and the secretary hears of it."""
    await call_for_minutes(CallForMinutes(ring.subject, Red.OVERDUE), uow)


@timers.rings(AHEAD)
async def bring_forth_the_next_meetings(ring: Ring, uow: IssuesUnitOfWork) -> None:
    """A series has its meetings some weeks ahead, moved off holidays."""
    await bring_forth_meetings(BringForthMeetings(ring.subject), uow)


@timers.rings(EXPIRES)
async def throw_an_old_draft_away(ring: Ring, uow: IssuesUnitOfWork) -> None:
    """Nobody touched it for thirty days."""
    await discard_draft(DiscardDraft(ring.subject), uow)


@timers.rings(PHOTO_FILE)
async def delete_a_file_that_nothing_refers_to(ring: Ring, uow: IssuesUnitOfWork) -> None:
    """A photo was replaced, thrown away or never finished."""
    await delete_photo_file(DeletePhotoFile(ring.subject, ring.key), uow)


@timers.rings(CLOSING)
async def close_a_survey_whose_time_is_over(ring: Ring, uow: IssuesUnitOfWork) -> None:
    """A survey closes when it said it would."""
    await close_survey(CloseSurvey(ring.subject, by_clock=True), uow)


@timers.rings(MISSED)
async def notice_that_nobody_set_out(ring: Ring, uow: IssuesUnitOfWork) -> None:
    """A planned patrol whose day went by is missed, and the office hears of it."""
    await miss_patrol(MissPatrol(ring.subject), uow)


@timers.rings(ANSWER_OVERDUE)
async def go_on_without_an_answer(ring: Ring, uow: IssuesUnitOfWork) -> None:
    """Five days after a question to the reporter."""
    await resume_issue(ResumeIssue(ring.subject), uow)


@timers.rings(NOBODY_ANSWERED)
async def close_what_nobody_confirmed(ring: Ring, uow: IssuesUnitOfWork) -> None:
    """T8 is over and three call-backs were not answered."""
    await close_unconfirmed(CloseUnconfirmed(ring.subject), uow)


@timers.rings(ARRIVAL)
async def note_that_a_called_unit_is_not_there(ring: Ring, uow: IssuesUnitOfWork) -> None:
    """The arrival clock of a whistle is up for one of its units."""
    await miss_arrival(MissArrival(ring.subject, UUID(ring.key)), uow)


@timers.rings(OVERDUE)
async def remind_of_a_child_task(ring: Ring, uow: IssuesUnitOfWork) -> None:
    """The deadline of a part has passed: its unit, the lead and the office hear of it."""
    await remind_of_child_task(RemindOfChildTask(ring.subject), uow)


@timers.rings(FOLLOW_UP)
async def remind_the_office_of_a_follow_up(ring: Ring, uow: IssuesUnitOfWork) -> None:
    """The day on which somebody wanted to ask whether an agreement holds."""
    await remind_of_follow_up(RemindOfFollowUp(ring.subject), uow)


@timers.rings(GOES_ON_AGENDA)
async def have_a_repeated_matter_discussed(ring: Ring, uow: IssuesUnitOfWork) -> None:
    """A matter that came again or is late, and that nobody has in hand."""
    await place_on_next_agenda(PlaceOnNextAgenda(ring.subject), uow)


@timers.rings(LOOK)
async def escalate_what_runs_out(ring: Ring, uow: IssuesUnitOfWork) -> None:
    """A level of T3 is reached or a clock is over: those who must act hear of it."""
    await look_at_clocks(LookAtClocks(ring.subject), uow)


@timers.rings(FOLLOW_CALENDAR)
async def compute_deadlines_anew(ring: Ring, uow: IssuesUnitOfWork) -> None:
    """A calendar was published: clocks that run follow it."""
    await follow_calendar(FollowCalendar(ring.subject, UUID(ring.key) if ring.key else None), uow)
