"""The closed vocabularies of working together on an issue."""

from services.issues.domain.words.vocabulary import Vocabulary


class TaskState(Vocabulary):
    """Where a child task stands."""

    OPEN = "open", "进行中", "open"
    DONE = "done", "已完成", "done"
    CANCELLED = "cancelled", "已取消", "cancelled"
