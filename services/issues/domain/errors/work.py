"""What is refused about working together on an issue."""

from shared.errors import Conflict, NotFound


class TaskNotFound(NotFound):
    """This issue has no such child task."""

    title_zh = "没有这个子任务"
    title_en = "No such child task"


class CoHandlerNotFound(NotFound):
    """The organisation does not co-handle this issue."""

    title_zh = "这个单位不是协办单位"
    title_en = "This organisation does not co-handle the issue"


class TaskEnded(Conflict):
    """The child task is done or cancelled already."""

    slug = "task-ended"
    title_zh = "子任务已经结束"
    title_en = "The child task has ended"


class CannotShareWork(Conflict):
    """Work cannot be shared now, or not with this organisation."""

    slug = "cannot-share-work"
    title_zh = "现在不能这样分工"
    title_en = "The work cannot be shared like this"
