"""A name in both languages, as views show it."""

from pydantic import BaseModel


class Label(BaseModel):
    """中文与英文名称。A name in Chinese and English."""

    zh: str
    en: str
