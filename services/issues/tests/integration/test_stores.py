"""One list of scenarios over both kinds of stores: what the unit tests believe is what PostgreSQL does."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.issues.domain.card import Card
from services.issues.domain.co_handling import ChildTask, CoHandler
from services.issues.domain.errors.issues import IssueNotFound
from services.issues.domain.errors.meetings import MeetingNotFound
from services.issues.domain.errors.routing import RulesRefused
from services.issues.domain.errors.work import TaskNotFound
from services.issues.domain.issue import Issue
from services.issues.domain.meeting import Meeting, Participant
from services.issues.domain.meetings.quorum import Quorum
from services.issues.domain.place import Place
from services.issues.domain.routing import Matter, Rule, RuleSet
from services.issues.domain.words.issues import Outcome, State
from services.issues.domain.words.meetings import Decision, MeetingKind, Seat
from services.issues.domain.words.publicity import Consent
from services.issues.domain.words.work import TaskState
from services.issues.ports.issues import Origin
from services.issues.ports.routing import Waiting
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.ports.work import SharedWork
from services.issues.tests.builders import (
    BUILDING,
    CHAIR,
    NEIGHBOUR,
    NOW,
    OFFICER,
    OTHER_HANDLER,
    PROPERTY,
    RESIDENT,
    SECRETARY,
    UNIT,
    an_issue,
)
from services.issues.tests.integration.town import Town
from services.issues.tests.memory.unit_of_work import MemoryUnitOfWork
from shared.errors import ConcurrentChange, Invalid, PreconditionFailed
from shared.ids import new_id

Begin = Callable[[], AbstractAsyncContextManager[IssuesUnitOfWork]]
SCENARIOS: list[Callable[[Begin], Awaitable[None]]] = []


def scenario(test: Callable[[Begin], Awaitable[None]]) -> Callable[[Begin], Awaitable[None]]:
    SCENARIOS.append(test)
    return test


@pytest.fixture(params=["memory", "postgresql"])
async def begin(request: pytest.FixtureRequest, town: Town) -> AsyncIterator[Begin]:
    if request.param == "memory":
        memory = MemoryUnitOfWork()

        @asynccontextmanager
        async def in_memory() -> AsyncIterator[Any]:
            async with memory:
                yield memory
                await memory.finish(None)

        yield in_memory
        return

    @asynccontextmanager
    async def in_postgresql() -> AsyncIterator[Any]:
        async with town.app.state.unit_of_work(town.community, correlation_id="test") as uow:
            yield uow
            await uow.finish(None)

    yield in_postgresql


async def kept(begin: Begin, issue: Issue, origin: Origin | None = None) -> Issue:
    async with begin() as uow:
        issue.number = uow.issues.next_number()
        await uow.issues.add(issue, origin=origin)
    return issue


@scenario
async def an_issue_comes_back_as_it_was(begin: Begin) -> None:
    for state in State:
        issue = await kept(begin, an_issue())
        wanted = an_issue(state)
        async with begin() as uow:
            await uow.issues.save(replace(wanted, id=issue.id, number=issue.number, happened=[]))
        async with begin() as uow:
            found = await uow.issues.get(issue.id, seen_by=RESIDENT)
        assert found == replace(wanted, id=issue.id, number=issue.number, version=2)


@scenario
async def numbers_follow_each_other(begin: Begin) -> None:
    first, second = await kept(begin, an_issue()), await kept(begin, an_issue())
    assert (first.number, second.number) == ("FCC-2026-000001", "FCC-2026-000002")


@scenario
async def a_stranger_finds_nothing(begin: Begin) -> None:
    issue = await kept(begin, an_issue())
    async with begin() as uow:
        for issue_id in (issue.id, new_id()):
            with pytest.raises(IssueNotFound):
                await uow.issues.get(issue_id, seen_by=NEIGHBOUR)


@scenario
async def an_outdated_version_is_refused(begin: Begin) -> None:
    issue = await kept(begin, an_issue())
    async with begin() as uow:
        with pytest.raises(PreconditionFailed):
            await uow.issues.get(issue.id, seen_by=RESIDENT, expected_version=7)


@scenario
async def the_second_of_two_writers_is_refused(begin: Begin) -> None:
    issue = await kept(begin, an_issue())
    async with begin() as uow:
        mine = await uow.issues.get(issue.id, seen_by=OFFICER)
    async with begin() as uow:
        theirs = await uow.issues.get(issue.id, seen_by=OFFICER)
        await uow.issues.save(theirs)
    assert theirs.version == 2
    with pytest.raises(ConcurrentChange):
        async with begin() as uow:
            await uow.issues.save(mine)


@scenario
async def an_origin_is_known_afterwards(begin: Begin) -> None:
    issue = await kept(begin, an_issue(), Origin("board", "24", "A00074011"))
    async with begin() as uow:
        assert await uow.issues.known_origins("board", ["24", "25"]) == {"24": (issue.id, issue.number)}
        assert await uow.issues.known_origins("hotline", ["24"]) == {}


@scenario
async def a_meeting_comes_back_with_its_agenda(begin: Begin) -> None:
    issue = await kept(begin, an_issue(State.REGISTERED))
    meeting = a_meeting()
    async with begin() as uow:
        await uow.meetings.add(meeting)
    item = meeting.add_item(issue.id, by=OFFICER, at=NOW)
    item.agree(
        record="记录",
        responsible_organisation=PROPERTY,
        deadline=NOW + timedelta(days=3),
        plan="换线",
        by=CHAIR.person,
        at=NOW,
    )
    async with begin() as uow:
        await uow.meetings.save(meeting)
    async with begin() as uow:
        assert await uow.meetings.get(meeting.id, seen_by=CHAIR) == meeting
    item.conclude(Decision.RESOLVED, CHAIR.person, NOW, outcome=Outcome.SOLVED, public_reply="好了")
    meeting.close(by=CHAIR, at=NOW, quorum=Quorum(3, 2, 2))
    async with begin() as uow:
        await uow.meetings.save(meeting)
    async with begin() as uow:
        assert await uow.meetings.get(meeting.id, seen_by=None) == meeting
    assert meeting.version == 3


@scenario
async def only_participants_and_staff_find_a_meeting(begin: Begin) -> None:
    meeting = a_meeting()
    async with begin() as uow:
        await uow.meetings.add(meeting)
        await uow.meetings.get(meeting.id, seen_by=RESIDENT)
        for meeting_id, who in ((meeting.id, NEIGHBOUR), (new_id(), CHAIR)):
            with pytest.raises(MeetingNotFound):
                await uow.meetings.get(meeting_id, seen_by=who)


@scenario
async def the_directory_knows_the_community(begin: Begin) -> None:
    async with begin() as uow:
        assert (await uow.directory.category("street_light")).name_zh == "路灯不亮"
        await uow.directory.check_organisation(PROPERTY)
        await uow.directory.check_members([SECRETARY.person])
        for wrong in (
            uow.directory.category("moon"),
            uow.directory.check_building(new_id()),
            uow.directory.check_organisation(new_id()),
            uow.directory.check_members([SECRETARY.person, new_id()]),
        ):
            with pytest.raises(Invalid):
                await wrong


@scenario
async def followers_are_counted_once_each(begin: Begin) -> None:
    issue, other = await kept(begin, an_issue()), await kept(begin, an_issue())
    someone, neighbour = new_id(), NEIGHBOUR.person
    async with begin() as uow:
        assert await uow.followers.join(issue.id, someone, NOW) == 1
        assert await uow.followers.join(issue.id, someone, NOW) is None
        assert await uow.followers.join(issue.id, neighbour, NOW) == 2
        assert await uow.followers.join(other.id, someone, NOW) == 1
    async with begin() as uow:
        assert await uow.followers.move(issue.id, other.id, without=None, at=NOW) == 1
        assert await uow.followers.follows(other.id, neighbour)
        assert (await uow.issues.get(other.id, seen_by=OFFICER)).joined == 2
    async with begin() as uow:
        assert await uow.followers.leave(issue.id, someone) == 1
        assert await uow.followers.leave(issue.id, someone) is None
        assert not await uow.followers.follows(issue.id, someone)
        found = await uow.issues.get(issue.id, seen_by=OFFICER)
        assert (found.joined, found.version) == (1, 1)


@scenario
async def a_card_and_shared_work_come_back_as_they_were(begin: Begin) -> None:
    issue = await kept(begin, an_issue(State.ASSIGNED))
    async with begin() as uow:
        found = await uow.issues.get(issue.id, seen_by=OFFICER)
        found.consent, found.card = Consent.WITH_BUILDING, Card("灯", "不亮", True, NOW, OFFICER.person)
        named = CoHandler(UNIT, "断电", OFFICER.person, NOW)
        found.co_handlers, found.open_tasks = frozenset({UNIT}), 1
        task = ChildTask(new_id(), issue.id, "断电", UNIT, NOW + timedelta(days=1), OFFICER.person, NOW)
        await uow.issues.save(found)
        await uow.work.keep_co_handler(issue.id, named)
        await uow.work.add_task(task)
    async with begin() as uow:
        again = await uow.issues.get(issue.id, seen_by=OTHER_HANDLER)
        assert (again.card, again.consent, again.co_handlers) == (found.card, found.consent, found.co_handlers)
        assert await uow.work.of(issue.id) == SharedWork((named,), (task,))
        assert (await uow.work.of(issue.id)).has_open_tasks(UNIT)
        ended = task.ended(TaskState.DONE, "好了", OFFICER.person, NOW)
        await uow.work.save_task(ended)
        await uow.work.keep_co_handler(issue.id, replace(named, part="送电"))
    async with begin() as uow:
        assert await uow.work.task(task.id, issue_id=issue.id) == ended
        assert (await uow.work.of(issue.id)).co_handlers[0].part == "送电"
        await uow.work.release_co_handler(issue.id, UNIT)
        assert (await uow.work.of(issue.id)).co_handlers == ()
        for task_id, issue_id in ((task.id, new_id()), (new_id(), None)):
            with pytest.raises(TaskNotFound):
                await uow.work.task(task_id, issue_id=issue_id)


@scenario
async def the_newest_rules_whose_date_has_come_are_in_force(begin: Begin) -> None:
    await kept(begin, an_issue())
    rules = (Rule(1, PROPERTY), Rule(2, UNIT, category="street_light"))
    first = RuleSet(new_id(), 1, NOW, "纪要", OFFICER.person, NOW, rules)
    later = replace(first, id=new_id(), version=2, effective_from=NOW + timedelta(days=1), rules=())
    async with begin() as uow:
        assert (await uow.routing.in_force(NOW), await uow.routing.newest_version()) == (None, 0)
        await uow.routing.add(first)
        await uow.routing.add(later)
    async with begin() as uow:
        assert await uow.routing.in_force(NOW) == first
        assert await uow.routing.in_force(later.effective_from) == later
        assert await uow.routing.newest_version(expected=2) == 2
        with pytest.raises(PreconditionFailed):
            await uow.routing.newest_version(expected=1)
        suggestion = await uow.routing.suggestion("street_light", Place(BUILDING, None), NOW)
        assert (suggestion.organisation, suggestion.rule) == (UNIT, rules[1])
        assert await uow.routing.waiting() == [Waiting(BUILDING, "street_light", 1)]
        assert (await uow.routing.matters())["gas_supply"] == Matter(("gas_supply", "utilities"), "property")
        with pytest.raises(RulesRefused) as refused:
            await uow.routing.check_known([Rule(1, PROPERTY), Rule(2, new_id())])
        assert list(refused.value.fields) == ["rules[1].organisation"]
    with pytest.raises(ConcurrentChange):
        async with begin() as uow:
            await uow.routing.add(first)


@pytest.mark.parametrize("test", SCENARIOS, ids=lambda test: test.__name__)
async def test_both_stores(test: Callable[[Begin], Awaitable[None]], begin: Begin) -> None:
    await test(begin)


def a_meeting() -> Meeting:
    people = (Participant(RESIDENT.person, Seat.RESIDENT_REPRESENTATIVE), Participant(SECRETARY.person, Seat.SECRETARY))
    return Meeting.convene(
        meeting_id=new_id(),
        kind=MeetingKind.ROUNDTABLE,
        starts_at=NOW + timedelta(days=1),
        place="会议室",
        participants=people,
        by=CHAIR,
        at=NOW,
    )
