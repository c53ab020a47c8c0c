"""Accounts and sessions under the identity role, which works before a community is known."""

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.domain.account import Account, SealedPhone, Session, SessionKind
from services.gateway.storage import tables
from services.gateway.storage.stores import account_row
from shared.database.engine import Database
from shared.principal import Role

BEGIN, BEGIN_READING = "BEGIN", "BEGIN READ ONLY"


@dataclass(frozen=True, slots=True)
class HeldRole:
    """An active membership as the login sees it, across communities."""

    community: str
    role: Role
    organisation_id: UUID | None
    scope: dict[str, str]


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """What the secret of an API key opens."""

    key_id: UUID
    grant: HeldRole
    expires_at: datetime
    revoked: bool


class PostgresIdentity:
    """Accounts and sessions in PostgreSQL; satisfies `ports.IdentityStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def account(self, account_id: UUID) -> Account | None:
        """The account by id."""
        async with self._reading() as connection:
            return await _account(connection, tables.accounts.c.id == account_id)

    async def account_for(self, login: str, phone_index: bytes | None) -> Account | None:
        """The account with this login name, or with this phone number."""
        columns = tables.accounts.c
        same = columns.login == login
        async with self._reading() as connection:
            return await _account(
                connection, same if phone_index is None else or_(same, columns.phone_index == phone_index)
            )

    async def open_session(self, session: Session) -> None:
        """Keep a new session, and forget those of the account that are over."""
        columns = tables.sessions.c
        async with self._writing() as connection:
            await connection.execute(
                delete(tables.sessions).where(
                    columns.account_id == session.account_id, columns.expires_at <= session.created_at
                )
            )
            await connection.execute(
                insert(tables.sessions),
                {
                    "id": session.id,
                    "account_id": session.account_id,
                    "token_hash": session.token_hash,
                    "kind": session.kind.value,
                    "created_at": session.created_at,
                    "seen_at": session.seen_at,
                    "expires_at": session.expires_at,
                },
            )

    async def session_by(self, token_hash: bytes) -> tuple[Session, Account] | None:
        """The session of a token with its account, whether or not it is still good."""
        async with self._reading() as connection:
            found = await connection.execute(select(tables.sessions).where(tables.sessions.c.token_hash == token_hash))
            row = found.mappings().first()
            if row is None:
                return None
            account = await _account(connection, tables.accounts.c.id == row["account_id"])
            return None if account is None else (_session(row), account)

    async def touch(self, session_id: UUID, at: datetime) -> None:
        """The session was used."""
        async with self._writing() as connection:
            await connection.execute(
                update(tables.sessions).where(tables.sessions.c.id == session_id).values(seen_at=at)
            )

    async def sessions_of(self, account_id: UUID, at: datetime) -> Sequence[Session]:
        """Sessions that are still good, newest first."""
        columns = tables.sessions.c
        async with self._reading() as connection:
            found = await connection.execute(
                select(tables.sessions)
                .where(columns.account_id == account_id, columns.expires_at > at)
                .order_by(columns.created_at.desc())
                .limit(200)
            )
            return [session for session in map(_session, found.mappings()) if session.valid_until() > at][:100]

    async def end_session(self, session_id: UUID, account_id: UUID) -> bool:
        """End one session of the account."""
        columns = tables.sessions.c
        async with self._writing() as connection:
            ended = await connection.execute(
                delete(tables.sessions).where(columns.id == session_id, columns.account_id == account_id)
            )
            return bool(ended.rowcount)

    async def change_password(self, account_id: UUID, password_hash: str, keep_session: UUID | None) -> None:
        """Store a new password and end every other session."""
        columns = tables.sessions.c
        others = columns.account_id == account_id
        if keep_session is not None:
            others &= columns.id != keep_session
        async with self._writing() as connection:
            await connection.execute(
                update(tables.accounts).where(tables.accounts.c.id == account_id).values(password_hash=password_hash)
            )
            await connection.execute(delete(tables.sessions).where(others))

    async def add_account(self, account: Account) -> None:
        """Keep an account that no community enters: the first operator."""
        async with self._writing() as connection:
            await connection.execute(insert(tables.accounts), account_row(account))

    async def accounts(self, ids: Collection[UUID]) -> dict[UUID, Account]:
        """Several accounts by id."""
        async with self._reading() as connection:
            found = await connection.execute(select(tables.accounts).where(tables.accounts.c.id.in_(ids)))
            return {row["id"]: _account_of(row) for row in found.mappings()}

    async def roles_of(self, person_id: UUID, communities: Collection[str] | None = None) -> list[HeldRole]:
        """Active roles of a person, in the communities given or in all."""
        columns = tables.memberships.c
        wanted = select(columns.community, columns.role, columns.organisation_id, columns.scope).where(
            columns.person_id == person_id, columns.ended_at.is_(None)
        )
        if communities is not None:
            wanted = wanted.where(columns.community.in_(communities))
        async with self._reading() as connection:
            found = await connection.execute(wanted.order_by(columns.community, columns.id))
            return [HeldRole(row.community, Role(row.role), row.organisation_id, row.scope) for row in found]

    async def key_by(self, token_hash: bytes) -> KeyHolder | None:
        """What the secret of an API key opens, whether or not it is still good."""
        keys, hidden = tables.api_keys.c, tables.api_key_secrets.c
        async with self._reading() as connection:
            found = await connection.execute(
                select(tables.api_keys)
                .join(tables.api_key_secrets, (hidden.id == keys.id) & (hidden.valid_in == keys.community))
                .where(hidden.token_hash == token_hash)
            )
            row = found.mappings().first()
        if row is None:
            return None
        grant = HeldRole(row["community"], Role(row["role"]), row["organisation_id"], row["scope"])
        return KeyHolder(row["id"], grant, row["expires_at"], revoked=row["revoked_at"] is not None)

    async def community_exists(self, slug: str) -> bool:
        """Whether there is such a community."""
        async with self._reading() as connection:
            found = await connection.execute(select(tables.communities.c.id).where(tables.communities.c.slug == slug))
            return found.first() is not None

    async def organisation_names(self, ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
        """Public names of organisations in any community."""
        columns = tables.organisations.c
        async with self._reading() as connection:
            found = await connection.execute(
                select(columns.id, columns.name, columns.name_en).where(columns.id.in_(ids))
            )
            return {row.id: (row.name, row.name_en) for row in found}

    def _reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        return self._database.connected(BEGIN_READING)

    def _writing(self) -> AbstractAsyncContextManager[AsyncConnection]:
        return self._database.connected(BEGIN)


async def _account(connection: AsyncConnection, same: Any) -> Account | None:
    row = (await connection.execute(select(tables.accounts).where(same))).mappings().first()
    return None if row is None else _account_of(row)


def _account_of(row: RowMapping) -> Account:
    phone = SealedPhone(row["phone_cipher"], row["phone_index"]) if row["phone_cipher"] is not None else None
    return Account(
        id=row["id"],
        login=row["login"],
        name=row["name"],
        password_hash=row["password_hash"],
        language=row["language"],
        created_at=row["created_at"],
        phone=phone,
        disabled_at=row["disabled_at"],
    )


def _session(row: RowMapping) -> Session:
    return Session(
        id=row["id"],
        account_id=row["account_id"],
        token_hash=row["token_hash"],
        kind=SessionKind(row["kind"]),
        created_at=row["created_at"],
        seen_at=row["seen_at"],
        expires_at=row["expires_at"],
    )
