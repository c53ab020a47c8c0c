"""Partner subscriptions: what flows, in which number, and when the flow stops."""

from datetime import timedelta
from uuid import UUID

import pytest

from services.notify.domain.delivery import DeliveryState, Outcome
from services.notify.domain.errors import (
    FilterNotPossible,
    SubscriptionNotFound,
    SubscriptionStateRefuses,
    TooManySubscriptions,
)
from services.notify.domain.retry import STANDARD_SCHEDULE, RetrySchedule
from services.notify.domain.subscription import Channel, Filters, State, Subscription
from services.notify.tests.builders import WEDNESDAY, a_subscription, an_issue_assigned, an_issue_registered
from services.notify.tests.memory import MemoryUnitOfWork
from services.notify.use_cases.create_subscription import CreateSubscription, create_subscription
from services.notify.use_cases.delete_subscription import DeleteSubscription, delete_subscription
from services.notify.use_cases.hand_over_waiting import HandOverWaiting, hand_over_waiting
from services.notify.use_cases.hand_to_partners import HandToPartners, hand_to_partners
from services.notify.use_cases.pause_subscription import PauseSubscription, pause_subscription
from services.notify.use_cases.ping_subscription import PingSubscription, ping_subscription
from services.notify.use_cases.record_try import RecordTry, record_try
from services.notify.use_cases.rest_feed import RestFeed, rest_feed
from services.notify.use_cases.resume_subscription import ResumeSubscription, resume_subscription
from services.notify.use_cases.rotate_secret import RotateSecret, rotate_secret
from shared.contracts.issues import WhistleBlown, WhistleUnitDone
from shared.contracts.message import Message
from shared.contracts.notify import SubscriptionCreated, SubscriptionDisabled
from shared.contracts.volunteers import PointsAwarded, WishPublished
from shared.ids import new_id
from shared.principal import Role

SCHEDULE = RetrySchedule(STANDARD_SCHEDULE, lambda: 0.0)


def handing(message: Message) -> HandToPartners:
    return HandToPartners(new_id(), message.message_type, message.aggregate_id, message.model_dump(), WEDNESDAY)


async def with_one(subscription: Subscription) -> MemoryUnitOfWork:
    uow = MemoryUnitOfWork()
    await uow.subscriptions.add(subscription)
    return uow


def came_to(status: int | None, retry_after: timedelta | None = None) -> Outcome:
    return Outcome(WEDNESDAY, timedelta(milliseconds=5), status, None if status == 200 else "status", retry_after)


async def try_next(uow: MemoryUnitOfWork, subscription: Subscription, outcome: Outcome) -> None:
    (delivery,) = await uow.feeds.waiting(subscription.id, limit=1)
    await record_try(RecordTry(subscription.id, delivery.id, outcome, SCHEDULE), uow)


async def state_of(uow: MemoryUnitOfWork, subscription: Subscription) -> State:
    return (await uow.subscriptions.get(subscription.id)).state


async def test_creating_publishes_it_and_tells_the_unit() -> None:
    uow, organisation, person = MemoryUnitOfWork(), new_id(), new_id()
    await uow.directory.grant(new_id(), person, organisation, Role.PARTNER.value, WEDNESDAY)
    command = CreateSubscription(
        new_id(), organisation, "值班室", Channel.WEBHOOK, "https://a.example.com/", Filters(), b"x", new_id()
    )
    made = await create_subscription(command, uow)
    assert uow.published == [
        SubscriptionCreated(subscription_id=made.id, organisation_id=organisation, channel="webhook")
    ]
    assert uow.inboxes.of(person) == ["subscription-created"]


@pytest.mark.parametrize(
    "wrong", ["volunteers.points_awarded.v1", "gateway.membership_granted.v1", "issues.nothing.v1"]
)
async def test_types_that_partners_do_not_get_are_refused(wrong: str) -> None:
    filters = Filters(types=(wrong,))
    command = CreateSubscription(new_id(), new_id(), "x", Channel.NATS, None, filters, b"x", new_id())
    with pytest.raises(FilterNotPossible, match=wrong):
        await create_subscription(command, MemoryUnitOfWork())


