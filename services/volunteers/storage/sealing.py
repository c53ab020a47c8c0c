"""Seals what is said about beneficiaries: AES-256-GCM, bound to its place so that a record cannot be moved to another wish.

Sealed bytes: format (1), length of the key's name (1), key's name, nonce (12), ciphertext with tag. Keys are given as
`name:base64 of 32 bytes`, comma-separated; the first one seals, all of them open, so a key is changed by putting a new one first.
"""

import base64
import binascii
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.volunteers.domain.errors import SealUnreadable

FORMAT = 1
NONCE_BYTES = 12
KEY_BYTES = 32
ONLY_KEY = "k1"
"""Name of a key that is given without one."""


@dataclass(frozen=True, slots=True)
class Seal:
    """Keys by name, and the name of the one that seals."""

    keys: Mapping[str, AESGCM]
    current: str

    def close(self, plain: bytes, *, place: str) -> bytes:
        """Seal; `place` (community and wish) must be the same when it is opened."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        name = self.current.encode()
        sealed = self.keys[self.current].encrypt(nonce, plain, _bound(name, place))
        return bytes([FORMAT, len(name)]) + name + nonce + sealed

    def open(self, sealed: bytes, *, place: str) -> bytes:
        """Open. Raises SealUnreadable when the key is missing or the record was altered or moved."""
        if len(sealed) < 2 or sealed[0] != FORMAT:
            raise SealUnreadable
        end = 2 + sealed[1]
        name, nonce, body = sealed[2:end], sealed[end : end + NONCE_BYTES], sealed[end + NONCE_BYTES :]
        key = self.keys.get(name.decode("ascii", "replace"))
        if key is None:
            raise SealUnreadable
        try:
            return key.decrypt(nonce, body, _bound(name, place))
        except (InvalidTag, ValueError):
            raise SealUnreadable from None


def seal_of(setting: str) -> Seal:
    """Read keys from their setting: `2026a:<base64>,2025b:<base64>`, or one base64 key alone. Raises ValueError, never showing a key."""
    keys: dict[str, AESGCM] = {}
    for part in setting.split(","):
        name, _, encoded = part.strip().rpartition(":")
        name = name or ONLY_KEY
        if not (name.isascii() and name.isalnum() and len(name) <= 32) or name in keys:
            raise ValueError("names of data keys are distinct, ASCII letters and digits, at most 32")
        keys[name] = AESGCM(_decoded(encoded))
    return Seal(keys, next(iter(keys)))


def _decoded(encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded.replace("-", "+").replace("_", "/") + "=" * (-len(encoded) % 4), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError("a data key is 32 bytes in base64")
    return key


def _bound(name: bytes, place: str) -> bytes:
    return bytes([FORMAT]) + name + b"|" + place.encode()
