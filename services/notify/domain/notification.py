"""A notification: one line in the inbox of one person about one fact."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Notification:
    """Rendered in both languages when it is made, so that a later change of the template never rewrites what somebody was told."""

    id: UUID
    person: UUID
    message_id: UUID
    template: str
    template_version: int
    topic: str
    title_zh: str
    title_en: str
    body_zh: str
    body_en: str
    link: str
    created_at: datetime
    read_at: datetime | None = None