async def test_an_organisation_has_at_most_twenty() -> None:
    uow, organisation = MemoryUnitOfWork(), new_id()
    for _ in range(20):
        await uow.subscriptions.add(a_subscription(organisation=organisation))
    command = CreateSubscription(new_id(), organisation, "x", Channel.NATS, None, Filters(), b"x", new_id())
    with pytest.raises(TooManySubscriptions):
        await create_subscription(command, uow)


async def test_numbers_have_no_gaps_and_count_per_subscription() -> None:
    everything, lights = a_subscription(), a_subscription(filters=Filters(categories=("street_light",)))
    uow = await with_one(everything)
    await uow.subscriptions.add(lights)
    for category in ("noise", "street_light", "noise", "street_light"):
        await hand_to_partners(handing(an_issue_registered(category=category)), uow)
    assert [d.sequence for d in uow.feeds.of(everything.id)] == [1, 2, 3, 4]
    assert [d.sequence for d in uow.feeds.of(lights.id)] == [1, 2]


async def test_a_filter_on_severity_holds_for_all_later_facts_of_the_issue() -> None:
    subscription = a_subscription(filters=Filters(severities=("danger",)))
    uow = await with_one(subscription)
    danger, general = an_issue_registered(severity="danger"), an_issue_registered(severity="general")
    for issue in (danger, general):
        await hand_to_partners(handing(issue), uow)
        await hand_to_partners(handing(an_issue_assigned(issue.issue_id, new_id())), uow)
    subjects = [d.body for d in uow.feeds.of(subscription.id)]
    assert len(subjects) == 2
    assert all(str(danger.issue_id).encode() in body for body in subjects)


@pytest.mark.parametrize(
    ("kind", "category"),
    [
        ("dispute", "other"),
        ("complaint", "neighbour_quarrel"),
        ("request", "care"),
        ("complaint", "discipline"),
        ("complaint", "discipline_02_01"),
    ],
)
async def test_what_is_private_by_construction_never_leaves_neither_do_its_later_facts(
    kind: str, category: str
) -> None:
    subscription = a_subscription()
    uow = await with_one(subscription)
    issue = an_issue_registered(kind=kind, category=category)
    await hand_to_partners(handing(issue), uow)
    await hand_to_partners(handing(an_issue_assigned(issue.issue_id, new_id())), uow)
    assert uow.feeds.of(subscription.id) == []


async def test_persons_never_leave() -> None:
    subscription, person = a_subscription(), new_id()
    uow = await with_one(subscription)
    awarded = PointsAwarded(transfer_id=new_id(), person_id=person, points=1, rule="wish_lit", balance=1)
    for message in (
        an_issue_registered(reported_by=person),
        an_issue_assigned(new_id(), new_id(), person),
        WishPublished(wish_id=new_id(), wished_by=person),
        awarded,
    ):
        await hand_to_partners(handing(message), uow)
    bodies = [delivery.body.decode() for delivery in uow.feeds.of(subscription.id)]
    assert len(bodies) == 3
    assert not any(str(person) in body for body in bodies)


async def test_the_schedule_of_the_specification_then_disabled_and_the_unit_is_told() -> None:
    subscription, person = a_subscription(), new_id()
    uow = await with_one(subscription)
    await uow.directory.grant(new_id(), person, subscription.organisation, Role.PARTNER.value, WEDNESDAY)
    await hand_to_partners(handing(an_issue_registered()), uow)
    waits = []
    for _ in range(9):
        await try_next(uow, subscription, came_to(500))
        due = uow.feeds.next_try[subscription.id]
        assert due is not None
        waits.append(due - WEDNESDAY)
    assert waits == list(STANDARD_SCHEDULE[1:])
    await try_next(uow, subscription, came_to(None))
    assert await state_of(uow, subscription) is State.DISABLED
    assert uow.published == [
        SubscriptionDisabled(
            subscription_id=subscription.id, organisation_id=subscription.organisation, reason="exhausted"
        )
    ]
    assert uow.inboxes.of(person) == ["subscription-disabled"]
    assert len(uow.feeds.attempts) == 10


