"""Who is asking: from the token in a request to the principal of a community, and to the signed principal for a service.

Everything found is remembered for at most 30 seconds, which is therefore how long an ended session or membership may live on
in another gateway process; in this one it ends at once, because every change forgets everything.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Generic, Literal, Protocol, TypeVar
from uuid import UUID

from services.gateway.domain.account import Account, Session, SessionKind
from services.gateway.domain.community import WHOLE_SUBDISTRICT
from services.gateway.domain.errors import CommunityNotFound
from services.gateway.storage.identity import HeldRole, KeyHolder
from services.gateway.use_cases.log_in import SESSION_PREFIX, token_hash
from shared.clock import Clock
from shared.errors import Unauthenticated
from shared.principal import Grant, Principal
from shared.security.tokens import PrincipalSigner

REMEMBERED_SECONDS = 30.0
REMEMBERED = 20_000
TOUCH_AFTER = timedelta(minutes=1)
"""A browser's session is marked as used at most that often."""
API_KEY_PREFIX = "mlk_"
LONGEST_TOKEN = 200
STRANGER = UUID(int=0)
"""Who somebody is that has shown nothing: nobody has this id, so nothing is theirs."""

K = TypeVar("K")
V = TypeVar("V")


class Lookup(Protocol):
    """Where callers and their roles are found: the identity role's tables."""

    async def session_by(self, token_hash: bytes) -> tuple[Session, Account] | None:
        """Session and account of a token."""
        ...

    async def key_by(self, token_hash: bytes) -> KeyHolder | None:
        """What an API key opens."""
        ...

    async def roles_of(self, person_id: UUID, communities: Any = None) -> list[HeldRole]:
        """Active roles of a person."""
        ...

    async def touch(self, session_id: UUID, at: datetime) -> None:
        """The session was used."""
        ...

    async def community_exists(self, slug: str) -> bool:
        """Whether there is such a community."""
        ...


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose token it is."""

    person: UUID
    kind: Literal["person", "api_key"]
    language: Literal["zh", "en"]
    valid_until: datetime
    session_id: UUID | None = None
    session_kind: SessionKind = SessionKind.BEARER
    key_grant: HeldRole | None = None
    """The one community and role of an API key."""


class Remembered(Generic[K, V]):
    """Values that are good for a while. Forgetting also spoils what was being looked up at that moment."""

    def __init__(self) -> None:
        self._values: dict[K, tuple[float, V]] = {}
        self.generation = 0

    def get(self, key: K) -> V | None:
        """The value, if it is still good."""
        found = self._values.get(key)
        if found is None:
            return None
        if found[0] < monotonic():
            del self._values[key]
            return None
        return found[1]

    def put(self, key: K, value: V, seconds: float, generation: int) -> None:
        """Keep a value that was looked up in a generation."""
        if generation != self.generation or seconds <= 0:
            return
        if len(self._values) >= REMEMBERED:
            self._values.clear()
        self._values[key] = (monotonic() + seconds, value)

    def forget(self) -> None:
        """Look everything up again."""
        self.generation += 1
        self._values.clear()


class Callers:
    """Finds out who is asking, and signs it for the services."""

    def __init__(self, lookup: Lookup, signer: PrincipalSigner, clock: Clock) -> None:
        self._lookup = lookup
        self._signer = signer
        self._clock = clock
        self._callers: Remembered[str, Caller] = Remembered()
        self._principals: Remembered[tuple[str, str | None], Principal] = Remembered()
        self._signed: Remembered[tuple[str, str | None, str], tuple[Caller, str]] = Remembered()
        self._communities: Remembered[str, bool] = Remembered()

    async def caller(self, token: str) -> Caller:
        """Whose token it is. Raises Unauthenticated for one that is unknown, over or revoked."""
        known = self._callers.get(token)
        if known is not None:
            return known
        generation = self._callers.generation
        caller = await self._found(token)
        now = self._clock.now()
        if caller is None or caller.valid_until <= now:
            raise Unauthenticated()
        left = (caller.valid_until - now).total_seconds()
        self._callers.put(token, caller, min(REMEMBERED_SECONDS, left), generation)
        return caller

    async def principal(self, token: str, community: str | None) -> Principal:
        """The caller as a community sees it; `None`: the whole subdistrict. Raises Unauthenticated, and CommunityNotFound when
        there is no such community or the caller has no role there."""
        known = self._principals.get((token, community))
        if known is not None:
            return known
        generation = self._principals.generation
        caller = await self.caller(token)
        grants = await self._grants(caller, community)
        principal = Principal(caller.person, community or WHOLE_SUBDISTRICT, grants, caller.kind, caller.language)
        self._principals.put((token, community), principal, self._seconds_left(caller), generation)
        return principal

    def known(self, token: str, community: str | None, service: str) -> tuple[Caller, str] | None:
        """What `signed` found not long ago; None: it has to look."""
        return self._signed.get((token, community, service))

    async def signed(self, token: str, community: str | None, service: str) -> tuple[Caller, str]:
        """The caller, and the principal signed for a service."""
        known = self.known(token, community, service)
        if known is not None:
            return known
        generation = self._signed.generation
        principal = await self.principal(token, community)
        caller = await self.caller(token)
        signed = caller, self._signer.sign(principal, audience=service)
        self._signed.put((token, community, service), signed, self._seconds_left(caller), generation)
        return signed

    async def signed_stranger(self, community: str, service: str) -> str:
        """Nobody in particular, without any role, signed for a service that shows something to everybody. Raises CommunityNotFound."""
        if community == WHOLE_SUBDISTRICT or not await self._exists(community):
            raise CommunityNotFound()
        return self._signer.sign(Principal(STRANGER, community, kind="system"), audience=service)

    def forget(self) -> None:
        """Something about sessions, keys or memberships changed: look everything up again."""
        for remembered in (self._callers, self._principals, self._signed):
            remembered.forget()

    async def _found(self, token: str) -> Caller | None:
        if len(token) > LONGEST_TOKEN or not token.isascii():
            return None
        if token.startswith(SESSION_PREFIX):
            return await self._by_session(token)
        if token.startswith(API_KEY_PREFIX):
            return await self._by_key(token)
        return None

    async def _by_session(self, token: str) -> Caller | None:
        found = await self._lookup.session_by(token_hash(token))
        if found is None or found[1].disabled_at is not None:
            return None
        session, account = found
        now = self._clock.now()
        if session.kind is SessionKind.COOKIE and now - session.seen_at > TOUCH_AFTER and session.valid_until() > now:
            await self._lookup.touch(session.id, now)
        return Caller(
            person=account.id,
            kind="person",
            language="en" if account.language == "en" else "zh",
            valid_until=session.valid_until(),
            session_id=session.id,
            session_kind=session.kind,
        )

    async def _by_key(self, token: str) -> Caller | None:
        holder = await self._lookup.key_by(token_hash(token))
        if holder is None or holder.revoked:
            return None
        return Caller(holder.key_id, "api_key", "zh", holder.expires_at, key_grant=holder.grant)

    async def _grants(self, caller: Caller, community: str | None) -> tuple[Grant, ...]:
        if caller.key_grant is not None:
            held = [caller.key_grant] if caller.key_grant.community == community else []
        else:
            asked = {WHOLE_SUBDISTRICT} if community is None else {WHOLE_SUBDISTRICT, community}
            held = await self._lookup.roles_of(caller.person, asked)
        if community is not None and (not held or not await self._exists(community)):
            raise CommunityNotFound()
        return tuple(Grant(role.role, role.organisation_id, role.scope) for role in held)

    async def _exists(self, community: str) -> bool:
        """A community that exists stays for good; one that does not is asked for again each time."""
        if community == WHOLE_SUBDISTRICT or self._communities.get(community):
            return True
        exists = await self._lookup.community_exists(community)
        if exists:
            self._communities.put(community, value=True, seconds=3600, generation=self._communities.generation)
        return exists

    def _seconds_left(self, caller: Caller) -> float:
        return min(REMEMBERED_SECONDS, (caller.valid_until - self._clock.now()).total_seconds())
