"""The ledger on PostgreSQL does what the small model in memory does, step by step, whatever the order of steps.

`MULIN_HYPOTHESIS=long` plays 2,000 games of 50 steps.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any
from uuid import UUID

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from services.volunteers.domain.adjustment import Adjustment
from services.volunteers.domain.points import CapPolicy, Deed
from services.volunteers.domain.points_rule import PointsRule
from services.volunteers.queries.points import reconcile
from services.volunteers.tests.builders import AT
from services.volunteers.tests.integration.running import Stores, stores_on
from services.volunteers.tests.memory import MemoryRules
from services.volunteers.tests.memory_ledger import MemoryLedger
from shared.clock import FrozenClock
from shared.errors import AppError
from shared.ids import new_id
from shared.testing.databases import Database

PEOPLE = st.integers(0, 2)
POINTS = st.integers(1, 15)
OFFICER, SECOND = new_id(), new_id()
RULES = (
    PointsRule("tea", 1, "茶", "tea", 10, AT, daily_cap=25, weekly_cap=45, valid_days=3, approved_at=AT),
    PointsRule("gift", 1, "礼", "gift", 35, AT, approved_at=AT),
    PointsRule("gift", 2, "礼", "gift", 20, AT + timedelta(days=4), approved_at=AT),
    PointsRule("draft", 1, "稿", "draft", 1000, AT, proposed_by=OFFICER),
)
LONG = os.environ.get("MULIN_HYPOTHESIS") == "long"
Operation = Callable[[Any], Awaitable[Any]]


class LedgerMachine(RuleBasedStateMachine):
    """One community per game, the same operation on both ledgers."""

    run: Callable[[Awaitable[Any]], Any]
    stores: Stores

    @initialize()
    def open(self) -> None:
        self.community = f"game-{str(new_id()).replace('-', '')[-24:]}"
        self.clock = FrozenClock(AT)
        rules = MemoryRules()
        self.model = MemoryLedger(rules.in_force)
        self.people = [new_id() for _ in range(3)]
        self.transfers: list[tuple[UUID, UUID]] = []
        self.holds: list[tuple[UUID, UUID]] = []

        async def prepare() -> None:
            async with self.stores(self.community) as uow:
                await uow.ledger.open(AT)
                for one in RULES:
                    await uow.rules.add(one)
            for one in RULES:
                await rules.add(one)
            await self.model.open(AT)

        self.run(prepare())
        for person in self.people:
            self.posts(self.gift_for(person))

    def both(self, on_model: Operation, on_postgres: Operation | None = None) -> tuple[Any, Any]:
        """Do the same on both; both must answer alike or refuse alike."""

        async def compare() -> tuple[Any, Any]:
            try:
                expected = await on_model(self.model)
            except AppError as refusal:
                expected = type(refusal)
            try:
                async with self.stores(self.community) as uow:
                    found = await (on_postgres or on_model)(uow.ledger)
            except AppError as refusal:
                found = type(refusal)
            assert picture(found) == picture(expected)
            return expected, found

        answers: tuple[Any, Any] = self.run(compare())
        return answers

    def gift_for(self, person: UUID) -> Operation:
        """So that everybody has something to spend."""
        return lambda ledger: ledger.award(
            person, "gift", reason="礼", deed=None, by=OFFICER, at=AT, caps=CapPolicy.REFUSE
        )

    def expiry_of(self, person: UUID) -> Operation:
        """What the sweep does."""
        return lambda ledger: ledger.expire(person, at=self.clock.now())

    def posts(self, on_model: Operation, on_postgres: Operation | None = None) -> None:
        """As `both`, remembering the transfer."""
        expected, found = self.both(on_model, on_postgres)
        if hasattr(expected, "sequence"):
            self.transfers.append((expected.id, found.id))

    @rule(
        person=PEOPLE,
        code=st.sampled_from(["tea", "gift", "draft", "none"]),
        caps=st.sampled_from(list(CapPolicy)),
        deed=st.none() | st.integers(0, 3),
    )
    def award(self, person: int, code: str, caps: CapPolicy, deed: int | None) -> None:
        done = Deed("task", UUID(int=deed)) if deed is not None else None
        self.posts(
            lambda ledger: ledger.award(
                self.people[person], code, reason="好事", deed=done, by=OFFICER, at=self.clock.now(), caps=caps
            )
        )

    @rule(person=PEOPLE, points=POINTS)
    def debit(self, person: int, points: int) -> None:
        self.posts(
            lambda ledger: ledger.debit(self.people[person], points, reason="茶", by=OFFICER, at=self.clock.now())
        )

    @rule(person=PEOPLE, points=st.integers(-15, 25).filter(bool))
    def adjust(self, person: int, points: int) -> None:
        adjustment = Adjustment(new_id(), self.people[person], points, "更正", OFFICER, AT)
        adjustment.approve(by=SECOND, at=AT)
        self.posts(lambda ledger: ledger.adjust(adjustment, at=self.clock.now()))

    @precondition(lambda self: self.transfers)
    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        in_model, in_postgres = data.draw(st.sampled_from(self.transfers))
        at = self.clock.now()
        self.posts(
            lambda ledger: ledger.reverse(in_model, reason="错", by=OFFICER, at=at),
            lambda ledger: ledger.reverse(in_postgres, reason="错", by=OFFICER, at=at),
        )

    @rule(person=PEOPLE, points=POINTS, hours=st.integers(1, 48))
    def hold(self, person: int, points: int, hours: int) -> None:
        at = self.clock.now()
        until = at + timedelta(hours=hours)
        expected, found = self.both(
            lambda ledger: ledger.hold(self.people[person], points, reason="伞", by=OFFICER, at=at, expires_at=until)
        )
        if hasattr(expected, "expires_at"):
            self.holds.append((expected.id, found.id))

    @precondition(lambda self: self.holds)
    @rule(data=st.data())
    def capture(self, data: st.DataObject) -> None:
        in_model, in_postgres = data.draw(st.sampled_from(self.holds))
        self.posts(
            lambda ledger: ledger.capture(in_model, by=OFFICER, at=self.clock.now()),
            lambda ledger: ledger.capture(in_postgres, by=OFFICER, at=self.clock.now()),
        )

    @precondition(lambda self: self.holds)
    @rule(data=st.data(), expired=st.booleans())
    def release(self, data: st.DataObject, expired: bool) -> None:
        in_model, in_postgres = data.draw(st.sampled_from(self.holds))
        self.both(
            lambda ledger: ledger.release(in_model, at=self.clock.now(), expired=expired),
            lambda ledger: ledger.release(in_postgres, at=self.clock.now(), expired=expired),
        )

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        self.clock.advance(timedelta(hours=hours))

    @rule()
    def sweep_points(self) -> None:
        at = self.clock.now()
        expected, found = self.both(lambda ledger: ledger.persons_with_stale_points(at, limit=10))
        assert list(expected) == list(found)
        for person in expected:
            self.posts(self.expiry_of(person))

    @invariant()
    def accounts_agree_and_the_books_are_sound(self) -> None:
        if not hasattr(self, "people"):
            return

        async def look() -> None:
            async with self.stores(self.community) as uow:
                for person in self.people:
                    account = await uow.ledger.account_of(person)
                    assert account == await self.model.account_of(person)
                    assert account.balance >= account.held >= 0
                    assert account.debt >= 0
            async with self.stores.pool.reading(self.community) as connection:
                books = await reconcile(connection, self.community, AT)
            assert books.sound, books
            assert books.issued == books.on_accounts - books.owed
            assert books.transfers == len(self.model.postings)

        self.run(look())


def picture(answer: Any) -> Any:
    """An answer without what must differ between two ledgers: ids."""
    if isinstance(answer, type) or answer is None:
        return answer
    if hasattr(answer, "sequence"):
        return (answer.sequence, answer.kind, answer.points, answer.account, answer.rule_version)
    return (answer.person, answer.points, answer.state, answer.expires_at) if hasattr(answer, "state") else list(answer)


def test_postgres_keeps_the_same_books_as_the_model(database: Database) -> None:
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        LedgerMachine.run = staticmethod(runner.run)  # type: ignore[assignment]
        LedgerMachine.stores = runner.run(stack.enter_async_context(stores_on(database)))
        try:
            run_state_machine_as_test(
                LedgerMachine,
                settings=settings(
                    max_examples=2000 if LONG else 40,
                    stateful_step_count=50 if LONG else 40,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                    derandomize=not LONG,
                ),
            )
        finally:
            runner.run(stack.aclose())
