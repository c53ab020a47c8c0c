"""Log in: a right login and password open a session. A wrong login takes as long as a wrong password."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from services.gateway.domain.account import SESSION_ABSOLUTE, Account, Session, SessionKind, normal_login
from services.gateway.domain.errors import WrongCredentials
from services.gateway.ports import IdentityStore, LoginThrottle, Passwords
from shared.ids import new_id

SESSION_PREFIX = "mls_"
"""Tells a session token from an API key, for people and for scanners of leaked secrets."""


@dataclass(frozen=True, slots=True)
class LogIn:
    """What was typed, from which address. `phone_index` is set when the login looks like a phone number."""

    login: str
    password: str
    address: str
    kind: SessionKind
    phone_index: bytes | None
    at: datetime


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """The new session with its token, which nobody will see again."""

    account: Account
    session: Session
    token: str


def token_hash(token: str) -> bytes:
    """How a token of 256 random bits is stored: a plain hash, as there is nothing to guess."""
    return hashlib.sha256(token.encode()).digest()


async def log_in(command: LogIn, identity: IdentityStore, passwords: Passwords, throttle: LoginThrottle) -> LoggedIn:
    """Check the password and open a session. Attempts are counted before the check, so that parallel guesses count too."""
    login = normal_login(command.login)
    await throttle.reserve(login, command.address)
    account = await identity.account_for(login, command.phone_index)
    usable = account is not None and account.disabled_at is None
    right = await passwords.verify(account.password_hash if account and usable else None, command.password)
    if account is None or not right:
        raise WrongCredentials()
    await throttle.forgive(login, command.address)
    token = SESSION_PREFIX + secrets.token_urlsafe(32)
    session = Session(
        id=new_id(),
        account_id=account.id,
        token_hash=token_hash(token),
        kind=command.kind,
        created_at=command.at,
        seen_at=command.at,
        expires_at=command.at + SESSION_ABSOLUTE,
    )
    await identity.open_session(session)
    return LoggedIn(account, session, token)
