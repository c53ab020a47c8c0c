"""The stores that are more than rows: directory, profiles, memberships, API keys and the entry of accounts."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from services.gateway.domain.account import Account, ApiKey
from services.gateway.domain.community import Community, Profile, Subdistrict
from services.gateway.domain.errors import (
    CommunityExists,
    CommunityNotFound,
    LoginTaken,
    MembershipExists,
    ProfileExists,
    SubdistrictExists,
    UnknownReference,
)
from services.gateway.domain.membership import Membership
from services.gateway.storage import tables
from services.gateway.storage.mapping import api_key_of, membership_of
from services.gateway.storage.rows import RowStore, insert_rows, row_of
from shared.database.unit_of_work import UnitOfWork
from shared.principal import Role


class PostgresDirectory:
    """Subdistricts and communities: public data beside all communities."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def add_subdistrict(self, subdistrict: Subdistrict) -> None:
        """Keep a new subdistrict."""
        refusals = {"subdistricts_slug": SubdistrictExists}
        await insert_rows(self._uow, tables.subdistricts, [row_of(subdistrict)], refusals)

    async def subdistrict(self, subdistrict_id: UUID) -> Subdistrict:
        """The subdistrict; an unknown id is a mistake in the input."""
        found = await self._uow.execute(select(tables.subdistricts).where(tables.subdistricts.c.id == subdistrict_id))
        row = found.mappings().first()
        if row is None:
            raise UnknownReference(
                "没有这个街道", "No such subdistrict", fields={"subdistrict_id": ("不存在", "unknown")}
            )
        return Subdistrict(**row)

    async def add_community(self, community: Community) -> None:
        """Keep a new community."""
        refusals = {
            "communities_slug": lambda: CommunityExists(fields={"slug": ("已被使用", "taken")}),
            "communities_code": lambda: CommunityExists(fields={"code": ("已被使用", "taken")}),
        }
        await insert_rows(self._uow, tables.communities, [row_of(community)], refusals)

    async def community(self) -> Community:
        """The community of this transaction."""
        found = await self._uow.execute(
            select(tables.communities).where(tables.communities.c.slug == self._uow.community)
        )
        row = found.mappings().first()
        if row is None:
            raise CommunityNotFound()
        return Community(**row)


class PostgresProfiles:
    """Profiles of the community; the serving role cannot change or delete them."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def add(self, profile: Profile) -> None:
        """Keep a new profile."""
        row = {
            "community": self._uow.community,
            "id": profile.id,
            **row_of(profile.figures),
            "recorded_by": profile.recorded_by,
            "recorded_at": profile.recorded_at,
        }
        refusals = {"community_profiles_date": lambda: ProfileExists(fields={"as_of": ("已存在", "exists")})}
        await insert_rows(self._uow, tables.community_profiles, [row], refusals)


class PostgresMemberships(RowStore[Membership]):
    """Memberships of the community."""

    def __init__(self, uow: UnitOfWork) -> None:
        refusals = {"memberships_once": MembershipExists, "memberships_person": UnknownReference}
        super().__init__(uow, tables.memberships, membership_of, refusals)

    async def holds(self, person_id: UUID, role: Role) -> bool:
        """Whether the person holds the role here now."""
        columns = tables.memberships.c
        found = await self.uow.execute(
            select(columns.id)
            .where(
                columns.community == self.uow.community,
                columns.person_id == person_id,
                columns.role == role.value,
                columns.ended_at.is_(None),
            )
            .limit(1)
        )
        return found.first() is not None


class PostgresApiKeys(RowStore[ApiKey]):
    """API keys of the community. The serving role writes the hash of a secret and can never read it."""

    def __init__(self, uow: UnitOfWork) -> None:
        super().__init__(uow, tables.api_keys, api_key_of, {})

    async def add_with_secret(self, key: ApiKey, token_hash: bytes) -> None:
        """Keep a new key and the hash by which it will be recognised."""
        await self.add(key)
        await self.uow.execute(
            insert(tables.api_key_secrets),
            {"id": key.id, "token_hash": token_hash, "valid_in": self.uow.community},
        )


class PostgresAccountEntry:
    """Entry of new accounts. The serving role may insert them and see which ids exist, nothing more."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def add(self, *accounts: Account) -> None:
        """Create accounts."""
        refusals = {
            "accounts_login": lambda: LoginTaken(fields={"login": ("已被使用", "taken")}),
            "accounts_phone": lambda: LoginTaken(fields={"phone": ("已被使用", "taken")}),
        }
        await insert_rows(self._uow, tables.accounts, [account_row(account) for account in accounts], refusals)

    async def unknown(self, ids: Collection[UUID]) -> set[UUID]:
        """Those of the ids that are no account."""
        if not ids:
            return set()
        found = await self._uow.execute(select(tables.accounts.c.id).where(tables.accounts.c.id.in_(ids)))
        return set(ids) - set(found.scalars())


def account_row(account: Account) -> dict[str, Any]:
    """An account as column values."""
    return {
        "id": account.id,
        "login": account.login,
        "name": account.name,
        "password_hash": account.password_hash,
        "language": account.language,
        "phone_cipher": account.phone.cipher if account.phone else None,
        "phone_index": account.phone.index if account.phone else None,
        "created_at": account.created_at,
        "disabled_at": account.disabled_at,
    }
