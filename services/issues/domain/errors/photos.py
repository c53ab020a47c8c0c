"""What is refused about photos and drafts."""

from shared.errors import Conflict, Invalid, NotFound, Unavailable


class NotAPhoto(Invalid):
    """The bytes are no JPEG, PNG or WebP picture, or a broken one."""

    slug = "not-a-photo"
    title_zh = "不是可用的照片（JPEG、PNG 或 WebP）"
    title_en = "This is not a usable photo (JPEG, PNG or WebP)"


class PhotoTooManyPixels(Invalid):
    """More pixels than any phone makes: refused before it is unpacked."""

    slug = "photo-too-large"
    title_zh = "照片像素过多（最多 2500 万像素）"
    title_en = "The photo has too many pixels (at most 25 million)"


class PhotosBusy(Unavailable):
    """Too many photos are being looked at; in a few seconds there is room again."""

    slug = "photos-busy"
    title_zh = "照片处理繁忙，请稍后再试"
    title_en = "Too many photos at once; please try again"


class PhotoFilesUnavailable(Unavailable):
    """The place where photos lie does not answer."""

    slug = "photo-files-unavailable"
    title_zh = "照片存储暂时不可用，请稍后再试"
    title_en = "The photo store does not answer; please try again"


class PhotoNotFound(NotFound):
    """No such photo of this issue or draft."""

    title_zh = "没有这张照片"
    title_en = "No such photo"


class PhotoThere(Conflict):
    """Photos of an issue are evidence: a place that is taken stays as it is."""

    slug = "photo-there"
    title_zh = "这个位置已有照片，不能更换"
    title_en = "There is a photo in this place already; it cannot be replaced"


class PhotoRefused(Conflict):
    """This person cannot add such a photo to this issue now."""

    slug = "photo-refused"
    title_zh = "现在不能添加这类照片"
    title_en = "Such a photo cannot be added now"


class DraftNotFound(NotFound):
    """No such draft of this person."""

    title_zh = "没有这份草稿"
    title_en = "No such draft"


class DraftIdTaken(Conflict):
    """The id belongs to an issue, or to somebody else's draft."""

    slug = "draft-id-taken"
    title_zh = "这个编号已被使用"
    title_en = "This id is in use already"


class DraftIdRefused(Invalid):
    """Ids are UUIDs of version 7, so that issues lie in the order in which they were made."""

    slug = "draft-id-refused"
    title_zh = "草稿编号须为近期生成的 UUIDv7"
    title_en = "The id of a draft is a UUIDv7 that was made recently"


class TooManyDrafts(Conflict):
    """So many drafts nobody needs."""

    slug = "too-many-drafts"
    title_zh = "草稿太多，请先提交或删除"
    title_en = "Too many drafts; submit or delete some first"


class DraftIncomplete(Invalid):
    """What the draft holds is not enough for a report, or no longer valid."""

    slug = "draft-incomplete"
    title_zh = "草稿内容不完整"
    title_en = "The draft is not complete"
