"""What is refused about cards, joining and urging."""

from shared.errors import Conflict, TooMany


class NotPublishable(Conflict):
    """This issue, or this part of it, must stay private."""

    slug = "not-publishable"
    title_zh = "不能公开"
    title_en = "This cannot be made public"


class NotJoinable(Conflict):
    """Nothing to join: the matter is finished, or it is one's own."""

    slug = "not-joinable"
    title_zh = "不能加入这条诉求"
    title_en = "This issue cannot be joined"


class TooEarlyToUrge(Conflict):
    """No deadline has passed yet."""

    slug = "too-early-to-urge"
    title_zh = "还没有超过办理时限，暂不能催办"
    title_en = "No deadline has passed yet"


class UrgedToday(TooMany):
    """Once a day is enough."""

    slug = "urged-today"
    title_zh = "您今天已经催办过，请明天再催"
    title_en = "You have urged this today already; please wait until tomorrow"
