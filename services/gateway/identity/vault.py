"""Phone numbers at rest: AES-256-GCM with the id of the key in front, and a keyed hash to find a number by.

Both keys follow from one secret of the installation (MULIN_DATA_KEY), so that a stolen table tells no numbers.
"""

import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from services.gateway.domain.account import SealedPhone, masked_phone, normal_phone
from services.gateway.domain.errors import PhonesNotKept
from shared.errors import Invalid

NONCE_BYTES = 12
SHORTEST_SECRET = 32


class PhoneVault:
    """Seals and opens phone numbers. Without a secret it keeps none and says so."""

    def __init__(self, secret: str | None) -> None:
        if secret is not None and len(secret) < SHORTEST_SECRET:
            raise ValueError(f"MULIN_DATA_KEY needs at least {SHORTEST_SECRET} characters")
        self._sealing = _key(secret, b"mulin phones: sealing") if secret else None
        self._finding = _key(secret, b"mulin phones: finding") if secret else None
        self._marking = _key(secret or secrets.token_hex(32), b"mulin marks")
        self._key_id = hashlib.sha256(self._sealing).digest()[:2] if self._sealing else b""

    def seal(self, text: str) -> SealedPhone:
        """Encrypt a number as it was typed; refuses what is no mobile number."""
        phone = normal_phone(text)
        if phone is None:
            raise Invalid(
                "请填写 11 位大陆手机号",
                "An 11-digit mainland mobile number is needed",
                fields={"phone": ("不是手机号", "not a mobile number")},
            )
        index = self.index_of(phone)
        if self._sealing is None or index is None:
            raise PhonesNotKept()
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = AESGCM(self._sealing).encrypt(nonce, phone.encode(), self._key_id)
        return SealedPhone(self._key_id + nonce + sealed, index)

    def index_of(self, text: str) -> bytes | None:
        """By which a number is found; None for what is no number, or when none are kept."""
        phone = normal_phone(text)
        if phone is None or self._finding is None:
            return None
        return hmac.new(self._finding, phone.encode(), hashlib.sha256).digest()

    def masked(self, cipher: bytes | None) -> str | None:
        """`138****8000`; None when there is no number or no key that opens it."""
        if cipher is None or self._sealing is None or cipher[:2] != self._key_id:
            return None
        nonce, sealed = cipher[2 : 2 + NONCE_BYTES], cipher[2 + NONCE_BYTES :]
        return masked_phone(AESGCM(self._sealing).decrypt(nonce, sealed, self._key_id).decode())

    def keyed(self, mark: bytes) -> bytes:
        """A mark that only this installation can make, from one that anybody could. Without a secret it holds until the restart."""
        return hmac.new(self._marking, mark, hashlib.sha256).digest()


def _key(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
