"""Create persons: accounts with a first password and the roles they start with."""

from dataclasses import dataclass
from uuid import UUID

from services.gateway.domain.account import Account, SealedPhone, normal_login
from services.gateway.domain.membership import Membership
from services.gateway.ports import GatewayUnitOfWork
from services.gateway.use_cases.grant_memberships import NewRole, add_memberships
from shared.ids import new_id
from shared.principal import Role
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class NewPerson:
    """One person. The password comes hashed and the phone number sealed: neither is seen in here."""

    login: str
    name: str
    password_hash: str
    language: str
    phone: SealedPhone | None
    roles: tuple[NewRole, ...]


@dataclass(frozen=True, slots=True)
class CreatePersons:
    """Persons to create, all or none; by whom, and with which roles of one's own."""

    persons: tuple[NewPerson, ...]
    by: UUID
    by_roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class CreatedPerson:
    """A new account and its memberships in this community."""

    id: UUID
    login: str
    memberships: tuple[Membership, ...]


@one_transaction
async def create_persons(command: CreatePersons, uow: GatewayUnitOfWork) -> list[CreatedPerson]:
    """Enter accounts and give each its roles in this community."""
    accounts = [
        Account(
            id=new_id(),
            login=normal_login(new.login),
            name=new.name,
            password_hash=new.password_hash,
            language=new.language,
            created_at=uow.now(),
            phone=new.phone,
        )
        for new in command.persons
    ]
    await uow.accounts.add(*accounts)
    grants = tuple(
        (account.id, role) for account, new in zip(accounts, command.persons, strict=True) for role in new.roles
    )
    memberships = await add_memberships(grants, command.by, command.by_roles, uow)
    return [
        CreatedPerson(account.id, account.login, tuple(m for m in memberships if m.person_id == account.id))
        for account in accounts
    ]
