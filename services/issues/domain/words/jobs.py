"""The closed vocabularies of long work."""

from services.issues.domain.words.vocabulary import Vocabulary


class JobKind(Vocabulary):
    """What takes longer than a request may."""

    ISSUES = "issues", "诉求台账（Excel）", "list of issues (Excel)"
    EVIDENCE = "evidence", "佐证材料包", "evidence pack"
    REBUILD = "rebuild", "报表重算", "reports made anew"


class JobState(Vocabulary):
    """How far it is."""

    QUEUED = "queued", "排队中", "queued"
    RUNNING = "running", "进行中", "running"
    DONE = "done", "已完成", "done"
    FAILED = "failed", "失败", "failed"
    CANCELLED = "cancelled", "已取消", "cancelled"
    EXPIRED = "expired", "已过期", "expired"


class JobFailure(Vocabulary):
    """Why it failed, in words that say what to do."""

    TOO_MANY = "too_many", "超过5万条，请缩小范围后重试", "more than 50,000 rows; narrow the filter"
    TOO_LARGE = "too_large", "文件超过32MB，请缩小范围后重试", "the file is larger than 32 MB; narrow the filter"
    GAVE_UP = "gave_up", "多次尝试均未完成，请联系运维", "tried several times without success; tell the operators"
