"""What long work refuses."""

from shared.errors import Conflict, Forbidden, Invalid, NotFound


class JobNotFound(NotFound):
    """No such job here."""

    title_zh = "没有这个任务"
    title_en = "No such job"


class JobOver(Conflict):
    """It has ended already."""

    slug = "job-over"
    title_zh = "任务已经结束"
    title_en = "The job has ended already"


class JobNotDone(Conflict):
    """There is no file yet, or none came of it."""

    slug = "job-not-done"
    title_zh = "文件尚未生成"
    title_en = "There is no file yet"


class FileGone(NotFound):
    """Files are kept for a day."""

    slug = "file-gone"
    title_zh = "文件已过24小时，请重新导出"
    title_en = "The file was kept for 24 hours; ask for it again"


class NotUnmasked(Forbidden):
    """Personal data leaves the platform only through those who may, and with a purpose."""

    slug = "not-unmasked"
    title_zh = "您无权导出未脱敏数据"
    title_en = "You may not export unmasked data"


class PurposeMissing(Invalid):
    """Unmasked data needs a purpose, which is kept."""

    title_zh = "导出未脱敏数据须填写用途"
    title_en = "Exporting unmasked data needs a purpose"


class TooManyJobs(Conflict):
    """Enough waits already."""

    slug = "too-many-jobs"
    title_zh = "排队的任务过多，请稍后再试"
    title_en = "Too many jobs are waiting; try again later"
