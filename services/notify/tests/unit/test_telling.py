"""Who is told, once, in the right words."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.notify.domain.errors import NotificationNotFound
from services.notify.domain.wording import Vocabulary, put_into_words
from services.notify.rulebook import LABELS
from services.notify.tests.builders import WEDNESDAY, an_issue_assigned, an_issue_registered
from services.notify.tests.memory import MemoryUnitOfWork
from services.notify.use_cases.keep_membership import KeepMembership, keep_membership
from services.notify.use_cases.read_all_notifications import ReadAllNotifications, read_all_notifications
from services.notify.use_cases.read_notification import ReadNotification, read_notification
from services.notify.use_cases.tell_people import TellPeople, tell_people
from shared.contracts.gateway import MembershipGranted
from shared.contracts.issues import IssueResolved
from shared.contracts.message import Message
from shared.ids import new_id
from shared.principal import Role


def telling(message: Message, message_id: UUID | None = None) -> TellPeople:
    return TellPeople(message_id or new_id(), message.message_type, message.model_dump(), WEDNESDAY)


async def somebody_with(uow: MemoryUnitOfWork, role: Role, organisation: UUID | None = None) -> UUID:
    person = new_id()
    await uow.directory.grant(new_id(), person, organisation, role.value, WEDNESDAY)
    return person


async def test_the_reporter_gets_a_receipt_and_every_duty_officer_a_task() -> None:
    uow, reporter = MemoryUnitOfWork(), new_id()
    officers = [await somebody_with(uow, Role.DUTY_OFFICER) for _ in range(2)]
    handler = await somebody_with(uow, Role.HANDLER)
    assert await tell_people(telling(an_issue_registered(reported_by=reporter)), uow) == 3
    assert uow.inboxes.of(reporter) == ["issue-receipt"]
    assert [uow.inboxes.of(officer) for officer in officers] == [["issue-to-accept"], ["issue-to-accept"]]
    assert uow.inboxes.of(handler) == []


async def test_who_stands_in_two_audiences_is_told_once() -> None:
    uow = MemoryUnitOfWork()
    officer = await somebody_with(uow, Role.DUTY_OFFICER)
    await uow.directory.grant(new_id(), officer, new_id(), Role.DUTY_OFFICER.value, WEDNESDAY)
    await tell_people(telling(an_issue_registered(reported_by=officer)), uow)
    assert uow.inboxes.of(officer) == ["issue-receipt"]


async def test_the_same_message_twice_tells_nobody_twice() -> None:
    uow, reporter, message_id = MemoryUnitOfWork(), new_id(), new_id()
    for _ in range(2):
        await tell_people(telling(an_issue_registered(reported_by=reporter), message_id), uow)
    assert uow.inboxes.of(reporter) == ["issue-receipt"]


async def test_only_the_responsible_organisation_is_asked_to_sign() -> None:
    uow, company = MemoryUnitOfWork(), new_id()
    ours, theirs = await somebody_with(uow, Role.HANDLER, company), await somebody_with(uow, Role.HANDLER, new_id())
    await tell_people(telling(an_issue_assigned(new_id(), company)), uow)
    assert uow.inboxes.of(ours) == ["issue-to-sign"]
    assert uow.inboxes.of(theirs) == []


async def test_a_role_within_an_organisation_that_is_not_named_tells_nobody() -> None:
    uow = MemoryUnitOfWork()
    await somebody_with(uow, Role.HANDLER, new_id())
    fields = {**an_issue_assigned(new_id(), new_id()).model_dump(), "responsible_organisation": None}
    assert await tell_people(TellPeople(new_id(), "issues.issue_assigned.v1", fields, WEDNESDAY), uow) == 0


async def test_who_did_it_is_not_told() -> None:
    uow = MemoryUnitOfWork()
    verifier = await somebody_with(uow, Role.VERIFIER)
    resolved = IssueResolved(issue_id=new_id(), number="1", category="noise", outcome="solved", resolved_by=verifier)
    assert await tell_people(telling(resolved), uow) == 0


async def test_who_lost_the_role_is_not_told_any_more() -> None:
    uow, membership, person = MemoryUnitOfWork(), new_id(), new_id()
    granted = MembershipGranted(membership_id=membership, person_id=person, role="duty_officer")
    for holds in (True, False):
        fact = TellPeople(new_id(), granted.message_type, granted.model_dump(), WEDNESDAY)
        await keep_membership(KeepMembership(membership, person, None, "duty_officer", holds, WEDNESDAY, fact), uow)
    await tell_people(telling(an_issue_registered()), uow)
    assert uow.inboxes.of(person) == ["role-granted", "role-granted"]


async def test_a_message_that_concerns_nobody_by_name_tells_nobody() -> None:
    uow = MemoryUnitOfWork()
    assert await tell_people(telling(an_issue_registered(reported_by=None)), uow) == 0


async def test_reading_counts_once_and_only_for_the_person_itself() -> None:
    uow, reporter = MemoryUnitOfWork(), new_id()
    await tell_people(telling(an_issue_registered(reported_by=reporter)), uow)
    (notification,) = uow.inboxes.all
    with pytest.raises(NotificationNotFound):
        await read_notification(ReadNotification(notification.id, new_id()), uow)
    first = await read_notification(ReadNotification(notification.id, reporter), uow)
    assert first.read_at == WEDNESDAY
    assert await read_all_notifications(ReadAllNotifications(reporter), uow) == 0


@pytest.mark.parametrize(
    ("template", "language", "words"),
    [
        ("{due_at:moment}", "zh", "11月25日 10:00"),
        ("{due_at:moment}", "en", "25 Nov 10:00"),
        ("{nothing:moment}", "zh", "未定"),
        ("{nothing}", "en", "not set"),
        ("{tier:tier}", "zh", "一般事项（7天）"),
        ("{own:category}", "zh", "made_here"),
        ("{solved:solved}", "en", "not solved"),
        ("{by:organisation}", "zh", "翡翠物业"),
        ("{stranger:organisation}", "en", "the unit concerned"),
        ("{community:name}", "zh", "翡翠城社区"),
        ("{title}", "zh", "邻里{百家}宴"),
    ],
)
def test_fields_are_put_into_the_words_of_residents(template: str, language: str, words: str) -> None:
    company = new_id()
    fields = {
        "due_at": datetime(2026, 11, 25, 2, tzinfo=UTC),
        "nothing": None,
        "tier": "general",
        "own": "made_here",
        "solved": False,
        "by": company,
        "stranger": new_id(),
        "title": "邻里{百家}宴",
    }
    vocabulary = Vocabulary(LABELS, "feicuicheng", "翡翠城社区", {company: "翡翠物业"})
    assert put_into_words(template, fields, vocabulary, "en" if language == "en" else "zh") == words


def test_a_field_that_the_message_lacks_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        put_into_words("{nowhere}", {}, Vocabulary(LABELS, "c", "c"), "zh")
