"""The code on the screen that people scan to attend: it changes every 30 seconds and opens one meeting only.

Text: `mulin-meeting:<meeting>:<step>:<mac>`. The mac is an HMAC-SHA256 over both with a key that belongs to the meeting and never
leaves the service. A code is good for its own step and the next one, because scanning and signing in take a while.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from services.issues.domain.errors.attendance import AttendanceCodeExpired, AttendanceCodeRefused

SECONDS = 30
PREFIX = "mulin-meeting"
MAC_LENGTH = 32
"""Hexadecimal digits: 128 bits."""


@dataclass(frozen=True, slots=True)
class AttendanceCode:
    """What the screen shows now, and until when."""

    text: str
    valid_until: datetime


def code_at(key: bytes, meeting_id: UUID, now: datetime) -> AttendanceCode:
    """The code of this half minute."""
    step = _step(now)
    text = f"{PREFIX}:{meeting_id}:{step}:{_mac(key, meeting_id, step)}"
    return AttendanceCode(text, datetime.fromtimestamp((step + 1) * SECONDS, UTC))


def check_code(text: str, key: bytes, meeting_id: UUID, now: datetime) -> None:
    """Raise AttendanceCodeRefused for a code that this meeting never showed, AttendanceCodeExpired for one of earlier."""
    parts = text.strip().split(":")
    if len(parts) != 4 or parts[0] != PREFIX or parts[1] != str(meeting_id) or not _is_step(parts[2]):
        raise _refused()
    step = int(parts[2])
    if not hmac.compare_digest(parts[3].encode(), _mac(key, meeting_id, step).encode()):
        raise _refused()
    current = _step(now)
    if step > current:
        raise _refused()
    if step < current - 1:
        raise AttendanceCodeExpired(fields={"code": ("已过期", "has expired")})


def _refused() -> AttendanceCodeRefused:
    return AttendanceCodeRefused(fields={"code": ("不是本次会议的签到码", "is no code of this meeting")})


def _is_step(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 12


def _step(now: datetime) -> int:
    return int(now.timestamp()) // SECONDS


def _mac(key: bytes, meeting_id: UUID, step: int) -> str:
    return hmac.new(key, f"{meeting_id}:{step}".encode(), hashlib.sha256).hexdigest()[:MAC_LENGTH]
