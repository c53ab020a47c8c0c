"""Codes for a place: shown there as a QR code, scanned by whoever arrives. Signed, bound to one whistle, and short-lived."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from uuid import UUID

VALID_FOR = timedelta(minutes=30)
"""Long enough to walk through a compound, too short to be passed on by telephone the next day."""
SIGNATURE_BYTES = 16
PLACE_CODES = "whistle place codes"
"""What their key is derived for."""


class SignedPlaceCodes:
    """Satisfies `ports.PlaceCodes`: `<second at which it ends>.<HMAC-SHA256 of community, whistle and that second>`."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def code_for(self, community: str, whistle_id: UUID, at: datetime) -> tuple[str, datetime]:
        """A fresh code and until when it is taken."""
        until = int((at + VALID_FOR).timestamp())
        return f"{until}.{self._signature(community, whistle_id, until)}", datetime.fromtimestamp(until, UTC)

    def is_valid(self, code: str, community: str, whistle_id: UUID, at: datetime) -> bool:
        """Whether this code was given out for this whistle and its time is not over."""
        until, _, signature = code.partition(".")
        if not (until.isascii() and until.isdigit() and len(until) <= 12 and signature.isascii()):
            return False
        genuine = hmac.compare_digest(signature, self._signature(community, whistle_id, int(until)))
        return genuine and at.timestamp() < int(until)

    def _signature(self, community: str, whistle_id: UUID, until: int) -> str:
        text = f"{community}|{whistle_id}|{until}".encode()
        digest = hmac.new(self._key, text, hashlib.sha256).digest()[:SIGNATURE_BYTES]
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
