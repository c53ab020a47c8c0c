"""Business errors: what went wrong, in words a person can act on. No framework; edges translate `kind` once.

`shared.http.problems` maps a kind to an HTTP status, `shared.messaging.consumers` maps it to retry or dead letter.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar


class Kind(StrEnum):
    """What sort of refusal an error is. Each edge has one table from kind to its own language."""

    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    FORBIDDEN = "forbidden"
    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    PRECONDITION = "precondition"
    GONE = "gone"
    LIMITED = "limited"
    UNAVAILABLE = "unavailable"


class AppError(Exception):
    """Base of all refusals. Subclasses set `kind`, a stable `slug` in kebab case and a title in both languages."""

    kind: ClassVar[Kind] = Kind.INVALID
    slug: ClassVar[str] = "refused"
    title_zh: ClassVar[str] = "请求被拒绝"
    title_en: ClassVar[str] = "The request was refused"

    def __init__(
        self,
        detail_zh: str = "",
        detail_en: str = "",
        *,
        fields: Mapping[str, tuple[str, str]] | None = None,
        retry_after_seconds: int | None = None,
        members: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(detail_en or detail_zh or self.title_en)
        self.detail_zh = detail_zh or self.title_zh
        self.detail_en = detail_en or detail_zh or self.title_en
        self.fields = fields or {}
        """Field path -> what is wrong with it as (zh, en), for errors about input."""
        self.retry_after_seconds = retry_after_seconds
        self.members = members or {}
        """What else the problem document tells, by name (extension members of RFC 9457), such as the text that was there before."""

    def title(self, language: str) -> str:
        """The title in `zh` or `en`."""
        return self.title_en if language == "en" else self.title_zh

    def detail(self, language: str) -> str:
        """The explanation in `zh` or `en`."""
        return self.detail_en if language == "en" else self.detail_zh

    def field_texts(self, language: str) -> dict[str, str]:
        """Field path -> what is wrong with it in `zh` or `en`."""
        return {path: en if language == "en" else zh for path, (zh, en) in self.fields.items()}


class NotFound(AppError):
    """Nothing here by that id, or it belongs to somebody else: both answer the same."""

    kind = Kind.NOT_FOUND
    slug = "not-found"
    title_zh = "没有找到"
    title_en = "Not found"


class Conflict(AppError):
    """The thing is in a state in which this cannot be done."""

    kind = Kind.CONFLICT
    slug = "conflict"
    title_zh = "当前状态不允许这样操作"
    title_en = "Not possible in the current state"


class ConcurrentChange(AppError):
    """Somebody else changed the same thing between our reading and our saving."""

    kind = Kind.CONFLICT
    slug = "concurrent-change"
    title_zh = "内容刚被别人修改，请刷新后重试"
    title_en = "Someone else just changed this; reload and try again"


class PreconditionFailed(AppError):
    """The `If-Match` version is not the current one."""

    kind = Kind.PRECONDITION
    slug = "version-mismatch"
    title_zh = "内容已被更新，请刷新后重试"
    title_en = "This is not the current version; reload and try again"


class Forbidden(AppError):
    """Known person, but not allowed to do this."""

    kind = Kind.FORBIDDEN
    slug = "forbidden"
    title_zh = "没有权限"
    title_en = "Not allowed"


class Invalid(AppError):
    """The input breaks a rule; `fields` says which."""

    kind = Kind.INVALID
    slug = "invalid-input"
    title_zh = "填写的内容有误"
    title_en = "The input is not valid"


class Unauthenticated(AppError):
    """No valid proof of who is asking."""

    kind = Kind.UNAUTHENTICATED
    slug = "unauthenticated"
    title_zh = "请先登录"
    title_en = "Please log in"


class Unavailable(AppError):
    """A part we need does not answer just now; trying again later helps."""

    kind = Kind.UNAVAILABLE
    slug = "unavailable"
    title_zh = "服务暂时不可用，请稍后再试"
    title_en = "Temporarily unavailable; please try again"


class TooMany(AppError):
    """A limit of requests or resources is reached."""

    kind = Kind.LIMITED
    slug = "too-many-requests"
    title_zh = "操作过于频繁，请稍后再试"
    title_en = "Too many requests; please wait"
