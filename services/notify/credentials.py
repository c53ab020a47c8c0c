"""Secrets of partners: made here, shown once, kept sealed (web hook, we must sign with them) or hashed (NATS password)."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.notify.domain.signature import new_secret
from services.notify.domain.subscription import Channel

KEY_BYTES = 32
NONCE_BYTES = 12
SCHEME = b"\x01"
"""First byte of what is kept: AES-256-GCM with the platform's key; another scheme or key gets another number."""


class VaultError(Exception):
    """A sealed secret cannot be opened: another key, another subscription, or damage."""


@dataclass(frozen=True, slots=True)
class IssuedSecret:
    """A new secret: what the partner sees once, and what is kept."""

    shown: str
    kept: bytes


class Vault:
    """Seals signing secrets with AES-256-GCM; a secret opens only for the subscription that it was sealed for."""

    def __init__(self, key: str) -> None:
        raw = base64.b64decode(key, validate=True)
        if len(raw) != KEY_BYTES:
            raise ValueError(f"the key must be {KEY_BYTES} bytes in base64")
        self._cipher = AESGCM(raw)

    def seal(self, secret: str, subscription: UUID) -> bytes:
        """What is kept."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return SCHEME + nonce + self._cipher.encrypt(nonce, secret.encode(), subscription.bytes)

    def open(self, kept: bytes, subscription: UUID) -> str:
        """The secret again. Raises VaultError."""
        if kept[:1] != SCHEME:
            raise VaultError("sealed by an unknown scheme")
        nonce, sealed = kept[1 : 1 + NONCE_BYTES], kept[1 + NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, sealed, subscription.bytes).decode()
        except InvalidTag as error:
            raise VaultError("sealed with another key or for another subscription") from error

    def issue(self, channel: Channel, subscription: UUID) -> IssuedSecret:
        """A new secret for a subscription."""
        if channel is Channel.NATS:
            password = secrets.token_urlsafe(32)
            return IssuedSecret(password, hash_of(password))
        secret = new_secret()
        return IssuedSecret(secret, self.seal(secret, subscription))


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
