"""Live minutes (会议记录): one section for the meeting and one for each item, each with a version of its own.

Two scribes may write at once, in different sections without meeting each other, in the same one by merging. Nothing is overwritten unseen.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from services.issues.domain.errors.minutes import MinutesMoved, MinutesSigned, SectionNotFound
from services.issues.domain.meeting import Meeting
from shared.principal import Principal

ONE_SITTING = timedelta(minutes=10)
"""What one person saves within this time is one version of the history: autosaving does not push out what others wrote."""
KEPT_VERSIONS = 50
"""Of each section."""
REMIND_AFTER, RED_AFTER = timedelta(days=3), timedelta(days=7)
"""When unpublished minutes are called for, and when they show red."""
MINUTES_DUE, MINUTES_OVERDUE = "minutes-due", "minutes-overdue"
"""Kinds of timers."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the minutes as it stands. `section_id` is the meeting for the general part, else the item."""

    section_id: UUID
    text: str
    version: int
    edited_by: UUID
    edited_at: datetime
    began_at: datetime
    """When this person began the sitting to which the newest version belongs."""


def check_section(meeting: Meeting, section_id: UUID, by: Principal) -> None:
    """Raise SectionNotFound where this person neither reads nor writes. The general part has the meeting's own id."""
    told = any(item.id == section_id and item.is_told_to(by) for item in meeting.items)
    if section_id != meeting.id and not told:
        raise SectionNotFound


def written(
    meeting: Meeting,
    section_id: UUID,
    text: str,
    current: Section | None,
    *,
    expected: int | None,
    by: UUID,
    at: datetime,
) -> tuple[Section, bool]:
    """The section with this text, and whether it begins a new version of the history.

    `expected` is the version the writer saw; None means that they saw nothing. The same text again changes nothing.
    """
    if meeting.minutes_signed_at is not None:
        raise MinutesSigned
    if current is None:
        if expected:
            raise MinutesMoved()
        return Section(section_id, text, 1, by, at, at), True
    if current.text == text:
        return current, False
    if (expected or 0) != current.version:
        raise MinutesMoved(version=current.version, text=current.text, by=current.edited_by, at=current.edited_at)
    same_sitting = current.edited_by == by and at - current.began_at < ONE_SITTING
    began = current.began_at if same_sitting else at
    after = replace(current, text=text, version=current.version + 1, edited_by=by, edited_at=at, began_at=began)
    return after, not same_sitting
