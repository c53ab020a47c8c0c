"""Blind indexes of telephone numbers: whoever holds the keys finds a number or its last digits again, a stolen database tells neither.

A keyed hash of the community and the number. It is made with the first data key; looking up tries every key, so that what an
earlier key indexed is still found.
"""

import hmac
from dataclasses import replace

from services.issues.domain.contact import TAIL
from shared.security.sealing import Seal

WHOLE, LAST = "issues contact phone", "issues contact phone tail"


def phone_index(seal: Seal, community: str, phone: str) -> bytes:
    """Index of a whole number in its normal form."""
    return _hashed(seal, WHOLE, community, phone)


def tail_index(seal: Seal, community: str, phone: str) -> bytes:
    """Index of the last four digits of a number."""
    return _hashed(seal, LAST, community, phone[-TAIL:])


def phone_indexes(seal: Seal, community: str, phone: str) -> list[bytes]:
    """Under which indexes a whole number may have been kept."""
    return [phone_index(replace(seal, current=name), community, phone) for name in seal.keys]


def tail_indexes(seal: Seal, community: str, tail: str) -> list[bytes]:
    """Under which indexes numbers with these last four digits may have been kept."""
    return [tail_index(replace(seal, current=name), community, tail) for name in seal.keys]


def _hashed(seal: Seal, purpose: str, community: str, digits: str) -> bytes:
    return hmac.digest(seal.derived(purpose), f"{community}|{digits}".encode(), "sha256")
