"""Seals columns that a stolen database must not tell: AES-256-GCM, bound to a place so that a sealed value cannot be moved elsewhere.

Format of sealed bytes, version 1: format (1 byte), length of the key's name (1), key's name (ASCII), nonce (12), ciphertext with tag (16).
Format, name and place are authenticated with the ciphertext. The place is not stored: whoever opens says where the value lay.

Keys come from one setting (MULIN_DATA_KEY): `name:base64 of 32 bytes`, comma-separated, or one base64 key alone, which is then called
`k1`. The first one seals, all of them open. Rotation: put a new key in front (`2027a:…,k1:…`) and restart; once nothing sealed with the
old one is left, take it out. Never give a name to another key. `derived` follows the first key: what was derived changes with it.
"""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FORMAT = 1
NONCE_BYTES = 12
KEY_BYTES = 32
LONGEST_NAME = 32
ONLY_KEY = "k1"
"""Name of a key that is given without one."""


class SealBroken(Exception):
    """A sealed value cannot be opened: its key is not at hand, or it was altered or moved. Never says what was inside."""


@dataclass(frozen=True, slots=True)
class Seal:
    """Keys by name, and the name of the one that seals."""

    keys: Mapping[str, bytes] = field(repr=False)
    current: str

    def close(self, plain: bytes, *, place: str) -> bytes:
        """Seal. `place` says what it is and whose, such as `beneficiary|feicuicheng|<wish>`; it must be the same when it is opened."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        name = self.current.encode()
        sealed = AESGCM(self.keys[self.current]).encrypt(nonce, plain, _bound(name, place))
        return bytes([FORMAT, len(name)]) + name + nonce + sealed

    def open(self, sealed: bytes, *, place: str) -> bytes:
        """Open. Raises SealBroken when the key is missing or the value was altered or moved."""
        if len(sealed) < 2 or sealed[0] != FORMAT:
            raise SealBroken("sealed by an unknown scheme")
        end = 2 + sealed[1]
        name, nonce, body = sealed[2:end], sealed[end : end + NONCE_BYTES], sealed[end + NONCE_BYTES :]
        key = self.keys.get(name.decode("ascii", "replace"))
        if key is None:
            raise SealBroken("sealed with a key that is not at hand")
        try:
            return AESGCM(key).decrypt(nonce, body, _bound(name, place))
        except (InvalidTag, ValueError):
            raise SealBroken("altered, moved, or sealed with another key of this name") from None

    def derived(self, purpose: str) -> bytes:
        """A key of 32 bytes for another purpose, such as a keyed hash, that tells nothing about the sealing key (HKDF-SHA256)."""
        derivation = HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode())
        return derivation.derive(self.keys[self.current])


def seal_of(setting: str) -> Seal:
    """Read keys from their setting: `2026a:<base64>,2025b:<base64>`, or one base64 key alone. Raises ValueError, never showing a key."""
    keys: dict[str, bytes] = {}
    for part in setting.split(","):
        name, _, encoded = part.strip().rpartition(":")
        name = name or ONLY_KEY
        if not (name.isascii() and name.isalnum() and len(name) <= LONGEST_NAME) or name in keys:
            raise ValueError(f"names of data keys are distinct, ASCII letters and digits, at most {LONGEST_NAME}")
        keys[name] = _decoded(encoded)
    return Seal(keys, next(iter(keys)))


def _decoded(encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded.replace("-", "+").replace("_", "/") + "=" * (-len(encoded) % 4), validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError(f"a data key is {KEY_BYTES} bytes in base64")
    return key


def _bound(name: bytes, place: str) -> bytes:
    return bytes([FORMAT]) + name + b"|" + place.encode()