@pytest.mark.parametrize(
    ("asked", "waits"),
    [
        (timedelta(seconds=1), timedelta(seconds=5)),
        (timedelta(minutes=10), timedelta(minutes=10)),
        (timedelta(days=30), timedelta(hours=24)),
    ],
)
async def test_a_longer_retry_after_counts_but_not_for_ever(asked: timedelta, waits: timedelta) -> None:
    subscription = a_subscription()
    uow = await with_one(subscription)
    await hand_to_partners(handing(an_issue_registered()), uow)
    await try_next(uow, subscription, came_to(503, asked))
    assert uow.feeds.next_try[subscription.id] == WEDNESDAY + waits


async def test_jitter_only_ever_adds() -> None:
    eager, lazy = RetrySchedule(STANDARD_SCHEDULE, lambda: 0.0), RetrySchedule(STANDARD_SCHEDULE, lambda: 1.0)
    for tries in range(1, 10):
        first, last = eager.next_try(tries, WEDNESDAY), lazy.next_try(tries, WEDNESDAY)
        assert first
        assert last
        assert first <= last <= WEDNESDAY + STANDARD_SCHEDULE[tries] * 1.2


async def test_what_came_while_it_was_disabled_follows_in_order_after_a_resumption() -> None:
    subscription = a_subscription()
    uow = await with_one(subscription)
    await hand_to_partners(handing(an_issue_registered()), uow)
    await try_next(uow, subscription, came_to(410))
    assert await state_of(uow, subscription) is State.DISABLED
    await hand_to_partners(handing(an_issue_registered()), uow)
    await resume_subscription(ResumeSubscription(subscription.id), uow)
    for number in (1, 2):
        (waiting,) = await uow.feeds.waiting(subscription.id, limit=1)
        assert (waiting.sequence, waiting.tries) == (number, 0)
        await try_next(uow, subscription, came_to(200))
    assert uow.feeds.next_try[subscription.id] is None
    assert {d.state for d in uow.feeds.of(subscription.id)} == {DeliveryState.DELIVERED}


async def test_a_late_answer_for_a_delivered_message_changes_nothing() -> None:
    subscription = a_subscription()
    uow = await with_one(subscription)
    await hand_to_partners(handing(an_issue_registered()), uow)
    (delivery,) = uow.feeds.of(subscription.id)
    for outcome in (came_to(200), came_to(410)):
        await record_try(RecordTry(subscription.id, delivery.id, outcome, SCHEDULE), uow)
    assert await state_of(uow, subscription) is State.ACTIVE


async def test_a_stream_gets_its_messages_at_once_and_after_a_pause_in_order() -> None:
    subscription = a_subscription(Channel.NATS)
    uow = await with_one(subscription)
    await hand_to_partners(handing(an_issue_registered()), uow)
    await pause_subscription(PauseSubscription(subscription.id), uow)
    for _ in range(2):
        await hand_to_partners(handing(an_issue_registered()), uow)
    assert [message.sequence for message in uow.to_partners] == [1]
    assert await hand_over_waiting(HandOverWaiting(subscription.id), uow) == 0
    await resume_subscription(ResumeSubscription(subscription.id), uow)
    await hand_to_partners(handing(an_issue_registered()), uow)
    assert [message.sequence for message in uow.to_partners] == [1, 2, 3, 4]
    for message, delivery in zip(uow.to_partners, uow.feeds.of(subscription.id), strict=True):
        assert message.body() == delivery.body, "the document that was kept is the one that goes out"


