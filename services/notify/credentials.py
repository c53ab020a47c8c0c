"""Secrets of partners: made here, shown once, kept sealed (web hook, we must sign with them) or hashed (NATS password)."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.notify.domain.signature import new_secret
from services.notify.domain.subscription import Channel
from shared.security.sealing import Seal


@dataclass(frozen=True, slots=True)
class IssuedSecret:
    """A new secret: what the partner sees once, and what is kept."""

    shown: str
    kept: bytes


class Vault:
    """Keeps signing secrets sealed; a secret opens only for the subscription that it was sealed for."""

    def __init__(self, seal: Seal) -> None:
        self._seal = seal

    def seal(self, secret: str, subscription: UUID) -> bytes:
        """What is kept."""
        return self._seal.close(secret.encode(), place=_place(subscription))

    def open(self, kept: bytes, subscription: UUID) -> str:
        """The secret again. Raises SealBroken."""
        return self._seal.open(kept, place=_place(subscription)).decode()

    def issue(self, channel: Channel, subscription: UUID) -> IssuedSecret:
        """A new secret for a subscription."""
        if channel is Channel.NATS:
            password = secrets.token_urlsafe(32)
            return IssuedSecret(password, hash_of(password))
        secret = new_secret()
        return IssuedSecret(secret, self.seal(secret, subscription))


def _place(subscription: UUID) -> str:
    return f"signing secret|{subscription}"


def hash_of(password: str) -> bytes:
    """SHA-256: enough for 256 random bits that nobody chose."""
    return hashlib.sha256(password.encode()).digest()


def is_password(password: str, kept: Sequence[bytes]) -> bool:
    """Whether it is one of the valid passwords; takes the same time for all of them."""
    given = hash_of(password)
    found = False
    for known in kept:
        found |= hmac.compare_digest(given, known)
    return found
