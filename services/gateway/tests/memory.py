"""The stores in memory, for use cases without a database. They keep the same promises as PostgreSQL: a suite proves it."""

import asyncio
from collections.abc import Callable, Collection
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Self, TypeVar
from uuid import UUID

from services.gateway.domain.account import Account, ApiKey
from services.gateway.domain.community import Community, Profile, Subdistrict
from services.gateway.domain.errors import (
    CommunityExists,
    CommunityNotFound,
    LoginTaken,
    MembershipExists,
    NameTaken,
    ProfileExists,
    SubdistrictExists,
    UnknownReference,
)
from services.gateway.domain.membership import Membership
from services.gateway.domain.organisation import Organisation
from services.gateway.domain.territory import Building, Compound, Grid, Household
from shared.clock import FrozenClock
from shared.contracts.message import Message
from shared.errors import AppError, ConcurrentChange, NotFound, PreconditionFailed
from shared.principal import Role

T = TypeVar("T", bound=Any)


class MemoryStore(Generic[T]):
    """Things by id; `unique` gives what may occur once, `taken` is the refusal."""

    def __init__(self, unique: Callable[[T], object], taken: Callable[[], AppError]) -> None:
        self.things: dict[UUID, T] = {}
        self._unique = unique
        self._taken = taken

    async def add(self, *things: T) -> None:
        for thing in things:
            mark = self._unique(thing)
            if mark is not None and any(self._unique(known) == mark for known in self.things.values()):
                raise self._taken()
            self.things[thing.id] = deepcopy(thing)

    async def get(self, thing_id: UUID, expected_version: int | None = None) -> T:
        if thing_id not in self.things:
            raise NotFound()
        found = deepcopy(self.things[thing_id])
        if expected_version is not None and found.version != expected_version:
            raise PreconditionFailed()
        return found

    async def save(self, thing: T) -> None:
        if self.things[thing.id].version != thing.version:
            raise ConcurrentChange()
        thing.version += 1
        self.things[thing.id] = deepcopy(thing)

    async def unknown(self, ids: Collection[UUID]) -> set[UUID]:
        return set(ids) - self.things.keys()


class MemoryMemberships(MemoryStore[Membership]):
    def __init__(self) -> None:
        super().__init__(self._once, MembershipExists)

    @staticmethod
    def _once(held: Membership) -> object:
        if held.ended_at is not None:
            return None
        return held.person_id, held.role, held.organisation_id, tuple(sorted(held.scope.items()))

    async def holds(self, person_id: UUID, role: Role) -> bool:
        held = self.things.values()
        return any(m.person_id == person_id and m.role is role and m.ended_at is None for m in held)


class MemoryApiKeys(MemoryStore[ApiKey]):
    def __init__(self) -> None:
        super().__init__(lambda key: key.id, NameTaken)
        self.secrets: dict[bytes, UUID] = {}

    async def add_with_secret(self, key: ApiKey, token_hash: bytes) -> None:
        await self.add(key)
        self.secrets[token_hash] = key.id


@dataclass
class MemoryAccounts:
    accounts: dict[UUID, Account] = field(default_factory=dict)

    async def add(self, *accounts: Account) -> None:
        for account in accounts:
            for known in self.accounts.values():
                if known.login == account.login:
                    raise LoginTaken(fields={"login": ("已被使用", "taken")})
                if account.phone and known.phone and known.phone.index == account.phone.index:
                    raise LoginTaken(fields={"phone": ("已被使用", "taken")})
            self.accounts[account.id] = account

    async def unknown(self, ids: Collection[UUID]) -> set[UUID]:
        return set(ids) - self.accounts.keys()


@dataclass
class MemoryDirectory:
    """Shared by all communities of a world."""

    community_slug: str = ""
    subdistricts: dict[UUID, Subdistrict] = field(default_factory=dict)
    communities: dict[str, Community] = field(default_factory=dict)

    async def add_subdistrict(self, subdistrict: Subdistrict) -> None:
        if any(known.slug == subdistrict.slug for known in self.subdistricts.values()):
            raise SubdistrictExists()
        self.subdistricts[subdistrict.id] = subdistrict

    async def subdistrict(self, subdistrict_id: UUID) -> Subdistrict:
        if subdistrict_id not in self.subdistricts:
            raise UnknownReference(fields={"subdistrict_id": ("不存在", "unknown")})
        return self.subdistricts[subdistrict_id]

    async def add_community(self, community: Community) -> None:
        known = self.communities.values()
        if any(c.slug == community.slug or c.code == community.code for c in known):
            raise CommunityExists()
        self.communities[community.slug] = community

    async def community(self) -> Community:
        if self.community_slug not in self.communities:
            raise CommunityNotFound()
        return self.communities[self.community_slug]


@dataclass
class MemoryProfiles:
    profiles: list[Profile] = field(default_factory=list)

    async def add(self, profile: Profile) -> None:
        if any(known.figures.as_of == profile.figures.as_of for known in self.profiles):
            raise ProfileExists()
        self.profiles.append(profile)


class MemoryUnitOfWork:
    """A transaction of one community; what was refused leaves nothing behind."""

    def __init__(
        self, community: str, clock: FrozenClock, accounts: MemoryAccounts, directory: MemoryDirectory
    ) -> None:
        self.community = community
        self.clock = clock
        self.accounts = accounts
        self.directory = directory
        self.profiles = MemoryProfiles()
        self.organisations: MemoryStore[Organisation] = MemoryStore(lambda o: o.name, NameTaken)
        self.compounds: MemoryStore[Compound] = MemoryStore(lambda c: c.name, NameTaken)
        self.grids: MemoryStore[Grid] = MemoryStore(lambda g: g.name, NameTaken)
        self.buildings: MemoryStore[Building] = MemoryStore(lambda b: (b.compound_id, b.name), NameTaken)
        self.households: MemoryStore[Household] = MemoryStore(lambda h: (h.building_id, h.unit, h.room), NameTaken)
        self.memberships = MemoryMemberships()
        self.api_keys = MemoryApiKeys()
        self.published: list[Message] = []
        self.finished: list[object] = []
        self._one_at_a_time = asyncio.Lock()
        self._before: dict[str, Any] = {}

    def now(self) -> datetime:
        return self.clock.now()

    async def publish(self, message: Message) -> None:
        self.published.append(message)

    async def finish(self, result: object) -> None:
        self.finished.append(result)

    async def __aenter__(self) -> Self:
        await self._one_at_a_time.acquire()
        self.directory.community_slug = self.community
        self.published = []
        kept = ("profiles", "organisations", "compounds", "grids", "buildings", "households", "memberships", "api_keys")
        self._before = {name: deepcopy(self.__dict__[name].__dict__) for name in kept if name != "api_keys"}
        self._accounts_before = dict(self.accounts.accounts)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            for name, values in self._before.items():
                self.__dict__[name].__dict__.update(values)
            self.accounts.accounts = self._accounts_before
            self.published = []
        self._one_at_a_time.release()
