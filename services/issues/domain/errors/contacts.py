"""What is refused about contacts."""

from shared.errors import Forbidden, Invalid, NotFound, Unavailable


class ContactIncomplete(Invalid):
    """A contact is a name, a telephone number, or both."""

    title_zh = "联系方式有误"
    title_en = "The contact is not valid"


class ContactNotFound(NotFound):
    """Nobody left a contact with this issue, or its reporter is not anonymous."""

    title_zh = "这条诉求没有可查看的信息"
    title_en = "There is nothing to look at here"


class RevealNotTheirs(Forbidden):
    """Looking at this is not for this person."""

    slug = "reveal-not-yours"
    title_zh = "您无权查看"
    title_en = "This is not yours to see"


class ContactUnreadable(Unavailable):
    """The record cannot be opened with the keys at hand."""

    slug = "contact-unreadable"
    title_zh = "联系方式暂时无法解密，请联系管理员"
    title_en = "The contact cannot be opened; please call the administrator"
