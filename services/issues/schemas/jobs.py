"""What callers send and read about exports and other long work."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from services.issues.domain.job import Job
from services.issues.domain.words.issues import ProposalKind, Source, State
from services.issues.domain.words.jobs import JobFailure, JobKind, JobState
from services.issues.domain.words.vocabulary import words
from services.issues.schemas.issue_bodies import CategoryCode
from services.issues.schemas.issue_views import Label, View
from shared.http.bodies import Day, LineText, StrictBody


class ExportBody(StrictBody):
    """导出：issues 为诉求台账（列表的当前筛选），evidence 为佐证材料包（须有起止日期）。What to export; the filter is that of the list."""

    kind: Literal[JobKind.ISSUES, JobKind.EVIDENCE]
    state: State | None = None
    category: CategoryCode | None = None
    responsible_organisation: UUID | None = None
    building_id: UUID | None = None
    compound_id: UUID | None = None
    grid_id: UUID | None = None
    source: Source | None = None
    proposal: ProposalKind | None = None
    reported_by: Literal["me"] | None = None
    brought_up: bool = False
    overdue_level: Annotated[int, Field(ge=50, le=300)] | None = None
    number: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{1,30}$", max_length=30)] | None = None
    first_day: Day | None = None
    last_day: Day | None = None
    unmasked: bool = Field(
        False, description="未脱敏：须有权限并填写用途。Needs permission and a purpose, which is kept"
    )
    purpose: LineText | None = None

    @model_validator(mode="after")
    def fits(self) -> Self:
        """A pack has a period, and a period does not run backwards."""
        if self.kind is JobKind.EVIDENCE and (self.first_day is None or self.last_day is None):
            raise PydanticCustomError("period_missing", "an evidence pack needs first_day and last_day")
        if self.first_day is not None and self.last_day is not None and self.last_day < self.first_day:
            raise PydanticCustomError("period_backwards", "last_day lies before first_day")
        return self


class CancelJobBody(StrictBody):
    """取消，无需填写。Nothing to fill in."""


class FileView(View):
    """生成的文件。The file, and until when it can be downloaded."""

    name: str
    size: int
    sha256: str
    expires_at: datetime | None
    link: str


class JobView(View):
    """任务进度。How far a job is."""

    id: UUID
    kind: JobKind
    label: Label
    state: JobState
    state_label: Label
    asked_by: UUID
    asked_at: datetime
    unmasked: bool
    purpose: str | None
    rows_done: int
    rows_total: int | None
    failure: JobFailure | None
    failure_label: Label | None
    finished_at: datetime | None
    file: FileView | None
    result: dict[str, int | str | None]
    version: int

    @classmethod
    def of(cls, job: Job, community: str) -> "JobView":
        """The job as callers see it."""
        file = None
        if job.file is not None:
            link = f"/api/v1/communities/{community}/exports/{job.id}/file"
            file = FileView.model_construct(
                name=job.file.name,
                size=job.file.size,
                sha256=job.file.sha256,
                expires_at=job.expires_at,
                link=link,
            )
        return cls.model_construct(
            id=job.id,
            kind=job.kind,
            label=Label.of(words(job.kind)),
            state=job.state,
            state_label=Label.of(words(job.state)),
            asked_by=job.asked_by,
            asked_at=job.asked_at,
            unmasked=job.unmasked,
            purpose=job.purpose,
            rows_done=job.rows_done,
            rows_total=job.rows_total,
            failure=job.failure,
            failure_label=Label.of(words(job.failure)) if job.failure else None,
            finished_at=job.finished_at,
            file=file,
            result=dict(job.result),
            version=job.version,
        )
