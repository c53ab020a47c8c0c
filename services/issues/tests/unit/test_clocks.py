"""The nine clocks, read from the history of an issue."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.issues.domain.calendar.calendars import Calendars
from services.issues.domain.calendar.shipped import shipped_year
from services.issues.domain.calendar.working import WorkingCalendar, local_date
from services.issues.domain.calendar.year import CalendarYear
from services.issues.domain.clocks.clock import Clock
from services.issues.domain.clocks.default_rules import DEFAULT_RULES
from services.issues.domain.clocks.escalation import Told, Watch
from services.issues.domain.clocks.reckoning import Almanac, ClockFacts
from services.issues.domain.clocks.rules import ClockRule, RuleBook, RuleSet, Span
from services.issues.domain.history import HistoryEntry
from services.issues.domain.words.clocks import ClockCode, ClockResult, Unit
from services.issues.domain.words.issues import ProposalKind, State, Tier, Verb
from services.issues.domain.words.vocabulary import Words
from services.issues.tests.builders import OFFICER
from services.issues.tests.unit.test_calendar import at
from shared.ids import new_id

MONDAY = at("2026-11-23 09:00")
SHIPPED = Almanac(RuleBook((DEFAULT_RULES,)), Calendars())
HOUR = timedelta(hours=1)


class Story:
    """A history that is written down step by step."""

    def __init__(self, start: datetime = MONDAY, tier: Tier = Tier.GENERAL) -> None:
        self.now = start
        self.state: State | None = None
        self.entries: list[HistoryEntry] = []
        self.facts = ClockFacts("street_light", tier, start)
        self.step(Verb.REPORT, State.REGISTERED)

    def step(self, verb: Verb, target: State | None = None, *, moment: str | None = None, **details: Any) -> "Story":
        self.now = at(moment) if moment else self.now
        reached = target or self.state
        assert reached is not None
        entry = HistoryEntry.of(
            verb, self.state, reached, OFFICER.person, self.now, note=None, round_=1, details=details
        )
        self.entries.append(entry)
        self.state = entry.target
        return self

    def accepted(self, tier: Tier = Tier.GENERAL) -> "Story":
        return self.step(Verb.ACCEPT, State.ACCEPTED, tier=tier)

    def in_progress(self, tier: Tier = Tier.GENERAL) -> "Story":
        return self.accepted(tier).step(Verb.ASSIGN, State.ASSIGNED).step(Verb.SIGN, State.IN_PROGRESS)

    def clocks(self, almanac: Almanac = SHIPPED) -> tuple[Clock, ...]:
        return almanac.clocks(self.facts, self.entries)

    def clock(self, code: ClockCode, round_: int = 1, part: int = 1, almanac: Almanac = SHIPPED) -> Clock:
        return next(clock for clock in self.clocks(almanac) if clock.key == (code, round_, part))

    def codes(self) -> list[ClockCode]:
        return [clock.code for clock in self.clocks() if clock.running]


def test_a_report_starts_acceptance_contact_and_solution() -> None:
    story = Story()
    assert story.codes() == [ClockCode.ACCEPT, ClockCode.CONTACT, ClockCode.SOLVE]
    assert story.clock(ClockCode.ACCEPT).due_at == at("2026-11-23 11:00")
    assert story.clock(ClockCode.CONTACT).due_at == at("2026-11-24 17:30")
    assert story.clock(ClockCode.SOLVE).due_at == at("2026-11-30 17:30")


def test_danger_is_answered_in_half_an_hour_and_solved_in_two_hours_also_at_night() -> None:
    story = Story(at("2026-11-28 23:00"), Tier.DANGER)
    assert story.clock(ClockCode.CONTACT).due_at == at("2026-11-28 23:30")
    assert story.clock(ClockCode.SOLVE).due_at == at("2026-11-29 01:00")


def test_the_tier_of_the_acceptance_counts_from_the_registration() -> None:
    story = Story().step(Verb.URGE, moment="2026-11-23 10:00").accepted(Tier.COMPLEX)
    assert story.clock(ClockCode.ACCEPT).result is ClockResult.MET
    assert story.clock(ClockCode.SOLVE).due_at == at("2026-12-08 17:30")


def test_an_acceptance_after_two_working_hours_is_late() -> None:
    story = Story().step(Verb.ACCEPT, State.ACCEPTED, moment="2026-11-23 11:01", tier=Tier.GENERAL)
    assert story.clock(ClockCode.ACCEPT).result is ClockResult.MISSED


def test_the_first_contact_stops_the_second_clock_and_the_next_ones_change_nothing() -> None:
    story = (
        Story().accepted().step(Verb.CONTACT, moment="2026-11-24 10:00").step(Verb.CONTACT, moment="2026-11-26 10:00")
    )
    contact = story.clock(ClockCode.CONTACT)
    assert (contact.stopped_at, contact.result) == (at("2026-11-24 10:00"), ClockResult.MET)


def test_signing_and_returning_stop_the_fifth_clock_and_each_assignment_starts_it_anew() -> None:
    story = (
        Story()
        .accepted()
        .step(Verb.ASSIGN, State.ASSIGNED)
        .step(Verb.RETURN, State.ACCEPTED, moment="2026-11-23 10:00")
    )
    story.step(Verb.ASSIGN, State.ASSIGNED, moment="2026-11-23 16:30").step(
        Verb.SIGN, State.IN_PROGRESS, moment="2026-11-24 15:00"
    )
    assert story.clock(ClockCode.SIGN).result is ClockResult.MET
    second = story.clock(ClockCode.SIGN, part=2)
    assert (second.due_at, second.result) == (at("2026-11-24 11:30"), ClockResult.MISSED)


def test_a_question_stops_the_third_clock_and_the_answer_lets_it_go_on() -> None:
    story = Story().in_progress().step(Verb.ASK, State.WAITING, moment="2026-11-24 09:00")
    assert story.clock(ClockCode.SOLVE).paused
    assert not story.clock(ClockCode.SOLVE).is_over(at("2027-06-01 09:00"))
    story.step(Verb.ANSWER, State.IN_PROGRESS, moment="2026-11-26 09:00")
    assert story.clock(ClockCode.SOLVE).due_at == at("2026-12-02 17:30"), "two days later than 30 November"


def test_the_third_question_of_a_round_stops_nothing() -> None:
    story = Story().in_progress()
    for day in (24, 25, 26):
        story.step(Verb.ASK, State.WAITING, moment=f"2026-11-{day} 09:00")
        story.step(Verb.RESUME, State.IN_PROGRESS, moment=f"2026-11-{day} 17:00")
    assert len(story.clock(ClockCode.SOLVE).pauses) == 2


def test_a_correction_of_the_tier_does_not_forget_a_pause() -> None:
    story = Story().in_progress().step(Verb.ASK, State.WAITING, moment="2026-11-24 09:00")
    story.step(Verb.ANSWER, State.IN_PROGRESS, moment="2026-11-26 09:00")
    story.step(Verb.CHANGE_CATEGORY, tier=Tier.UTILITIES, from_tier=Tier.GENERAL)
    assert story.clock(ClockCode.SOLVE).due_at == MONDAY + 24 * HOUR, "it was over before the question came"
    story.step(Verb.CHANGE_CATEGORY, tier=Tier.COMPLEX, from_tier=Tier.UTILITIES)
    assert story.clock(ClockCode.SOLVE).due_at == at("2026-12-10 17:30"), "15 days and the two of the pause"


def test_a_deferral_puts_the_seventh_clock_in_place_of_the_third() -> None:
    review = at("2027-03-01 17:30")
    story = Story().in_progress()
    story.step(Verb.APPROVE, State.DEFERRED, moment="2026-11-25 09:00", kind=ProposalKind.DEFERRAL, review_at=review)
    assert story.clock(ClockCode.SOLVE).paused
    assert story.clock(ClockCode.REVIEW).due_at == review
    later = at("2027-04-01 17:30")
    story.step(Verb.REVIEW, State.DEFERRED, moment="2027-03-01 09:00", review_at=later)
    assert story.clock(ClockCode.REVIEW).result is ClockResult.MET
    assert story.clock(ClockCode.REVIEW, part=2).due_at == later
    story.step(Verb.REVIEW, State.IN_PROGRESS, moment="2027-03-31 09:00")
    assert story.clock(ClockCode.SOLVE).due_at == at("2027-04-06 17:30"), "126 days later; 5 April is a holiday"
    assert not story.clock(ClockCode.SOLVE).paused


def test_an_extension_stands_beside_the_old_end() -> None:
    until = at("2026-12-20 17:30")
    story = Story().in_progress().step(Verb.APPROVE, kind=ProposalKind.EXTENSION, until=until)
    assert story.clock(ClockCode.SOLVE).due_at == at("2026-11-30 17:30")
    assert story.clock(ClockCode.SOLVE, part=2).due_at == until
    story.step(Verb.RESOLVE, State.RESOLVED, moment="2026-12-10 09:00")
    assert story.clock(ClockCode.SOLVE).result is ClockResult.MISSED
    assert story.clock(ClockCode.SOLVE, part=2).result is ClockResult.MET


def test_a_refused_proposal_moves_no_clock() -> None:
    story = Story().in_progress()
    before = story.clocks()
    story.step(Verb.EXTEND, until=at("2026-12-20 17:30")).step(Verb.REFUSE, kind=ProposalKind.EXTENSION)
    assert story.clocks() == before


def test_a_resolution_starts_verification_and_the_closing_starts_the_rating() -> None:
    story = Story().in_progress().step(Verb.RESOLVE, State.RESOLVED, moment="2026-11-26 09:00")
    assert story.clock(ClockCode.VERIFY).due_at == at("2026-11-30 17:30"), "three days end on a Sunday: Monday"
    story.step(Verb.VERIFY, State.CLOSED, moment="2026-11-27 09:00")
    assert story.clock(ClockCode.RATE).due_at == at("2026-12-11 09:00")
    story.step(Verb.RATE, State.CLOSED, moment="2026-12-01 09:00", solved=True)
    assert story.codes() == []
    assert story.clock(ClockCode.RATE).result is ClockResult.MET


def test_a_rating_that_closes_is_in_time() -> None:
    story = Story().in_progress().step(Verb.RESOLVE, State.RESOLVED).step(Verb.RATE, State.CLOSED, solved=True)
    assert story.clock(ClockCode.RATE).result is ClockResult.MET
    assert story.clock(ClockCode.VERIFY).result is ClockResult.MET


def test_another_round_has_half_the_time_and_the_first_one_stays_as_it_was() -> None:
    story = Story().in_progress().step(Verb.RESOLVE, State.RESOLVED, moment="2026-11-26 09:00")
    story.step(Verb.RATE, State.IN_PROGRESS, moment="2026-11-26 10:00", solved=False)
    first, second = story.clock(ClockCode.SOLVE), story.clock(ClockCode.SOLVE, round_=2)
    assert (first.due_at, first.result) == (at("2026-11-30 17:30"), ClockResult.MET)
    assert (second.started_at, second.due_at) == (at("2026-11-26 10:00"), at("2026-11-30 17:30"))
    assert second.span == Span(Unit.DAYS, 4)


def test_withdrawn_or_dismissed_all_clocks_stop_and_an_objection_starts_them_again() -> None:
    story = Story().step(Verb.APPROVE, State.DISMISSED, moment="2026-11-23 10:00", kind=ProposalKind.DISMISSAL)
    assert story.codes() == []
    assert story.clock(ClockCode.CONTACT).result is ClockResult.VOID
    story.step(Verb.OBJECT, State.REGISTERED, moment="2026-11-24 09:00")
    assert story.clock(ClockCode.ACCEPT, part=2).due_at == at("2026-11-24 11:00")
    story.step(Verb.WITHDRAW, State.CLOSED)
    assert story.codes() == []


def test_a_meeting_sets_the_fourth_clock_and_a_postponement_sets_it_anew() -> None:
    first, second = at("2026-11-25 09:00"), at("2026-12-02 09:00")
    story = Story().accepted().step(Verb.PLACE_ON_AGENDA, State.ON_AGENDA, discussed_at=first)
    story.step(Verb.POSTPONE, discussed_at=second)
    assert story.clock(ClockCode.DISCUSS).due_at == first
    assert story.clock(ClockCode.DISCUSS, part=2).due_at == second
    assert ClockCode.SOLVE in story.codes()


def test_a_new_version_of_the_rules_counts_for_clocks_that_start_later() -> None:
    stricter = RuleSet(
        1, (ClockRule(ClockCode.SOLVE, Span(Unit.WORKING_DAYS, 2)), *DEFAULT_RULES.rules[:3]), effective_from=MONDAY
    )
    almanac = Almanac(RuleBook((DEFAULT_RULES, stricter)), Calendars())
    assert Story(MONDAY - HOUR).clock(ClockCode.SOLVE, almanac=almanac).rule_version == 0
    assert Story(MONDAY).clock(ClockCode.SOLVE, almanac=almanac).due_at == at("2026-11-25 17:30")


def test_a_rule_for_a_category_wins_over_one_for_a_tier() -> None:
    rules = RuleSet(
        1,
        (*DEFAULT_RULES.rules, ClockRule(ClockCode.SOLVE, Span(Unit.DAYS, 1), category="street_light")),
        effective_from=MONDAY,
    )
    almanac = Almanac(RuleBook((DEFAULT_RULES, rules)), Calendars())
    assert Story(tier=Tier.COMPLEX).clock(ClockCode.SOLVE, almanac=almanac).due_at == at("2026-11-24 17:30")


def test_a_deadline_in_a_year_that_was_not_announced_is_provisional_until_it_is() -> None:
    start = at("2026-12-28 09:00")
    clock = Story(start).clock(ClockCode.SOLVE)
    assert clock.due_at == at("2027-01-04 17:30")
    assert (clock.provisional, clock.calendar) == (True, ((2026, 0), (2027, 0)))
    bridge = Words("元旦调休", "day off around New Year")
    published = CalendarYear(
        2027,
        1,
        {date(2027, 1, 1): bridge, date(2027, 1, 4): bridge},
        frozenset(),
        announced=True,
        source=bridge,
        published_at=start,
    )
    clock = Story(start).clock(ClockCode.SOLVE, almanac=Almanac(SHIPPED.rules, Calendars((published,))))
    assert clock.due_at == at("2027-01-05 17:30")
    assert (clock.provisional, clock.calendar) == (False, ((2026, 0), (2027, 1)))
    assert clock.days_off == ((date(2027, 1, 4), bridge),)


def test_plain_hours_do_not_depend_on_the_calendar() -> None:
    assert not Story(at("2026-12-31 23:00"), Tier.UTILITIES).clock(ClockCode.SOLVE).provisional


def test_the_past_is_not_changed_by_a_later_correction_of_the_calendar() -> None:
    story = Story().in_progress().step(Verb.RESOLVE, State.RESOLVED, moment="2026-11-30 17:00")
    off = Words("临时放假", "an extra day off")
    late = CalendarYear(
        2026, 1, {date(2026, 11, 30): off}, frozenset(), announced=True, source=off, published_at=at("2026-12-01 09:00")
    )
    assert story.clocks(Almanac(SHIPPED.rules, Calendars((late,))))[2] == story.clock(ClockCode.SOLVE)


def watch(story: Story, told: Told | None = None, tier: Tier = Tier.GENERAL) -> Watch:
    return Watch(story.clocks(), told or Told(), WorkingCalendar(shipped_year), tier)


def test_each_level_is_reached_once_in_order_and_in_office_hours() -> None:
    story = Story().step(Verb.CONTACT).in_progress()
    looking, found = watch(story), []
    while (moment := looking.next_look()) is not None:
        levels = looking.levels_due(moment)
        found += [(level, moment) for level in levels]
        looking = looking.after(levels, looking.misses_due(moment))
    assert [level for level, _ in found] == [50, 80, 100, 150, 300]
    assert found[2][1] == story.clock(ClockCode.SOLVE).due_at
    calendar = WorkingCalendar(shipped_year)
    assert all(calendar.opening(moment) == moment for _, moment in found)


def test_danger_is_escalated_at_night() -> None:
    story = Story(at("2026-11-28 23:00"), Tier.DANGER).step(Verb.CONTACT).in_progress(Tier.DANGER)
    assert watch(story, tier=Tier.DANGER).next_look() == at("2026-11-29 00:00")


def test_levels_that_were_slept_through_are_all_due_and_none_twice() -> None:
    looking = watch(Story().in_progress(), Told(((1, 50),)))
    assert looking.levels_due(at("2026-12-01 09:00")) == [80, 100]
    assert looking.after([80, 100], []).levels_due(at("2026-12-01 09:00")) == []
    assert looking.after([80, 100], []).level == 100


def test_nothing_is_escalated_while_the_clock_stands_still_or_after_it_stopped() -> None:
    waiting = Story().in_progress().step(Verb.ASK, State.WAITING)
    assert watch(waiting).levels_due(at("2027-06-01 09:00")) == []
    assert watch(waiting).next_look() is None
    resolved = Story().in_progress().step(Verb.RESOLVE, State.RESOLVED)
    assert watch(resolved, Told(((1, 100),))).level == 0


def test_an_extension_moves_the_levels_that_lie_ahead() -> None:
    story = Story().in_progress().step(Verb.APPROVE, kind=ProposalKind.EXTENSION, until=at("2026-12-20 17:30"))
    assert watch(story, Told(((1, 80),))).levels_due(at("2026-12-20 17:00")) == []
    assert watch(story, Told(((1, 80),))).levels_due(at("2026-12-21 08:30")) == [100]


def test_another_round_is_escalated_anew() -> None:
    story = Story().in_progress().step(Verb.RESOLVE, State.RESOLVED).step(Verb.REOPEN, State.IN_PROGRESS)
    assert watch(story, Told(((1, 300),))).level == 0
    assert watch(story, Told(((1, 300),))).levels_due(at("2027-06-01 09:00")) == [50, 80, 100, 150, 300]


def test_a_missed_acceptance_is_told_once() -> None:
    looking, late = watch(Story()), at("2026-11-23 11:00")
    assert [clock.code for clock in looking.misses_due(late)] == [ClockCode.ACCEPT]
    assert looking.after([], looking.misses_due(late)).misses_due(late) == []


WAYS: dict[State | None, tuple[tuple[Verb, State], ...]] = {
    State.REGISTERED: ((Verb.ACCEPT, State.ACCEPTED), (Verb.APPROVE, State.DISMISSED), (Verb.WITHDRAW, State.CLOSED)),
    State.DISMISSED: ((Verb.OBJECT, State.REGISTERED),),
    State.ACCEPTED: ((Verb.ASSIGN, State.ASSIGNED), (Verb.PLACE_ON_AGENDA, State.ON_AGENDA)),
    State.ON_AGENDA: ((Verb.POSTPONE, State.ON_AGENDA), (Verb.ASSIGN, State.ASSIGNED), (Verb.DECLINE, State.RESOLVED)),
    State.ASSIGNED: ((Verb.SIGN, State.IN_PROGRESS), (Verb.RETURN, State.ACCEPTED)),
    State.IN_PROGRESS: ((Verb.ASK, State.WAITING), (Verb.APPROVE, State.DEFERRED), (Verb.RESOLVE, State.RESOLVED)),
    State.WAITING: ((Verb.ANSWER, State.IN_PROGRESS), (Verb.APPROVE, State.DEFERRED)),
    State.DEFERRED: ((Verb.REVIEW, State.IN_PROGRESS), (Verb.REVIEW, State.DEFERRED)),
    State.RESOLVED: ((Verb.RATE, State.CLOSED), (Verb.RATE, State.IN_PROGRESS), (Verb.VERIFY, State.CLOSED)),
    State.CLOSED: ((Verb.REOPEN, State.IN_PROGRESS), (Verb.RATE, State.CLOSED)),
}


@st.composite
def stories(draw: st.DrawFn) -> Story:
    story = Story(MONDAY + timedelta(minutes=draw(st.integers(0, 60_000))), draw(st.sampled_from(Tier)))
    for _ in range(draw(st.integers(0, 14))):
        verb, target = draw(st.sampled_from(WAYS[story.state]))
        story.now += timedelta(minutes=draw(st.integers(0, 8_000)))
        ahead = story.now + timedelta(days=draw(st.integers(1, 60)))
        story.step(
            verb,
            target,
            tier=draw(st.sampled_from(Tier)),
            review_at=ahead,
            discussed_at=ahead,
            until=ahead,
            solved=True,
        )
    return story


@given(stories(), st.randoms())
def test_replaying_a_history_gives_the_same_deadlines(story: Story, random: Any) -> None:
    stored = [
        HistoryEntry(e.id, Verb(str(e.verb)), e.source, e.target, e.by, e.at, e.note, e.round, dict(e.details))
        for e in story.entries
    ]
    random.shuffle(stored)
    assert Almanac(RuleBook((DEFAULT_RULES,)), Calendars()).clocks(story.facts, stored) == story.clocks()


@given(stories(), st.sets(st.integers(0, 120), max_size=15))
def test_a_further_holiday_brings_no_deadline_of_a_history_forward(story: Story, extra: set[int]) -> None:
    """Of any clock, in any round, with its pauses; and a clock with no end by the calendar does not move at all."""
    off = {local_date(story.facts.registered_at) + timedelta(days=number) for number in extra}
    more = []
    for year in {day.year for day in off}:
        known = shipped_year(year)
        days = {**known.holidays, **dict.fromkeys((day for day in off if day.year == year), Words("放假", "off"))}
        more.append(replace(known, version=1, holidays=days, make_up_days=known.make_up_days - off))
    before, after = story.clocks(), story.clocks(Almanac(SHIPPED.rules, Calendars(tuple(more))))
    for old, new in zip(before, after, strict=True):
        assert (old.key, old.started_at, old.pauses) == (new.key, new.started_at, new.pauses)
        assert new.due_at >= old.due_at
        assert new.calendar or new.due_at == old.due_at


@given(stories())
def test_a_clock_that_has_stopped_is_not_moved_by_later_steps(story: Story) -> None:
    for number in range(1, len(story.entries) + 1):
        early = {c.key: c for c in SHIPPED.clocks(story.facts, story.entries[:number]) if not c.running}
        now = {clock.key: clock for clock in story.clocks()}
        assert all(now[key] == clock for key, clock in early.items())


@given(stories())
def test_no_clock_runs_on_a_closed_issue_but_the_rating(story: Story) -> None:
    if story.state is State.CLOSED:
        assert set(story.codes()) <= {ClockCode.RATE}
    if story.state in (State.ACCEPTED, State.IN_PROGRESS, State.ASSIGNED, State.WAITING, State.DEFERRED):
        assert story.codes().count(ClockCode.SOLVE) == 1


def test_a_step_that_is_not_known_moves_no_clock() -> None:
    story = Story().in_progress()
    before = story.clocks()
    story.step(Verb.URGE).step(Verb.BRING_UP).step(Verb.CONTACT)
    assert story.clocks()[2:] == before[2:]


def test_new_ids_do_not_matter() -> None:
    story = Story().in_progress()
    renamed = [
        HistoryEntry(new_id(), e.verb, e.source, e.target, e.by, e.at, None, 1, e.details) for e in story.entries
    ]
    assert SHIPPED.clocks(story.facts, renamed) == story.clocks()
