"""What the use cases need, in business words: stores of one community, and the accounts beside all communities."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from services.gateway.domain.account import Account, ApiKey, Session
from services.gateway.domain.community import Community, Profile, Subdistrict
from services.gateway.domain.membership import Membership
from services.gateway.domain.organisation import Organisation
from services.gateway.domain.territory import Building, Compound, Grid, Household
from shared.contracts.message import Message
from shared.principal import Role
from shared.transaction import Transaction

T = TypeVar("T")


class Store(Protocol[T]):
    """Things of one kind in the community of the transaction."""

    async def add(self, *things: T) -> None:
        """Keep new things; refuses a name that is taken."""
        ...

    async def get(self, thing_id: UUID, expected_version: int | None = None) -> T:
        """The thing; not found, or another version than the caller saw, is refused."""
        ...

    async def save(self, thing: T) -> None:
        """Write a changed thing back as its next version; refuses when somebody else was faster."""
        ...

    async def unknown(self, ids: Collection[UUID]) -> set[UUID]:
        """Those of the ids that name nothing here."""
        ...


class MembershipStore(Store[Membership], Protocol):
    """Memberships of the community."""

    async def holds(self, person_id: UUID, role: Role) -> bool:
        """Whether the person holds the role here now."""
        ...


class AccountEntry(Protocol):
    """Where a community enters new accounts. It cannot read them: names and passwords belong to the identity role."""

    async def add(self, *accounts: Account) -> None:
        """Create accounts; refuses a login or phone number that is taken."""
        ...

    async def unknown(self, ids: Collection[UUID]) -> set[UUID]:
        """Those of the ids that are no account."""
        ...


class ApiKeyStore(Store[ApiKey], Protocol):
    """API keys of the community; the hash of the secret lies beside all communities."""

    async def add_with_secret(self, key: ApiKey, token_hash: bytes) -> None:
        """Keep a new key and the hash by which it will be recognised."""
        ...


class Directory(Protocol):
    """Subdistricts and communities: public data beside all communities."""

    async def add_subdistrict(self, subdistrict: Subdistrict) -> None:
        """Keep a new subdistrict; refuses a slug that is taken."""
        ...

    async def subdistrict(self, subdistrict_id: UUID) -> Subdistrict:
        """The subdistrict, or not found."""
        ...

    async def add_community(self, community: Community) -> None:
        """Keep a new community; refuses a slug or code that is taken."""
        ...

    async def community(self) -> Community:
        """The community of this transaction."""
        ...


class ProfileStore(Protocol):
    """Profiles of the community; only ever added to."""

    async def add(self, profile: Profile) -> None:
        """Keep a new profile; refuses a second one for the same date."""
        ...


class GatewayUnitOfWork(Transaction, Protocol):
    """One transaction of one community."""

    @property
    def community(self) -> str:
        """Slug of the community this transaction is bound to."""
        ...

    @property
    def directory(self) -> Directory:
        """Subdistricts and communities."""
        ...

    @property
    def profiles(self) -> ProfileStore:
        """Profiles of the community."""
        ...

    @property
    def organisations(self) -> Store[Organisation]:
        """Organisations of the community."""
        ...

    @property
    def compounds(self) -> Store[Compound]:
        """Compounds of the community."""
        ...

    @property
    def grids(self) -> Store[Grid]:
        """Grids of the community."""
        ...

    @property
    def buildings(self) -> Store[Building]:
        """Buildings of the community."""
        ...

    @property
    def households(self) -> Store[Household]:
        """Households of the community."""
        ...

    @property
    def memberships(self) -> MembershipStore:
        """Memberships in the community."""
        ...

    @property
    def api_keys(self) -> ApiKeyStore:
        """API keys of the community."""
        ...

    @property
    def accounts(self) -> AccountEntry:
        """Entry of new accounts."""
        ...

    def now(self) -> datetime:
        """The present moment, UTC."""
        ...

    async def publish(self, message: Message) -> None:
        """Tell the others, if this transaction commits."""
        ...


class IdentityStore(Protocol):
    """Accounts and sessions, beside all communities."""

    async def account(self, account_id: UUID) -> Account | None:
        """The account by id."""
        ...

    async def account_for(self, login: str, phone_index: bytes | None) -> Account | None:
        """The account with this login name, or with this phone number."""
        ...

    async def open_session(self, session: Session) -> None:
        """Keep a new session."""
        ...

    async def sessions_of(self, account_id: UUID, at: datetime) -> Sequence[Session]:
        """Sessions that are still good, newest first."""
        ...

    async def end_session(self, session_id: UUID, account_id: UUID) -> bool:
        """End one session of the account; False if there is none."""
        ...

    async def change_password(self, account_id: UUID, password_hash: str, keep_session: UUID | None) -> None:
        """Store a new password and end every other session."""
        ...


class Passwords(Protocol):
    """Argon2id, away from the event loop."""

    async def hash(self, password: str) -> str:
        """A salted hash to store."""
        ...

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether the password is right. None takes just as long and is never right."""
        ...


class LoginThrottle(Protocol):
    """Slows down guessing of passwords, across restarts and replicas."""

    async def reserve(self, login: str, address: str) -> None:
        """Count an attempt for the account and the address; refuses when there were too many."""
        ...

    async def forgive(self, login: str, address: str) -> None:
        """The attempt was right: take it off the count again."""
        ...
