"""Accounts, sessions and API keys: who may come in. Rules only; hashing, encryption and tables are elsewhere."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.gateway.domain.errors import ApiKeyAlreadyRevoked, WeakPassword
from shared.principal import Role

PASSWORD_LENGTH = 10
"""Shortest password. Length beats character classes (NIST SP 800-63B)."""
SESSION_ABSOLUTE = timedelta(hours=8)
SESSION_IDLE = timedelta(minutes=30)
"""A browser left alone is logged out after this; programs with a bearer token are not."""

_SEPARATORS = re.compile(r"[\s\-().]")
_MAINLAND_MOBILE = re.compile(r"^1[3-9]\d{9}$")


class SessionKind(StrEnum):
    """How a session is carried: by a program in a header or by a browser in a cookie."""

    BEARER = "bearer"
    COOKIE = "cookie"


def normal_login(login: str) -> str:
    """Login names differ neither by case nor by surrounding space."""
    return login.strip().casefold()


def normal_phone(text: str) -> str | None:
    """A mainland mobile number as eleven digits, or None when the text is none."""
    digits = _SEPARATORS.sub("", text).removeprefix("+86").removeprefix("0086")
    return digits if _MAINLAND_MOBILE.match(digits) else None


def masked_phone(phone: str) -> str:
    """`138****8000`, as GB/T 35273 wants numbers shown."""
    return f"{phone[:3]}****{phone[-4:]}"


def masked_name(name: str) -> str:
    """`张*`: the family name stays."""
    return name[:1] + "*" * max(1, len(name) - 1)


def check_password(password: str, login: str) -> None:
    """Refuse a password that is short or easily guessed from the login."""
    if len(password) < PASSWORD_LENGTH:
        raise WeakPassword(
            f"密码至少需要 {PASSWORD_LENGTH} 个字符",
            f"A password has at least {PASSWORD_LENGTH} characters",
            fields={"password": (f"至少 {PASSWORD_LENGTH} 个字符", f"at least {PASSWORD_LENGTH} characters")},
        )
    if normal_login(login) in password.casefold() or len(set(password)) < 4:
        raise WeakPassword(
            "密码不能包含登录名，也不能只由少数几个字符组成",
            "A password must not contain the login or consist of a few characters only",
            fields={"password": ("容易被猜中", "easy to guess")},
        )


@dataclass(frozen=True, slots=True)
class SealedPhone:
    """A phone number as it is stored: encrypted, with a keyed index to find it by."""

    cipher: bytes
    index: bytes


@dataclass(frozen=True, slots=True)
class Account:
    """A person who can log in. The name lives here and nowhere else."""

    id: UUID
    login: str
    name: str
    password_hash: str
    language: str
    created_at: datetime
    phone: SealedPhone | None = None
    disabled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A login that lasts. The token itself is known to the caller only; we keep its hash."""

    id: UUID
    account_id: UUID
    token_hash: bytes
    kind: SessionKind
    created_at: datetime
    seen_at: datetime
    expires_at: datetime

    def valid_until(self) -> datetime:
        """When the session ends unless it is used again."""
        if self.kind is SessionKind.COOKIE:
            return min(self.expires_at, self.seen_at + SESSION_IDLE)
        return self.expires_at


@dataclass(slots=True)
class ApiKey:
    """Access of a program to one community, on behalf of an organisation. Shown once, stored as a hash."""

    id: UUID
    name: str
    role: Role
    organisation_id: UUID | None
    scope: dict[str, str]
    shown_prefix: str
    """The first characters, by which people recognise a key in a list."""
    created_by: UUID
    created_at: datetime
    expires_at: datetime
    revoked_by: UUID | None = None
    revoked_at: datetime | None = None
    version: int = 1

    def revoke(self, by: UUID, at: datetime) -> None:
        """Make the key useless from now on."""
        if self.revoked_at is not None:
            raise ApiKeyAlreadyRevoked()
        self.revoked_by, self.revoked_at = by, at
