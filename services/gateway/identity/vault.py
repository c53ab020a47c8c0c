"""Phone numbers at rest: sealed, with a keyed hash to find a number by, so that a stolen table tells no numbers.

The keys of the hashes follow from the first data key: after a change of keys a number is found again once it has been given anew.
"""

import hashlib
import hmac
import secrets

from services.gateway.domain.account import SealedPhone, masked_phone, normal_phone
from services.gateway.domain.errors import PhonesNotKept
from shared.errors import Invalid
from shared.security.sealing import KEY_BYTES, Seal, SealBroken


class PhoneVault:
    """Seals and opens phone numbers. Without a seal it keeps none and says so."""

    def __init__(self, seal: Seal | None) -> None:
        self._seal = seal
        self._finding = seal.derived("mulin phones: finding") if seal else None
        self._marking = seal.derived("mulin marks") if seal else secrets.token_bytes(KEY_BYTES)

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
        if self._seal is None or index is None:
            raise PhonesNotKept()
        return SealedPhone(self._seal.close(phone.encode(), place=_place(index)), index)

    def index_of(self, text: str) -> bytes | None:
        """By which a number is found; None for what is no number, or when none are kept."""
        phone = normal_phone(text)
        if phone is None or self._finding is None:
            return None
        return hmac.new(self._finding, phone.encode(), hashlib.sha256).digest()

    def masked(self, phone: SealedPhone | None) -> str | None:
        """`138****8000`; None when there is no number or no key that opens it."""
        if phone is None or self._seal is None:
            return None
        try:
            return masked_phone(self._seal.open(phone.cipher, place=_place(phone.index)).decode())
        except SealBroken:
            return None

    def keyed(self, mark: bytes) -> bytes:
        """A mark that only this installation can make, from one that anybody could. Without a seal it holds until the restart."""
        return hmac.new(self._marking, mark, hashlib.sha256).digest()


def _place(index: bytes) -> str:
    return f"phone|{index.hex()}"