async def test_an_active_one_cannot_be_resumed_and_a_paused_one_neither_paused_nor_pinged() -> None:
    subscription = a_subscription()
    uow = await with_one(subscription)
    with pytest.raises(SubscriptionStateRefuses):
        await resume_subscription(ResumeSubscription(subscription.id), uow)
    await pause_subscription(PauseSubscription(subscription.id), uow)
    with pytest.raises(SubscriptionStateRefuses):
        await pause_subscription(PauseSubscription(subscription.id), uow)
    with pytest.raises(SubscriptionStateRefuses):
        await ping_subscription(PingSubscription(subscription.id), uow)


async def test_the_old_secret_ends_a_day_after_the_rotation() -> None:
    subscription = a_subscription()
    uow = await with_one(subscription)
    rotated = await rotate_secret(RotateSecret(subscription.id, b"new"), uow)
    assert rotated.credentials_at(WEDNESDAY) == (b"new", b"sealed")
    assert rotated.credentials_at(WEDNESDAY + timedelta(hours=24)) == (b"new",)


@pytest.mark.parametrize("of", [frozenset[UUID](), frozenset({new_id()})])
async def test_another_organisation_finds_nothing(of: frozenset[UUID]) -> None:
    subscription = a_subscription()
    uow = await with_one(subscription)
    for attempt in (
        pause_subscription(PauseSubscription(subscription.id, of), uow),
        resume_subscription(ResumeSubscription(subscription.id, of), uow),
        rotate_secret(RotateSecret(subscription.id, b"x", of), uow),
        ping_subscription(PingSubscription(subscription.id, of), uow),
        delete_subscription(DeleteSubscription(subscription.id, of), uow),
    ):
        with pytest.raises(SubscriptionNotFound):
            await attempt


async def test_deleting_forgets_what_waits() -> None:
    subscription = a_subscription()
    uow = await with_one(subscription)
    await hand_to_partners(handing(an_issue_registered()), uow)
    await delete_subscription(DeleteSubscription(subscription.id), uow)
    assert uow.feeds.of(subscription.id) == []
    assert [type(message) for message in uow.published] == [SubscriptionDisabled]
    assert await hand_to_partners(handing(an_issue_registered()), uow) == 0


async def test_a_feed_rests_only_when_nothing_waits() -> None:
    subscription = a_subscription()
    uow = await with_one(subscription)
    assert await rest_feed(RestFeed(subscription.id), uow)
    await ping_subscription(PingSubscription(subscription.id), uow)
    assert not await rest_feed(RestFeed(subscription.id), uow)


def called(organisation: UUID, *, category: str = "street_light", kind: str = "hazard") -> WhistleBlown:
    return WhistleBlown(
        whistle_id=new_id(),
        issue_id=new_id(),
        number="FCC-2026-000123",
        kind=kind,
        category=category,
        level="red",
        organisation_id=organisation,
        due_at=WEDNESDAY,
        blown_by=new_id(),
    )


async def test_a_whistle_is_heard_by_the_called_unit_alone() -> None:
    ours, theirs = a_subscription(), a_subscription()
    uow = await with_one(ours)
    await uow.subscriptions.add(theirs)
    assert await hand_to_partners(handing(called(ours.organisation)), uow) == 1
    (delivery,) = uow.feeds.of(ours.id)
    assert b"blown_by" not in delivery.body
    assert uow.feeds.of(theirs.id) == []


async def test_a_whistle_about_a_dispute_and_all_that_follows_reaches_no_partner() -> None:
    ours = a_subscription()
    uow = await with_one(ours)
    blown = called(ours.organisation, kind="dispute")
    assert await hand_to_partners(handing(blown), uow) == 0
    done = WhistleUnitDone(
        whistle_id=blown.whistle_id,
        issue_id=blown.issue_id,
        number=blown.number,
        level="red",
        organisation_id=ours.organisation,
        done_by=new_id(),
    )
    assert await hand_to_partners(handing(done), uow) == 0
