"""Change one's password: the old one is asked for, and every other session ends."""

from dataclasses import dataclass
from uuid import UUID

from services.gateway.domain.account import check_password
from services.gateway.domain.errors import WrongCredentials
from services.gateway.ports import IdentityStore, LoginThrottle, Passwords


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """Old and new password; the session that may stay."""

    account_id: UUID
    current: str
    new: str
    address: str
    session_id: UUID | None


async def change_password(
    command: ChangePassword, identity: IdentityStore, passwords: Passwords, throttle: LoginThrottle
) -> None:
    """Replace the password. Whoever stole a session cannot lock the owner out without knowing the password."""
    account = await identity.account(command.account_id)
    if account is None:
        raise WrongCredentials()
    await throttle.reserve(account.login, command.address)
    if not await passwords.verify(account.password_hash, command.current):
        raise WrongCredentials(fields={"current": ("不正确", "wrong")})
    await throttle.forgive(account.login, command.address)
    check_password(command.new, account.login)
    await identity.change_password(account.id, await passwords.hash(command.new), command.session_id)
