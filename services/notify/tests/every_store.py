"""What every implementation of the ports must do: the same scenarios run in memory and on PostgreSQL."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.notify.domain.delivery import Delivery, DeliveryState, Outcome
from services.notify.domain.errors import NotificationNotFound, SubscriptionNotFound
from services.notify.domain.issue_facts import IssueFacts
from services.notify.domain.notification import Notification
from services.notify.domain.subscription import Channel, DisabledBecause, Filters, Subscription
from services.notify.tests.builders import WEDNESDAY, a_subscription
from shared.errors import ConcurrentChange, PreconditionFailed
from shared.ids import new_id
from shared.principal import Role

Begin = Callable[[], Any]
"""`async with begin() as uow` is one transaction."""


def a_notification(person: UUID, message_id: UUID | None = None, template: str = "issue-receipt") -> Notification:
    return Notification(
        id=new_id(),
        person=person,
        message_id=message_id or new_id(),
        template=template,
        template_version=1,
        topic="issues",
        title_zh="诉求已登记",
        title_en="On record",
        body_zh="正文",
        body_en="Text",
        link="/x",
        created_at=WEDNESDAY,
    )


def a_delivery(subscription: Subscription, sequence: int) -> Delivery:
    return Delivery(new_id(), subscription.id, sequence, new_id(), "notify.ping.v1", b"{}", WEDNESDAY)


class EveryStore:
    """Subclasses give the fixture `begin`."""

    async def test_a_notification_is_kept_once_per_message_person_and_template(self, begin: Begin) -> None:
        person, other, message = new_id(), new_id(), new_id()
        async with begin() as uow:
            assert await uow.inboxes.add([a_notification(person, message), a_notification(other, message)]) == 2
        async with begin() as uow:
            again = [a_notification(person, message), a_notification(person, message, "another")]
            assert await uow.inboxes.add(again) == 1

    async def test_reading_is_for_the_person_itself_and_the_first_time_counts(self, begin: Begin) -> None:
        person, notification = new_id(), a_notification(new_id())
        mine = a_notification(person)
        async with begin() as uow:
            await uow.inboxes.add([notification, mine, a_notification(person)])
        async with begin() as uow:
            assert (await uow.inboxes.mark_read(person, mine.id, WEDNESDAY)).read_at == WEDNESDAY
            later = WEDNESDAY + timedelta(hours=1)
            assert (await uow.inboxes.mark_read(person, mine.id, later)).read_at == WEDNESDAY
            assert await uow.inboxes.mark_all_read(person, later) == 1
            assert await uow.inboxes.mark_all_read(person, later) == 0
        with pytest.raises(NotificationNotFound):
            async with begin() as uow:
                await uow.inboxes.mark_read(person, notification.id, WEDNESDAY)

    async def test_holders_of_roles(self, begin: Begin) -> None:
        company, person, colleague, membership = new_id(), new_id(), new_id(), new_id()
        role = Role.HANDLER
        async with begin() as uow:
            await uow.directory.grant(membership, person, company, role.value, WEDNESDAY)
            await uow.directory.grant(new_id(), person, company, Role.VERIFIER.value, WEDNESDAY)
            await uow.directory.grant(new_id(), colleague, None, role.value, WEDNESDAY)
        async with begin() as uow:
            assert await uow.directory.holders([role, Role.VERIFIER], company) == [person]
            everybody = await uow.directory.holders([role])
            assert {person, colleague} <= set(everybody)
            assert len(everybody) == len(set(everybody))
            await uow.directory.end(membership)
            assert await uow.directory.holders([role], company) == []

    async def test_names_are_the_latest_ones(self, begin: Begin) -> None:
        company, stranger = new_id(), new_id()
        async with begin() as uow:
            for name in ("物业", "翡翠物业"):
                await uow.directory.remember_organisation(company, "property", name)
                await uow.directory.remember_community(f"{name}的社区")
        async with begin() as uow:
            assert await uow.directory.organisation_names([company, stranger]) == {company: "翡翠物业"}
            assert await uow.directory.organisation_names([]) == {}
            assert await uow.directory.community_name() == "翡翠物业的社区"

    async def test_facts_of_an_issue_add_up_and_private_stays_private(self, begin: Begin) -> None:
        issue = new_id()
        async with begin() as uow:
            await uow.issue_facts.remember(issue, IssueFacts("dispute", "noise", "general", private=True))
            known = await uow.issue_facts.remember(issue, IssueFacts(category="parking"))
            assert known == IssueFacts("dispute", "parking", "general", private=True)
            assert await uow.issue_facts.remember(new_id(), IssueFacts()) == IssueFacts()

    async def test_a_subscription_comes_back_as_it_went(self, begin: Begin) -> None:
        filters = Filters(("issues.issue_closed.v1",), ("noise",), ("danger",))
        hook, stream = a_subscription(filters=filters), a_subscription(Channel.NATS)
        async with begin() as uow:
            for subscription in (hook, stream):
                await uow.subscriptions.add(subscription)
        async with begin() as uow:
            assert await uow.subscriptions.get(hook.id, of={hook.organisation}, expected_version=1) == hook
            assert await uow.subscriptions.get(stream.id) == stream
            assert await uow.subscriptions.count_of(hook.organisation) == 1
            found = [s.id for s in await uow.subscriptions.all()]
            assert found == sorted(found)
            assert {hook.id, stream.id} <= set(found)
            hook.disable(DisabledBecause.GONE, WEDNESDAY)
            hook.rotate(b"new", WEDNESDAY)
            await uow.subscriptions.save(hook)
            assert hook.version == 2
        async with begin() as uow:
            assert await uow.subscriptions.get(hook.id) == hook

    async def test_other_organisations_other_versions_and_what_is_gone(self, begin: Begin) -> None:
        subscription = a_subscription()
        async with begin() as uow:
            await uow.subscriptions.add(subscription)
        for of, version, refusal in (({new_id()}, None, SubscriptionNotFound), (None, 7, PreconditionFailed)):
            with pytest.raises(refusal):
                async with begin() as uow:
                    await uow.subscriptions.get(subscription.id, of=of, expected_version=version)
        async with begin() as uow:
            stale = await uow.subscriptions.get(subscription.id)
            await uow.subscriptions.save(subscription)
        with pytest.raises(ConcurrentChange):
            async with begin() as uow:
                await uow.subscriptions.save(stale)
        async with begin() as uow:
            await uow.feeds.enqueue(a_delivery(subscription, await uow.feeds.number(subscription.id)))
            await uow.subscriptions.remove(subscription)
        async with begin() as uow:
            assert await uow.feeds.waiting(subscription.id, limit=5) == []
        with pytest.raises(SubscriptionNotFound):
            async with begin() as uow:
                await uow.subscriptions.save(subscription)

    async def test_a_feed_numbers_keeps_and_delivers_in_order(self, begin: Begin) -> None:
        subscription = a_subscription()
        async with begin() as uow:
            await uow.subscriptions.add(subscription)
            made = [a_delivery(subscription, await uow.feeds.number(subscription.id)) for _ in range(3)]
            assert [delivery.sequence for delivery in made] == [1, 2, 3]
            for delivery in reversed(made):
                await uow.feeds.enqueue(delivery)
        async with begin() as uow:
            await uow.feeds.lock(subscription.id)
            assert await uow.feeds.waiting(subscription.id, limit=2) == made[:2]
            outcome = Outcome(WEDNESDAY, timedelta(milliseconds=7), 200)
            made[0].tried(outcome)
            await uow.feeds.tried(made[0], outcome)
            await uow.feeds.handed_over(made[1], WEDNESDAY)
            made[2].tried(Outcome(WEDNESDAY, timedelta(0), None, "timeout"))
            await uow.feeds.tried(made[2], Outcome(WEDNESDAY, timedelta(0), None, "timeout"))
        async with begin() as uow:
            assert (await uow.feeds.find(made[0].id)).state is DeliveryState.DELIVERED
            (waiting,) = await uow.feeds.waiting(subscription.id, limit=9)
            assert (waiting.id, waiting.tries, waiting.last_error) == (made[2].id, 1, "timeout")
            await uow.feeds.start_over(waiting)
            assert (await uow.feeds.find(waiting.id)).tries == 0
            assert await uow.feeds.find(new_id()) is None
            await uow.feeds.due(subscription.id, None)
