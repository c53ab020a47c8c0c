"""What minutes refuse."""

from datetime import datetime
from uuid import UUID

from shared.errors import Conflict, Invalid, NotFound, PreconditionFailed


class SectionNotFound(NotFound):
    """The meeting has no such item to write minutes about."""

    title_zh = "会议没有这一部分记录"
    title_en = "The minutes have no such section"


class MinutesMoved(PreconditionFailed):
    """Somebody else wrote in the same section meanwhile; their text comes with the refusal, so that nothing is lost."""

    slug = "minutes-moved"
    title_zh = "别人刚写过这一部分，请合并后再保存"
    title_en = "Someone else wrote in this section; merge and save again"

    def __init__(self, *, version: int = 0, text: str = "", by: UUID | None = None, at: datetime | None = None) -> None:
        super().__init__(
            f"当前是第{version}版，您的文字没有丢失，请与当前文字合并",
            f"It is at version {version} now; your text is not lost, merge it with the current one",
            members={
                "current": {
                    "version": version,
                    "text": text,
                    "edited_by": str(by) if by else None,
                    "edited_at": at.isoformat() if at else None,
                }
            },
        )


class MinutesSigned(Conflict):
    """Signed minutes are not written in any more."""

    slug = "minutes-signed"
    title_zh = "会议记录已签字，不能再改"
    title_en = "The minutes are signed and cannot be changed"


class MinutesNotReady(Conflict):
    """Minutes are signed after the meeting was closed, and published after they were signed."""

    slug = "minutes-not-ready"
    title_zh = "会议记录还不能签字或公布"
    title_en = "The minutes cannot be signed or published yet"


class MinutesPublishedAlready(Conflict):
    """What was published stays as it was published."""

    slug = "minutes-published"
    title_zh = "会议记录已经公布"
    title_en = "The minutes were published already"


class PersonalDataInMinutes(Invalid):
    """The public summary tells who somebody is or how to reach them."""

    slug = "personal-data-in-minutes"
    title_zh = "公开摘要中有个人信息"
    title_en = "The public summary holds personal data"
