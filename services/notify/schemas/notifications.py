"""Response models of the inbox."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, Field


class NotificationView(BaseModel):
    """一条通知，中英文。One notification, in both languages."""

    id: UUID
    topic: str = Field(description="主题，如 issues、wishes、events、points。Topic")
    title_zh: str
    title_en: str
    body_zh: str
    body_en: str
    link: str = Field(description="相关事项的路径。Path of the thing it is about")
    created_at: datetime
    read_at: datetime | None = None

    @classmethod
    def of(cls, notification: Any) -> Self:
        """From a notification or a row of it."""
        return cls(**{name: getattr(notification, name) for name in cls.model_fields})


class UnreadCountView(BaseModel):
    """未读条数。How many are unread."""

    unread: int


class ReadAllView(BaseModel):
    """刚标记为已读的条数。How many were marked as read just now."""

    marked: int
